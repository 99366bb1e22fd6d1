"""Concentration at every scale: squares, LSOAs, MSOAs; by area and by population; which places stay hot."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from peelian.domain.blocks import blocks
from peelian.domain.errors import Refused
from peelian.domain.panel import Panel, Parents
from peelian.domain.time import YEAR_PERIODS
from peelian.evaluate.hot_places import hot_places, pattern
from peelian.evaluate.lorenz import lorenz
from peelian.evaluate.safer_streets import safer_streets, two_periods

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
HOT: dict[str, float] = {"cell": 0.01, "block": 0.02, "lsoa": 0.02, "msoa": 0.05, "district": 0.2}
"""Share of places called hot at each level."""
WORDS: dict[str, str] = {
    "cell": "squares", "block": "squares of a kilometre", "lsoa": "LSOAs", "msoa": "MSOAs",
    "district": "districts",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Scale:
    """One level's counts (P, N) over periods observed everywhere, cells in each place (N,), people (N,)."""

    level: str
    counts: Floats
    cells: Floats
    people: Floats | None
    streets: Floats | None = None  # metres


def scales_of(panel: Panel, people: Floats | None, streets: Floats | None = None) -> list[Scale]:
    """Give each level's counts over the last whole years before the origin, smallest places first.

    Periods that some cell did not report are left out, so that no place is called quiet for want of data.

    Raises:
        Refused: no period of the last whole years was observed everywhere.
    """
    year = YEAR_PERIODS[panel.every]
    last = (len(panel.starts) // year) * year
    counts = panel.target_counts[-last:].astype(float)
    seen = panel.target_observed[-last:].all(axis=1)
    if not last or not seen.any():
        raise Refused(
            "no period of a whole year was observed in every square",
            expected="a year that every feed of the target reported",
            do="see what is missing with: peelian coverage",
        )
    counts = counts[seen]
    levels = [*([blocks(panel.grid, panel.cells)]), *panel.parents]
    return [Scale("cell", counts, np.ones(counts.shape[1]), people, streets),
            *(_scale(one, counts, people, streets) for one in levels)]  # fmt: skip


def _scale(parents: Parents, counts: Floats, people: Floats | None, streets: Floats | None) -> Scale:
    inside, wide = parents.of_cell >= 0, len(parents.codes)
    at = parents.of_cell[inside]
    summed = np.stack([np.bincount(at, row[inside], wide) for row in counts]).astype(np.float64)
    cells = np.bincount(at, minlength=wide).astype(np.float64)
    living = None if people is None else np.bincount(at, people[inside], wide).astype(np.float64)
    metres = None if streets is None else np.bincount(at, streets[inside], wide).astype(np.float64)
    return Scale(parents.level, summed, cells, living, metres)


def scale_json(scale: Scale, every: str, seed: int = 1) -> dict[str, Any]:
    """Measure one level: curves by area, people and street length, Safer Streets' measures, hot places.

    `off_street` is the share of harm in places without any street held, which the curve by streets lacks.

    `safer_streets` is of the last period, of which their project takes a month; `last_two` compares it with
    the one before.
    """
    total = scale.counts.sum(axis=0)
    curves = [lorenz(total, scale.cells, "area", seed=seed)]
    if scale.people is not None and scale.people.sum() > 0:
        curves.append(lorenz(total, scale.people, "population", seed=seed))
    off_street = None
    if scale.streets is not None and total[scale.streets > 0].sum() > 0:
        curves.append(lorenz(total, scale.streets, "street", seed=seed))
        off_street = float(total[scale.streets <= 0].sum() / total.sum())
    last = scale.counts[-1]
    hot = hot_places(scale.counts, HOT[scale.level])
    out: dict[str, Any] = {
        "level": scale.level, "places": len(total), "periods": len(scale.counts), "every": every,
        "curves": [asdict(one) for one in curves], "off_street": off_street,
        "safer_streets": asdict(safer_streets(last)) if last.sum() > 0 and len(last) > 1 else None,
        "hot": {
            "share": hot.share, "mean_run": _finite(hot.mean_run),
            "mean_run_by_chance": hot.mean_run_by_chance, "turnover": _finite(hot.turnover),
            "patterns": dict(Counter(pattern(hot.hot))),
        },
    }  # fmt: skip
    if len(scale.counts) > 1 and last.sum() > 0 and scale.counts[-2].sum() > 0:
        two = two_periods(scale.counts[-2], last)
        out["last_two"] = {name: _finite(v) for name, v in asdict(two).items()}
    return out


def scales_json(
    panel: Panel, people: Floats | None, seed: int = 1, streets: Floats | None = None
) -> list[dict[str, Any]]:
    """Measure every level, smallest places first."""
    return [scale_json(one, panel.every, seed) for one in scales_of(panel, people, streets)]


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
