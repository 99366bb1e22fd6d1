"""Raise early warnings: series, detectors, one answer; few, and silent when nothing stands out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

import numpy as np

from peelian.domain.area import Area
from peelian.domain.contracts import Detector
from peelian.domain.errors import Misuse, Refused
from peelian.domain.progress import Tick, no_tick
from peelian.domain.series import Series
from peelian.domain.target import target_named
from peelian.domain.time import EVERY, Every, london_midnight
from peelian.domain.warning import EarlyWarning
from peelian.pipeline.areas import forces_of, resolve_area
from peelian.pipeline.context import Context
from peelian.pipeline.panels import Panels, load_panels
from peelian.pipeline.warning.again import as_held
from peelian.pipeline.warning.combining import combined, parents_of
from peelian.pipeline.warning.detecting import Looked, look
from peelian.pipeline.warning.expected import with_expected
from peelian.pipeline.warning.keeping import keep
from peelian.pipeline.warning.naming import named, names_of
from peelian.pipeline.warning.own_past import own_past, past_file
from peelian.pipeline.warning.past import past_warnings, with_similar
from peelian.pipeline.warning.series import Watched, watched
from peelian.store.agreements import agreements_read
from peelian.store.catalogue import reading
from peelian.warn import CORROBORATING, DETECTORS, threshold


@dataclass(frozen=True)
class WarnRequest:
    """What was asked for; without `every` weeks are watched, or months where nothing finer is known."""

    as_of: date
    target: str = "asb"
    area: str | None = None
    every: Every | None = None
    seed: int = 1
    for_evaluation: bool = False
    """Allow a target whose source cannot separate homes: to be scored, never kept or shown to a team."""


@dataclass(frozen=True, eq=False)
class Raised:
    """The warnings as of a day, strongest first, and what was watched to raise so few."""

    area: str
    target: str
    every: Every
    as_of: date
    judged: tuple[date, date]
    watched: int
    silent: Mapping[str, int]
    """Places that cannot be judged, by why."""
    unable: Mapping[str, str]
    """Detectors that could say nothing, and why."""
    warnings: tuple[EarlyWarning, ...]
    kept: int = 0
    detectors: tuple[str, ...] = field(default=())


def warn(ctx: Context, request: WarnRequest, tick: Tick = no_tick) -> Raised:
    """Look for early signs as of a day, keep what is new, and say what was watched.

    Raises:
        Misuse, Refused, NotFound: the request or the data do not allow it; each says what would.
    """
    if request.every is not None and request.every not in EVERY:
        raise Misuse(f"--every {request.every} is not known", expected=", ".join(EVERY))
    ctx.consult("combination", f"early warnings {request.target}", window=str(request.as_of))
    tick("reading events", 0.0)
    area, watch = watch_of(ctx, request)
    if not request.for_evaluation:
        ctx.may_go_on(area.code)
    raised = raised_from(ctx, request, area, watch, tick=tick)
    if request.for_evaluation:
        return raised
    with reading(ctx.ws) as conn:
        ground = tuple(agreements_read(conn, forces_of(ctx, area)))
    grounded = [replace(one, agreements=ground) for one in raised.warnings]
    held, new = keep(
        ctx, grounded, area=area.code, target=request.target, as_of=request.as_of,
        places=raised.watched - sum(raised.silent.values()),
    )  # fmt: skip
    return replace(raised, warnings=held, kept=new)


def watch_of(ctx: Context, request: WarnRequest) -> tuple[Area, Watched]:
    """Read the area and cut its series; weeks first, months where the sources say no days."""
    known = london_midnight(request.as_of)
    area = resolve_area(ctx, request.area, known)
    tries: tuple[Every, ...] = (request.every,) if request.every else ("week", "month")
    for every in tries:
        panels = load_panels(ctx, area, target_named(request.target), every, known)
        try:
            return area, watched(panels, request.as_of, request.for_evaluation)
        except Refused:
            if every == tries[-1] or tells_days(panels):
                raise
    raise AssertionError("every period was tried")


def tells_days(panels: Panels) -> bool:
    """Say whether most of the target's events tell their day."""
    mine = panels.versions.filter(panels.versions["group"].cast(str).is_in(list(panels.target.groups)))
    days = (mine["end"] - mine["start"]).dt.total_hours().fill_null(0) / 24
    return bool(mine.is_empty() or float((days > 14).mean() or 0.0) <= 0.5)  # type: ignore[arg-type]


def raised_from(
    ctx: Context, request: WarnRequest, area: Area, watch: Watched, *,
    detectors: Mapping[str, Detector] = DETECTORS, corroborating: Mapping[str, Detector] = CORROBORATING,
    tick: Tick = no_tick,
) -> Raised:  # fmt: skip
    """Look at a watch that was cut before, and say what stands out."""
    detectors = detectors or {"threshold": threshold}
    larger, cells = (with_expected(ctx, area.code, one) for one in watch.all)
    looked = look(larger, cells, seed=request.seed, detectors=detectors, tick=tick)
    held = None if request.for_evaluation else past_file(ctx.ws.home, area.code, larger)
    before = own_past(larger, cells, held, seed=request.seed, detectors=detectors, tick=tick)
    past = past_warnings(ctx, area.code, request.target)
    raise_them = partial(
        combined, looked, area=area.code, as_of=request.as_of, parent=parents_of(watch.panel, watch.places),
        previous=[one.card for one in past if one.state != "closed" and one.as_of <= request.as_of],
        past=before,
    )  # fmt: skip
    found = raise_them()
    if found:
        # They raise nothing, so they are asked only where there is something to support.
        beside = look(larger, cells, seed=request.seed, detectors=corroborating, tick=tick)
        found = raise_them(beside=beside)
        names = names_of(ctx, area)
        mine = (as_held(named(one, names), past) for one in found)
        found = tuple(with_similar(one, past, (larger, cells)) for one in mine)
    return Raised(
        area.name, watch.panels.target.title(watch.panel.marks_known, watch.panel.some_left_out),
        watch.panels.every, request.as_of, (larger.starts[-1], larger.end), len(larger.places),
        silent_places(area, larger, looked), looked.unable, found, detectors=tuple(detectors),
    )  # fmt: skip


def silent_places(area: Area, larger: Series, looked: Looked) -> dict[str, int]:
    """Count the places that cannot be judged, by why."""
    gone = ~larger.observed[-1]
    short = ~gone & ~looked.judged(larger)
    found = {
        f"their last {larger.every} was never published": int(np.sum(gone)),
        "too little history or too few reports": int(np.sum(short)),
        "squares of which no feed speaks": len(area.silent),
    }
    return {why: n for why, n in found.items() if n}
