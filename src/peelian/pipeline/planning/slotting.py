"""The windows of a plan: a run's own, or the force's shifts of its first days, with each place's share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from peelian.domain.plan import Slot
from peelian.domain.rhythm import hours_in
from peelian.domain.shifts import Shifts, shifts_of
from peelian.domain.time import LONDON, london_midnight
from peelian.store.runs import RunRow

Floats = npt.NDArray[np.float64]
NO_HOURS = (
    "no hour of these events is known: their number is spread evenly over the hours, so a shift says who has "
    "time and not when harm is likelier"
)


@dataclass(frozen=True, eq=False)
class Windows:
    """Slots with the shift and policing day of each (empty and None where a slot is no shift).

    `share` (S, C) is the part of the cell's first window that falls in the slot; None where each slot is a
    window of the run itself.
    """

    slots: tuple[Slot, ...]
    shift: tuple[str, ...]
    day: tuple[date | None, ...]
    share: Floats | None = None
    notes: tuple[str, ...] = ()


def own_windows(run: RunRow, starts: Sequence[Any], ends: Sequence[Any]) -> Windows:
    """Give the windows of a run by shift with their shifts' names; of any other, its first window."""
    shifts = shifts_of(run.card["shifts"]) if run.every == "shift" and run.card.get("shifts") else None
    slots, names, days = [], [], []
    for at, (start, end) in enumerate(zip(starts, ends, strict=True)):
        name, day = _of_shift(start, shifts) if shifts else ("", None)
        said = f" {name}" if name else ""
        slots.append(Slot(f"{at + 1}:{said} {_said(start)} to before {_said(end)}", _utc(start), _utc(end)))
        names.append(name)
        days.append(day)
    return Windows(tuple(slots), tuple(names), tuple(days))


def by_shift(
    run: RunRow, cells: npt.NDArray[np.int64], start: date, end: date, shifts: Shifts, days: int
) -> Windows:
    """Give the shifts of the first days of a window [start, end), each cell's share by its own rhythm.

    A run without a rhythm (its events tell no hours) is spread evenly, and the notes say so.
    """
    whole = (end - start).days
    windows, names, of = [], [], []
    for at in range(whole):
        day = start + timedelta(days=at)
        for name, window in zip(shifts.names, shifts.windows(day), strict=True):
            windows.append(window)
            names.append(name)
            of.append(day)
    known = (run.folder / "rhythm.parquet").is_file()
    share = _by_rhythm(run.folder, cells, windows, shifts.zone) if known else _by_length(windows, len(cells))
    first = min(days, whole) * len(shifts.names)
    slots = tuple(
        Slot(f"{k + 1}: {names[k]} {of[k]:%a %-d %B %Y}", *(one.astimezone(UTC) for one in windows[k]))
        for k in range(first)
    )
    notes = () if known else (NO_HOURS,)
    if min(days, whole) < whole:
        notes = (*notes, f"planned for the first {min(days, whole)} of the {whole} days of the run's window")
    return Windows(slots, tuple(names[:first]), tuple(of[:first]), share[:first], notes)


def _by_rhythm(
    folder: Path, cells: npt.NDArray[np.int64], windows: Sequence[tuple[datetime, datetime]], zone: str
) -> Floats:
    """Each cell's share by the profile of its kind of place, or the area's where its kind is not told."""
    profiles = pl.read_parquet(folder / "rhythm.parquet").sort("kind", "hour")
    kinds = profiles["kind"].unique().sort().to_list()
    shape = profiles["share"].to_numpy().reshape(len(kinds), -1)
    told = pl.read_parquet(folder / "rhythm_cells.parquet").select("cell", "kind")
    of = pl.DataFrame({"cell": cells}).join(told, on="cell", how="left", maintain_order="left")["kind"]
    mass = np.stack([shape @ hours_in(start, end, zone) for start, end in windows])
    return np.asarray((mass / mass.sum(axis=0))[:, [kinds.index(k) for k in of.fill_null(-1)]], float)


def _by_length(windows: Sequence[tuple[datetime, datetime]], cells: int) -> Floats:
    seconds = np.array(
        [(end.astimezone(UTC) - start.astimezone(UTC)).total_seconds() for start, end in windows]
    )
    return np.repeat((seconds / seconds.sum())[:, None], cells, axis=1)


def _of_shift(start: Any, shifts: Shifts) -> tuple[str, date | None]:
    """The shift that begins at an instant, and its policing day."""
    at = start.astimezone(UTC)
    for back in (0, 1):
        day = at.date() - timedelta(days=back)
        for name, (begin, _) in zip(shifts.names, shifts.windows(day), strict=True):
            if begin.astimezone(UTC) == at:
                return name, day
    return "", None


def _said(day: date) -> str:
    if isinstance(day, datetime):
        return f"{day.astimezone(LONDON):%-d %B %Y %H:%M}"
    return f"{day:%-d %B %Y}"


def _utc(day: date) -> datetime:
    return day.astimezone(UTC) if isinstance(day, datetime) else london_midnight(day)
