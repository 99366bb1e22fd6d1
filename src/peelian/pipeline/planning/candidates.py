"""The places of a run that may be visited, with the harm expected in each slot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

import numpy as np
import polars as pl

from peelian.domain.errors import Refused
from peelian.domain.plan import Candidates, Slot
from peelian.domain.target import TARGETS
from peelian.domain.time import london_midnight
from peelian.evaluate.hot_places import hot_places, pattern
from peelian.store.runs import RunRow

MOST: Final = 8000
"""Places that can be chosen from: the busiest by forecast or by last year's count."""
HOT: Final = 0.01
AREA_LEVELS: Final = ("msoa", "district", "lsoa", "block")


@dataclass(frozen=True, eq=False)
class Choice:
    """Candidates with their slots and, for each place, whether it is stable or flaring."""

    candidates: Candidates
    slots: tuple[Slot, ...]
    patterns: tuple[str, ...]
    notes: tuple[str, ...]


def may_plan(run: RunRow, *, for_evaluation: bool) -> None:
    """Check that the run is of what may be planned for.

    Raises:
        Refused: its rows may include homes.
    """
    target = TARGETS.get(run.target)
    if target is None or not target.public_only or run.card.get("marks_known") or for_evaluation:
        return
    raise Refused(
        f"no plan is made of {run.card.get('title', run.target)}: its source cannot tell homes from streets",
        expected="a target whose source tells homes, domestic and sexual offences apart, such as asb",
        do="add --for-evaluation to replay it for evaluation only",
    )


def choice_of(run: RunRow) -> Choice:
    """Read the run's squares: each window of a run by shift is a slot, else the first window is the one slot.

    `plain` is last year's count, shared over the slots as the forecast shares them.
    """
    rows = pl.read_parquet(run.folder / "forecast.parquet").drop_nulls("mean")
    starts = rows["period_start"].unique().sort()
    if run.every != "shift":
        starts = starts.head(1)
        rows = rows.filter(pl.col("period_start") == starts[0])
    slots = tuple(_slot(k, rows.filter(pl.col("period_start") == one)) for k, one in enumerate(starts))
    wide = {name: _wide(rows, name) for name in ("mean", "q05", "q95")}
    cells = wide["mean"]["cell"]
    last = _last_year(run, cells)
    harm = wide["mean"].drop("cell").to_numpy().astype(float)
    total = harm.sum(axis=1)
    kept = np.sort(np.unique(np.concatenate([np.argsort(-total)[:MOST], np.argsort(-last)[: MOST // 4]])))[
        :MOST
    ]
    share = harm / np.where(total > 0, total, 1.0)[:, None]
    places = cells.to_frame().join(_places(run), on="cell", how="left", maintain_order="left")[kept.tolist()]
    areas, area = _areas(run, cells[kept.tolist()])
    names = tuple(n or f"square {c}" for n, c in places.select("name", "cell").iter_rows())
    low, high = (wide[n].drop("cell").to_numpy().astype(float)[kept] for n in ("q05", "q95"))
    candidates = Candidates(
        tuple(str(c) for c in places["cell"]), names,
        places["easting"].to_numpy(), places["northing"].to_numpy(),
        harm[kept], low, high, last[kept, None] * share[kept], areas, area,
    )  # fmt: skip
    return Choice(candidates, slots, _patterns(run, cells[kept.tolist()]), _notes(run))


def _slot(at: int, rows: pl.DataFrame) -> Slot:
    first, last = rows["period_start"][0], rows["period_end"][0]
    name = f"{at + 1}: {_said(first)} to before {_said(last)}"
    return Slot(name, _instant(first), _instant(last))


def _said(day: date) -> str:
    return f"{day:%-d %B %Y %H:%M}" if isinstance(day, datetime) else f"{day:%-d %B %Y}"


def _instant(day: date) -> datetime:
    return day.astimezone(UTC) if isinstance(day, datetime) else london_midnight(day)


def _wide(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    return rows.pivot("period_start", index="cell", values=name, sort_columns=True).sort("cell")


def _last_year(run: RunRow, cells: pl.Series) -> Any:
    held = pl.read_parquet(run.folder / "last_year.parquet")
    return cells.to_frame().join(held, on="cell", how="left")["count"].fill_null(0.0).to_numpy().astype(float)


def _places(run: RunRow) -> pl.DataFrame:
    half = float(run.card["grid"]["size"]) / 2
    table = pl.read_parquet(run.folder / "places.parquet")
    return table.with_columns(pl.col("easting") + half, pl.col("northing") + half)


def _areas(run: RunRow, cells: pl.Series) -> tuple[tuple[str, ...], Any]:
    """Give the larger places for caps: MSOAs where held, else districts, LSOAs or 1 km squares."""
    path = run.folder / "level_cells.parquet"
    if path.is_file():
        everything = pl.read_parquet(path)
        for level in AREA_LEVELS:
            rows = everything.filter(pl.col("level") == level)
            if rows.is_empty():
                continue
            held = rows.sort("share", descending=True).unique("cell", keep="first")
            at = cells.to_frame().join(held, on="cell", how="left", maintain_order="left")["place"]
            codes = tuple(sorted(at.drop_nulls().unique().to_list()))
            index = {code: k for k, code in enumerate(codes)}
            return (*codes, "elsewhere"), np.array([index.get(c, len(codes)) for c in at], np.int64)
    return ("the whole area",), np.zeros(len(cells), np.int64)


def _patterns(run: RunRow, cells: pl.Series) -> tuple[str, ...]:
    history = pl.read_parquet(run.folder / "history.parquet")
    starts = history["period_start"].unique().sort()
    at = {start: k for k, start in enumerate(starts)}
    where = {cell: k for k, cell in enumerate(cells)}
    counts = np.zeros((len(at), len(where)))
    for cell, start, count in history.select("cell", "period_start", "count").iter_rows():
        if cell in where:
            counts[at[start], where[cell]] += count
    counts = _by_four(counts) if run.every == "week" else counts
    return tuple(pattern(hot_places(counts, HOT).hot)) if len(counts) > 1 else ("unknown",) * len(where)


def _by_four(counts: Any) -> Any:
    """Add weeks up to four, ending with the last: a week is too short to call a place hot."""
    blocks = len(counts) // 4
    return counts[len(counts) - blocks * 4 :].reshape(blocks, 4, -1).sum(axis=1) if blocks else counts


def _notes(run: RunRow) -> tuple[str, ...]:
    if run.every == "shift":
        return ()
    return (
        f"the run is by {run.every}, so places are chosen for its first window and no shift is: for shifts, "
        "forecast with --every shift",
    )
