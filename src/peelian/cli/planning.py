"""The command `plan`: which places get the visits, beside two plainer plans; a draft until it is decided."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from peelian.cli.progress import progress
from peelian.cli.state import STATE, context

if TYPE_CHECKING:
    from peelian.pipeline.planning.making import Planned

_SHOWN = 20


def plan(
    visits: Annotated[int, typer.Option(help="How many visits there are to give, in all.")],
    target: Annotated[str, typer.Option(help="What harm to cover.")] = "violence",
    run: Annotated[
        str | None, typer.Option(help="A forecast run (default: the newest of the target).")
    ] = None,
    area: Annotated[str | None, typer.Option(help="A force or area code.")] = None,
    most_a_place: Annotated[int | None, typer.Option(help="Most visits one place may get.")] = None,
    cap_each_area: Annotated[
        float | None, typer.Option(help="Most share of all visits that one larger area may get, such as 0.1.")
    ] = None,
    hold_out: Annotated[
        float,
        typer.Option(help="Share of places drawn at random and not planned, to learn whether it worked."),
    ] = 0.0,
    exclude: Annotated[str, typer.Option(help="Places or areas left out, by comma.")] = "",
    seed: Annotated[int, typer.Option(help="Same seed, same places held out.")] = 1,
    for_evaluation: Annotated[
        bool, typer.Option("--for-evaluation", help="Allow a target that may include homes; nothing is kept.")
    ] = False,
) -> None:
    """Choose places for visits, exactly, with a prevention option for each; keep the plan as a draft."""
    from peelian.pipeline.planning.making import PlanRequest, make_plan

    request = PlanRequest(
        visits, target, area, run, most_a_place, cap_each_area, hold_out,
        tuple(one.strip() for one in exclude.split(",") if one.strip()), seed, for_evaluation,
    )  # fmt: skip
    with progress("plan") as tick:
        made = make_plan(context(), request, tick)
    print(json.dumps(_json(made), default=str) if STATE.json else "\n".join(lines(made)))


def lines(made: Planned) -> list[str]:
    """Say a plan in words and a table."""
    plan, rows = made.plan, made.rows
    total = float(made.choice.candidates.harm.sum())
    out = [
        f"{len(plan.visits)} visits to {rows['place'].n_unique()} places, from run {made.run.run_id}: "
        f"{plan.covered:.1f} of {total:.1f} expected events covered ({100 * plan.covered / total:.0f} %); "
        f"at most {100 * plan.gap:.2f} % short of the best.",
        "As many visits by last year's count would cover "
        f"{plan.rivals['last-year-count']:.1f}, spread equally {plan.rivals['equal-spread']:.1f}.",
        "",
        f"{'place':34}{'expected':>9}{'likely':>12}{'last year':>10}  {'pattern':9}"
        "prevention option (who leads)",
    ]
    for row in rows.head(_SHOWN).iter_rows(named=True):
        likely = f"{row['low']:.0f} to {row['high']:.0f}"
        out.append(
            f"{row['name'][:33]:34}{row['expected']:9.2f}{likely:>12}{row['last_year']:10.0f}  "
            f"{row['pattern']:9}{_option(made, row['place'])}"
        )
    if rows.height > _SHOWN:
        out.append(f"... and {rows.height - _SHOWN} more")
    left = [made.choice.candidates.names[k] for k in plan.uncovered[:5]]
    out += ["", f"Left uncovered, most harm first: {', '.join(left) or 'nothing'}."]
    if plan.held_out:
        out.append(f"Held out at random, to learn whether it worked: {len(plan.held_out)} places.")
    out += [f"Note: {one.rstrip('.')}." for one in (*made.choice.notes, *plan.notes)]
    kept = f"Draft {made.id}: nothing is tasked until a decision is recorded: peelian decide"
    return [*out, kept if made.id else "For evaluation only: nothing is kept."]


def _option(made: Planned, place: str) -> str:
    offer = made.offers[place]
    fit = [one for one in offer["options"] if one["prevention"]]
    told = fit[:1] + [one for one in fit[1:] if one["specific"]][:1]
    return "; ".join(f"{one['kind']} ({one['lead_agency']})" for one in told) or str(offer["statement"])


def _json(made: Planned) -> dict[str, object]:
    plan = made.plan
    return {
        "plan": made.id, "run": made.run.run_id, "covered": plan.covered, "gap": plan.gap,
        "rivals": plan.rivals,
        "visits": made.rows.to_dicts(), "options": made.offers,
        "held_out": [made.choice.candidates.ids[k] for k in plan.held_out],
        "notes": [*made.choice.notes, *plan.notes],
    }  # fmt: skip
