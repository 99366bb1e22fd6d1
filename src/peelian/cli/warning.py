"""The command `warn`: early signs as of a day, silent when nothing stands out."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from peelian.cli.progress import progress
from peelian.cli.state import STATE, context


def warn(
    as_of: Annotated[str, typer.Option(help="Only what was known on this day is used.")],
    target: Annotated[str, typer.Option(help="What to watch.")] = "asb",
    area: Annotated[str | None, typer.Option(help="A force or area code, or an area file.")] = None,
    every: Annotated[
        str | None, typer.Option(help="week or month (default: week, or month where days are not known).")
    ] = None,
    seed: Annotated[int, typer.Option(help="Same seed, same answer.")] = 1,
) -> None:
    """Raise early warnings: few, each with its place, start, strength and how often such a one is false."""
    from peelian.cli.dates import day
    from peelian.cli.forecasts import every_of
    from peelian.cli.warning_lines import raised_json, raised_lines
    from peelian.pipeline.warning.raising import WarnRequest
    from peelian.pipeline.warning.raising import warn as run

    period = every_of(every) if every is not None else None
    request = WarnRequest(day(as_of, "as-of"), target, area, period, seed)
    with progress("warn") as tick:
        made = run(context(), request, tick)
    print(json.dumps(raised_json(made), default=str) if STATE.json else "\n".join(raised_lines(made)))
