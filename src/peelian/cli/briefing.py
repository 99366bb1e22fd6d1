"""The command of briefings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from peelian.cli.progress import progress
from peelian.cli.state import STATE, context


def briefing(
    area: Annotated[str | None, typer.Option(help="An area's code; default: that of the newest run.")] = None,
    shift: Annotated[str, typer.Option(help="A shift's name, or a step's number (0 is the first).")] = "",
    target: Annotated[str | None, typer.Option(help="What is counted, such as violence.")] = None,
    within: Annotated[
        str, typer.Option(help="A part of it, by name or code: a ward, beat, LSOA or own area.")
    ] = "",
    out: Annotated[Path | None, typer.Option(help="A PDF file to write: two pages.")] = None,
) -> None:  # fmt: skip
    """Give an area's briefing: what to read out, and with --out its two pages as a PDF."""
    from peelian.pipeline.briefing import BriefingRequest, make_briefing

    with progress("briefing") as tick:
        made = make_briefing(
            context("prevention"), BriefingRequest(area, shift, target, out, within=within), tick
        )
    if STATE.json:
        print(json.dumps({
            "run": made.run.id, "area": made.run.card["area"]["name"], "step": made.step,
            "lead": list(made.lead), "out": str(out) if out else None,
            "places": [one.row.as_dict() | {"trend": one.trend} for one in made.tops],
            "recent": [vars(one) for one in made.recent.stretches], "note": made.recent.note,
            "repeats": list(made.repeats.sentences), "cannot": list(made.cannot),
        }))  # fmt: skip
        return
    print("\n".join([*made.lead, *([str(out)] if out else [])]))
