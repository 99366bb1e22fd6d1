"""The commands about whether it worked: evaluate an intervention; power, draw and lock before starting."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from peelian.cli.forecasts import every_of
from peelian.cli.progress import progress
from peelian.cli.state import STATE, context

app = typer.Typer(
    help="Before starting: power, a draw that reproduces, a design locked.", no_args_is_help=True
)


@app.callback()
def group() -> None:
    """Keep the sub-commands together."""


def evaluate_intervention(
    id_: Annotated[str, typer.Argument(metavar="ID", help="An entry of the register.")],
    target: Annotated[str, typer.Option(help="violence, robbery, asb, ...")] = "violence",
    method: Annotated[
        str, typer.Option(help="auto, wdd, event-study, matched, synthetic or randomised.")
    ] = "auto",
    every: Annotated[str, typer.Option(help="month, week or day.")] = "month",
    before: Annotated[int, typer.Option(help="Periods of history at most.")] = 24,
    buffer: Annotated[float, typer.Option(help="Width of the ring around, in metres; 0 for none.")] = 500.0,
    same_kind: Annotated[
        bool, typer.Option("--same-kind", help="Pool all standing entries of its kind in the area.")
    ] = False,
    design: Annotated[
        str | None, typer.Option(help="A locked design: it says what is measured, whatever else is given.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of placebo draws.")] = 1,
) -> None:
    """Say whether harm fell or moved, how sure that is, and what was not measured. The verdict is kept."""
    from peelian.pipeline.evaluating.asked import Asked
    from peelian.pipeline.evaluating.evaluating import evaluate_intervention as run

    asked = Asked(target, method, every_of(every), before, buffer, same_kind, seed=seed)
    with progress("evaluation") as tick:
        made = run(context(), id_, asked, design, tick)
    print(json.dumps(made) if STATE.json else "\n".join(verdict_lines(made)))


def verdict_lines(made: dict[str, Any]) -> list[str]:
    """Say a kept verdict in lines."""
    return [
        f"{made['title']} ({made['intervention']}), {made['from']} to {made['to']} by {made['every']}.",
        *made["lines"],
        "Not measured:",
        *(f"  {one}" for one in made["not_measured"]),
    ]


@app.command("power")
def power_(
    treated: Annotated[int, typer.Option(help="Treated places.")],
    control: Annotated[int, typer.Option(help="Untreated places.")],
    rate: Annotated[float, typer.Option(help="Expected events a place and period.")],
    before: Annotated[int, typer.Option(help="Periods before.")] = 12,
    after: Annotated[int, typer.Option(help="Periods after.")] = 6,
    fall: Annotated[float | None, typer.Option(help="Fall to find, in per cent (default: seek it).")] = None,
    dispersion: Annotated[float, typer.Option(help="0 for Poisson counts.")] = 0.0,
    method: Annotated[str, typer.Option(help="event-study, randomised or wdd.")] = "event-study",
    worlds: Annotated[int, typer.Option(help="Worlds to simulate.")] = 400,
    seed: Annotated[int, typer.Option(help="Seed of the worlds.")] = 1,
) -> None:
    """Say how often a study of this size would find a fall, before it starts."""
    import numpy as np

    from peelian.domain.errors import Misuse
    from peelian.plan.effects.power import Study, power, smallest_found

    if min(treated, control) < 1 or rate <= 0 or (fall is not None and not 0 < fall < 100):
        raise Misuse("figures make no study", expected="places, a rate above 0, a fall between 0 and 100 %")
    study = Study(np.full(treated + control, rate), treated, before, after, dispersion)
    if fall is None:
        made = smallest_found(study, method=method, worlds=worlds, seed=seed)
    else:
        made = power(study, 1 - fall / 100, method=method, worlds=worlds, seed=seed)
    if STATE.json:
        print(json.dumps(made.__dict__ if made else None))
    elif made is None:
        print("Even a fall of 90 % would be found less than 80 % of the time. Do not start it as a test.")
    else:
        print(
            f"A fall of {100 * (1 - made.ratio):.0f} % would be found {100 * made.power:.0f} % of the time "
            f"({100 * made.low:.0f} to {100 * made.high:.0f} %, {made.worlds:,} worlds, {made.method})."
        )


@app.command()
def randomise(
    path: Annotated[Path, typer.Argument(help="A CSV file with the columns place and count.")],
    seed: Annotated[int, typer.Option(help="Keep it: the same seed gives the same draw.")],
    share: Annotated[float, typer.Option(help="Share to be treated.")] = 0.5,
    stratum: Annotated[int, typer.Option(help="Places of like count that are drawn from together.")] = 6,
) -> None:
    """Draw the treated places within strata of like count; prints the draw as JSON, for the design."""
    from peelian.pipeline.evaluating.designing import draw_from

    print(json.dumps(draw_from(path, share=share, stratum=stratum, seed=seed)))


@app.command()
def lock(
    path: Annotated[Path, typer.Argument(help="The design as JSON: target, method, and its draw if any.")],
    id_: Annotated[str, typer.Option("--id", help="Its name from now on.")],
    by: Annotated[str, typer.Option(help="The role that locks it, never a name.")],
    intervention: Annotated[str, typer.Option(help="The entry it is for, when there is one.")] = "",
) -> None:
    """Lock a design by its SHA-256 before the result is known; a changed one is detected."""
    from peelian.domain.errors import Misuse
    from peelian.pipeline.evaluating.designing import lock as run

    try:
        design = json.loads(path.read_text())
    except (OSError, ValueError):
        raise Misuse("the design cannot be read", expected="a JSON file") from None
    if not isinstance(design, dict):
        raise Misuse("the design is not a map", expected='{"target": ..., "method": ...}')
    made = run(context(), id_, design, by_role=by, intervention=intervention)
    if STATE.json:
        print(json.dumps({"id": made.id, "sha256": made.sha256, "locked": str(made.locked)}))
    else:
        print(f"Design {made.id} locked at {made.locked:%Y-%m-%d %H:%M}: sha256 {made.sha256}")
