"""Commands about the gate: every verdict kept, and a new fit held against the one in force."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from peelian.cli.progress import progress
from peelian.cli.state import STATE, context

app = typer.Typer(help="Which model and fit are served, why, and since when.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Keep the sub-commands together."""


@app.command("list")
def list_(
    area: Annotated[str | None, typer.Option(help="An area's code.")] = None,
    target: Annotated[str | None, typer.Option(help="A target.")] = None,
    every: Annotated[str | None, typer.Option(help="month, week or day.")] = None,
) -> None:
    """List every verdict, newest first; an asterisk marks those in force."""
    from peelian.pipeline.verdicts import history

    rows = history(context(), area, target, every)
    if STATE.json:
        print(json.dumps(rows))
        return
    if not rows:
        print("No verdict is kept here. Reach one with: peelian backtest")
        return
    for row in rows:
        mark = "*" if row["in_force"] else " "
        what = f"{row['target']} by {row['every']}, window {row['window']}, horizon {row['horizon']}"
        print(f"{mark} {row['decided'][:16]}  {row['kind']}: {what}, {row['area']}")
        print(f"    {row['sentence']}")


@app.command()
def retrain(
    target: Annotated[str, typer.Option(help="What is forecast.")],
    every: Annotated[str, typer.Option(help="month, week or day.")],
    origin: Annotated[str, typer.Option(help="First day of the next forecast period.")],
    window: Annotated[int, typer.Option(help="Periods summed in each forecast.")] = 1,
    area: Annotated[str | None, typer.Option(help="A force or area code, or an area file.")] = None,
    origins: Annotated[
        int | None, typer.Option(help="Last origins to compare on (6 months, 13 weeks, 28 days).")
    ] = None,
    first: Annotated[bool, typer.Option("--first", help="Start anew; compare with nothing.")] = False,
    seed: Annotated[int, typer.Option(help="Same seed, same fit.")] = 1,
) -> None:
    """Fit the served model anew; serve the new fit only if it is no worse on the last origins."""
    from peelian.cli.forecasts import every_of
    from peelian.domain.time import parse_date
    from peelian.pipeline.retraining import RetrainRequest
    from peelian.pipeline.retraining import retrain as run

    day = parse_date(origin, name="origin")
    request = RetrainRequest(target, every_of(every), day, window, area, origins, first, seed)
    with progress("retrain") as tick:
        made = run(context("evaluation"), request, tick)
    if STATE.json:
        print(json.dumps({"replaced": made.replaced, "sentence": made.sentence, "fit": made.fit,
                          "runs": list(made.runs), "comparison": made.comparison,
                          "fairness": made.fairness}))  # fmt: skip
        return
    print(made.sentence)
    print(f"Runs kept: {', '.join(made.runs)} (the last is served).")
    print(made.fairness)
