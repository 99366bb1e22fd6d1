"""A briefing as a file: repeats worked out where they are not yet, then the two pages set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from peelian.api.briefing import Briefing, briefing, step_asked
from peelian.api.briefing_pdf import pdf
from peelian.api.level_run import level_run, opens
from peelian.api.named_areas import area_named
from peelian.api.part_run import part_of
from peelian.api.run_folder import read_run
from peelian.domain.actor import Verb
from peelian.domain.errors import Misuse, NotFound, PeelianError
from peelian.domain.progress import Tick, no_tick
from peelian.pipeline.briefing_repeats import FILE, write_repeats
from peelian.pipeline.context import Context
from peelian.store.runs import RunRow, latest_run


@dataclass(frozen=True)
class BriefingRequest:
    """What was asked for: the newest run of an area and target, a shift or step of it, and where to.

    `within` names a part of the area: a ward, beat, LSOA or area of the force's own.
    """

    area: str | None = None
    shift: str = ""
    target: str | None = None
    out: Path | None = None
    on: date | None = None
    within: str = ""


def make_briefing(ctx: Context, request: BriefingRequest, tick: Tick = no_tick) -> Briefing:
    """Give the briefing, written as a PDF where `out` names a file.

    Raises:
        NotFound: there is no forecast of the area and target, or no area of it is called so.
        Misuse: no such shift, or the file's folder does not exist.
    """
    if request.out is not None and not request.out.resolve().parent.is_dir():
        raise Misuse("there is no folder for that file", expected="--out, a file in a folder that exists")
    row = latest_run(ctx.ws, request.area, request.target)
    if row is None:
        raise NotFound("there is no forecast of this area here", do="make one with `peelian forecast`")
    folder = ctx.ws.runs / row.run_id
    repeats_beside(ctx, row, tick)
    run = read_run(folder)
    run = (
        part_of(run, area_named(ctx.ws, run, request.within))
        if request.within
        else level_run(run, opens(run))
    )
    verb: Verb = "consultation" if request.out is None else "disclosure"
    ctx.consult(verb, "briefing", area=row.area, window=row.run_id)
    tick("setting the pages", 0.9)
    made = briefing(ctx.ws, run, step_asked(run, request.shift), request.on)
    if request.out is not None:
        request.out.write_bytes(pdf(made))
    return made


def repeats_beside(ctx: Context, row: RunRow, tick: Tick = no_tick) -> None:
    """Work a run's repeats out where they are not; a run whose data are gone is briefed without them."""
    if (ctx.ws.runs / row.run_id / FILE).is_file():
        return
    try:
        write_repeats(ctx, row, tick)
    except PeelianError as error:
        tick(f"no repeats: {error.what}", 0.8)
