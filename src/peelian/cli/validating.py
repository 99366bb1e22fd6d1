"""The command `validate`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from peelian.cli.progress import progress
from peelian.cli.state import STATE, context


def validate(
    target: Annotated[str, typer.Option(help="What to validate.")] = "knife-violence",
    every: Annotated[str, typer.Option(help="week, or month where the labels have no days.")] = "week",
    window: Annotated[
        int | None, typer.Option(help="Periods in a window (default 13 weeks, 3 months).")
    ] = None,
    windows: Annotated[int, typer.Option(help="How many of the last windows to hold back.")] = 4,
    area: Annotated[str | None, typer.Option(help="A force or area code, or an area file.")] = None,
    model: Annotated[str | None, typer.Option(help="A forecaster (default: the served one).")] = None,
    out: Annotated[Path | None, typer.Option(help="Also write the answer here (JSON).")] = None,
    seed: Annotated[int, typer.Option(help="Same seed, same answer.")] = 1,
) -> None:
    """Score the forecast on this force's own labels; totals only, with their power: safe to return."""
    from peelian.cli.forecasts import every_of
    from peelian.pipeline.validating import ValidationRequest
    from peelian.pipeline.validating import validate as run

    period = every_of(every)
    wide = window or {"week": 13, "month": 3}.get(period, 91)
    request = ValidationRequest(target, period, wide, windows, area, model, seed)
    with progress("validate") as tick:
        made = run(context("evaluation"), request, tick)
    if out is not None:
        out.write_text(json.dumps(made.body, indent=1))
    if STATE.json:
        print(json.dumps(made.body))
        return
    print("\n".join(made.lines))
    print(f"\nKept in {made.path}" + (f"; also {out}" if out else "") + ". It holds these totals and no row.")
