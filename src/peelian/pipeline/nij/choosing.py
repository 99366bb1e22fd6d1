"""Choosing ranker and cells on origins gone by, before the window that is scored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from peelian.domain.grid import Floats
from peelian.pipeline.nij.cells import CellTable
from peelian.pipeline.nij.events import City
from peelian.pipeline.nij.ranking import SETTINGS, CountRanker, highest
from peelian.pipeline.nij.rules import FLAGGED, HORIZONS, Aim, cells_to_flag
from peelian.pipeline.nij.tessellation import Tessellation

SIDES: Final = (250.0, 400.0, 600.0)
"""Sides of the square cells tried for the size, feet: the least, the middle and the most that is legal."""
_SHAPES: Final = ((1.0, 1.0), (2.0, 0.5), (0.5, 2.0), (1.25, 0.8), (0.8, 1.25))
"""Sides of the shapes tried, as parts of the square's side: the area stays."""
_GRIDS: Final = 4
"""Turned grids over which a setting is averaged, so that no grid's luck chooses it."""
_CANDIDATES: Final = 150


@dataclass(frozen=True)
class Chosen:
    """What was chosen on earlier origins: the square cell's side in feet, the ranker, and the score there."""

    side: float
    ranker: CountRanker
    value: float


def fortnights(first: date, last: date) -> list[date]:
    """List days 14 apart from `first` to before `last`."""
    return [first + timedelta(days=k) for k in range(0, (last - first).days, 14)]


def turned(side: float, count: int, seed: int, *, shapes: bool = True) -> list[Tessellation]:
    """Give seeded tessellations of one cell area: turned, shifted, and of several shapes, legal all."""
    rng = np.random.default_rng(seed)
    out = []
    for k in range(count):
        wide, high = _SHAPES[k % len(_SHAPES)] if shapes else (1.0, 1.0)
        out.append(Tessellation(side * wide, side * high, *(float(v) for v in rng.random(3) * (90, 1, 1))))
    return out


def choose(
    city: City, category: str, origins: Sequence[date], end: date, seed: int
) -> dict[tuple[Aim, float], Chosen]:
    """Choose cell size and ranker for each aim and flagged area (square miles).

    The measure is the mean over horizons of the PAI, or PEI*, pooled over the origins. Windows that reach
    past `end` are not looked at.
    """
    out: dict[tuple[Aim, float], Chosen] = {}
    for side in SIDES:
        tables = [CellTable.of(t, city, category) for t in turned(side, _GRIDS, seed, shapes=False)]
        caught, best, events = _tried(tables, origins, end)
        for a, miles in enumerate(FLAGGED):
            share = cells_to_flag(miles, side**2) * side**2 / city.area
            below: dict[Aim, Floats] = {"pai": events * share, "pei": best[a]}
            for aim, whole in below.items():
                value = (caught[a] / np.maximum(whole, 1e-12)).mean(axis=1)
                k = int(np.argmax(value))
                if (aim, miles) not in out or value[k] > out[aim, miles].value:
                    out[aim, miles] = Chosen(side, SETTINGS[k], float(value[k]))
    return out


def _tried(tables: Sequence[CellTable], origins: Sequence[date], end: date) -> tuple[Floats, Floats, Floats]:
    """Add up over tables and origins: hits (areas, settings, horizons), best (areas, horizons), events."""
    chosen = [cells_to_flag(miles, tables[0].tessellation.area) for miles in FLAGGED]
    caught = np.zeros((len(FLAGGED), len(SETTINGS), len(HORIZONS)))
    best, events = np.zeros((len(FLAGGED), len(HORIZONS))), np.zeros(len(HORIZONS))
    for table in tables:
        for origin in origins:
            values = [ranker.values(table, origin) for ranker in SETTINGS]
            lasts = [h.end(origin) for h in HORIZONS]
            happened = np.array([table.happened(origin, d) if d <= end else 0 * values[0] for d in lasts])
            events += happened.sum(axis=1)
            for a, most in enumerate(chosen):
                caught[a] += np.stack([highest(value, most) for value in values]) @ happened.T
                best[a] += np.sort(happened, axis=1)[:, ::-1][:, :most].sum(axis=1)
    return caught, best, events


def best_grid(
    city: City, category: str, chosen: Chosen, square_miles: float, origin: date, seed: int
) -> CellTable:
    """Give, of many turned grids, the one whose flagged cells hold most of what is remembered at `origin`.

    Only the past speaks. The rules allow such a choice; measured, no grid's past says how it will score
    (docs/nij.md), so it does no good and no harm beyond chance.
    """
    best: CellTable | None = None
    most = -1.0
    for tessellation in turned(chosen.side, _CANDIDATES, seed + 1):
        table = CellTable.of(tessellation, city, category)
        value = chosen.ranker.values(table, origin)
        top = np.sort(value)[::-1][: cells_to_flag(square_miles, tessellation.area)]
        held = float(top.sum() / max(value.sum(), 1e-12))
        if held > most:
            best, most = table, held
    assert best is not None
    return best
