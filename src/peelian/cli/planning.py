"""The command `plan`: make one, print a file of teams, give a decided one out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from peelian.cli.planning_lines import lines, plan_json
from peelian.cli.progress import progress
from peelian.cli.state import STATE, context

app = typer.Typer(
    help="Choose places for visits, exactly, with a prevention option for each; keep the plan as a draft."
)


@app.callback(invoke_without_command=True)
def plan(
    asked: typer.Context,
    visits: Annotated[
        int, typer.Option(help="How many visits there are to give, in all (0: as many as the teams can).")
    ] = 0,
    resources: Annotated[Path | None, typer.Option(help="A file of teams and rules; see --example.")] = None,
    target: Annotated[str, typer.Option(help="What harm to cover.")] = "violence",
    run: Annotated[
        str | None, typer.Option(help="A forecast run (default: the newest of the target).")
    ] = None,
    area: Annotated[str | None, typer.Option(help="A force or area code.")] = None,
    areas: Annotated[
        str | None,
        typer.Option(help="Plan for your own areas, not squares: hotspot, beat, order, licensing."),
    ] = None,
    shifts: Annotated[
        bool, typer.Option("--shifts", help="Share the run's first days over your own shifts.")
    ] = False,
    days: Annotated[int, typer.Option(help="How many days, where a run is shared over shifts.")] = 7,
    most_a_place: Annotated[int | None, typer.Option(help="Most visits one place may get.")] = None,
    cap_each_area: Annotated[
        float | None, typer.Option(help="Most share of all visits that one larger area may get, such as 0.1.")
    ] = None,
    hold_out: Annotated[
        float | None,
        typer.Option(help="Share of places drawn at random and not planned, to learn whether it worked."),
    ] = None,
    exclude: Annotated[str, typer.Option(help="Places or areas left out, by comma.")] = "",
    contiguous: Annotated[
        bool, typer.Option("--contiguous", help="Chosen places hang together (of the busiest 500).")
    ] = False,
    share_by_harm: Annotated[
        str | None,
        typer.Option(
            help="How far an area's share of visits may be from its share of harm, such as 0.05; or off."
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Same seed, same places held out.")] = None,
    for_evaluation: Annotated[
        bool, typer.Option("--for-evaluation", help="Allow a target that may include homes; nothing is kept.")
    ] = False,
    example: Annotated[
        bool, typer.Option("--example", help="Print a file of teams and rules to fill in.")
    ] = False,
) -> None:
    """Choose places for visits, exactly, with a prevention option for each; keep the plan as a draft."""
    if asked.invoked_subcommand is not None:
        return
    from peelian.pipeline.planning.making import PlanRequest, make_plan
    from peelian.pipeline.planning.resources import example as printed

    if example:
        print(printed(), end="")
        return
    request = PlanRequest(
        visits, target, area, run, most_a_place, cap_each_area, hold_out,
        tuple(one.strip() for one in exclude.split(",") if one.strip()), seed, for_evaluation,
        str(resources) if resources else None, areas, shifts, days, contiguous, share_by_harm,
    )  # fmt: skip
    with progress("plan") as tick:
        made = make_plan(context(), request, tick)
    print(json.dumps(plan_json(made), default=str) if STATE.json else "\n".join(lines(made)))


@app.command()
def export(
    plan_id: Annotated[str, typer.Argument(metavar="ID", help="The plan, as /plans shows it.")],
    decision: Annotated[int | None, typer.Option(help="The decision by which it may leave.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="The file to write (default: ID.csv or ID.geojson).")
    ] = None,
    form: Annotated[str, typer.Option("--format", help="csv or geojson.")] = "csv",
) -> None:
    """Give a decided plan out, as a table or for a map. Refused without a decision that stands."""
    from peelian.api.plan_leaving import leave
    from peelian.store.plans import get_plan

    ctx = context()
    ctx.consult("disclosure", f"plan {form}", area=get_plan(ctx.ws, plan_id).area, window=plan_id[:80])
    body = leave(ctx.ws, plan_id, decision, form)
    path = out or Path(f"{plan_id}.{form}")
    path.write_text(body, encoding="utf-8", newline="")
    print(json.dumps({"file": str(path), "plan": plan_id}) if STATE.json else f"Written: {path}")
