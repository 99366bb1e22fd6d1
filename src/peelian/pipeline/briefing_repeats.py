"""Knox's test over the last year's reports behind a run, written beside it for the briefing to read."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np

from peelian.domain.progress import Tick, no_tick
from peelian.domain.target import target_named
from peelian.domain.time import Every, london_midnight
from peelian.pipeline.areas import resolve_area
from peelian.pipeline.context import Context
from peelian.pipeline.panels import load_panels
from peelian.pipeline.warning.rows import FINE_M, points_of, rows_of
from peelian.store.runs import RunRow
from peelian.warn.knox import FEWEST, fitting, knox

FILE: Final = "near_repeat.json"
_MONTHS: Final = "Repeats within days cannot be told: this source gives whole months, not days."
_SNAPPED: Final = (
    "Repeats cannot be told: this source puts reports at shared points, so near ones only look alike."
)
_FEW: Final = f"Fewer than {FEWEST} reports of the last year have a point of their own: too few to tell."


def write_repeats(ctx: Context, run: RunRow, tick: Tick = no_tick) -> dict[str, Any]:
    """Work a run's repeats out and write `near_repeat.json` in its folder; give what was written.

    As known at the run's as-of time. Reports in homes, domestic and sexual ones are never counted.

    Raises:
        Refused, NotFound: the data behind the run are no longer held.
    """
    folder = ctx.ws.runs / run.run_id
    ctx.consult("combination", "near repeats", area=run.area, window=run.run_id)
    body = _repeats(ctx, run, tick)
    _write(folder / FILE, body)
    return body


def _repeats(ctx: Context, run: RunRow, tick: Tick) -> dict[str, Any]:
    every: Every = "day" if run.every == "shift" else run.every  # type: ignore[assignment]
    if every == "month":
        return {"unable": _MONTHS}
    origin = date.fromisoformat(str(run.card["origin"])[:10])
    known = london_midnight(origin)
    tick("reading the last year's reports", 0.1)
    area = resolve_area(ctx, run.area, known)
    panels = load_panels(ctx, area, target_named(run.target), every, known)
    panel = panels.at(origin)
    rows = rows_of(panels, panel)
    fine = rows.frame["precision_m"].fill_null(0.0).median()
    if isinstance(fine, float) and fine > FINE_M:
        return {"unable": _SNAPPED}
    points = points_of(rows, panels, panel, np.arange(len(panel.cells), dtype=np.int64))
    whole = (points.weight > 0.5) & (points.place >= 0)  # one row a report: spread ones name no day
    x, y, day = points.easting[whole], points.northing[whole], points.day[whole]
    used = fitting(x, y, day) if len(day) else np.zeros(0, bool)
    tick("comparing with shuffled days", 0.5)
    found = knox(x[used], y[used], day[used], seed=int(run.card.get("seed", 1)))
    return {"unable": _FEW} if found is None else found.to_json()


def _write(path: Path, body: dict[str, Any]) -> None:
    part = path.with_suffix(".part")
    part.write_text(json.dumps(body), encoding="utf-8")
    part.replace(path)
