"""Precision and recall of high and medium together, from what people decided of a weighted sample.

Bands are strata: of each, the share that is knife-enabled is estimated from its reviewed rows (weighted
within the band), and bands count by how many rows they hold. Intervals: each band's share is drawn from
its Jeffreys posterior, Beta(yes + 1/2, no + 1/2), with Kish's effective number of reviewed rows, and the
figures are worked out from the draws. Jeffreys intervals keep their coverage near 0 and 1, where few
errors are found (Brown, Cai and DasGupta 2001, "Interval estimation for a binomial proportion",
Statistical Science 16(2)). Unsure rows are counted, and left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

ENOUGH: Final = 20
"""Reviewed rows a band needs before a figure rests on it, unless all its rows were reviewed."""
BANDS: Final = ("high", "medium", "low", "none")
_FLAGGED: Final = ("high", "medium")
_DRAWS: Final = 20_000
Draws = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Band:
    """One band of one feed: rows held, rows queued, reviewed, and what was decided."""

    name: str
    rows: float
    queued: int
    yes: float  # weighted within the band
    no: float
    reviewed: int  # yes or no
    unsure: int

    @property
    def share(self) -> float:
        """The share of the band's rows that are knife-enabled; nan where none was reviewed."""
        return self.yes / (self.yes + self.no) if self.yes + self.no else float("nan")

    @property
    def enough(self) -> bool:
        """Whether a figure may rest on it."""
        return self.queued == 0 or self.reviewed >= ENOUGH or (self.whole and self.reviewed == self.queued)

    @property
    def whole(self) -> bool:
        """Whether every row of the band was queued."""
        return abs(self.rows - self.queued) < 0.5


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Figures:
    """One feed's."""

    source: str
    force: str
    bands: tuple[Band, ...]
    precision: Estimate | None  # None: not enough reviewed
    recall: Estimate | None
    lacking: tuple[str, ...] = field(default=())  # bands of which more must be reviewed


def figures(counted: pl.DataFrame, seed: int = 1) -> list[Figures]:
    """Give each feed's figures from [source, force, band, weight, decision], one row a queued row."""
    out = []
    for (source, force), rows in sorted(counted.group_by("source", "force"), key=lambda one: str(one[0])):
        bands = tuple(_band(rows.filter(pl.col("band") == name), name) for name in BANDS)
        out.append(_figures(str(source), str(force), bands, np.random.default_rng(seed)))
    return out


def _band(rows: pl.DataFrame, name: str) -> Band:
    decided = rows.filter(pl.col("decision").is_in(["yes", "no"]))
    weight = decided["weight"].to_numpy()
    yes = (decided["decision"] == "yes").to_numpy()
    total = float(weight.sum())
    # Kish: unequal weights say less than as many equal ones.
    effective = total**2 / float((weight**2).sum()) if total else 0.0
    share = float(weight[yes].sum()) / total if total else 0.0
    unsure = rows.filter(pl.col("decision") == "unsure").height
    return Band(
        name, float(rows["weight"].sum()), rows.height, share * effective, (1 - share) * effective,
        decided.height, unsure,
    )  # fmt: skip


def _figures(source: str, force: str, bands: tuple[Band, ...], rng: np.random.Generator) -> Figures:
    flagged = [band for band in bands if band.name in _FLAGGED]
    draws: dict[str, Draws] = {band.name: rng.beta(band.yes + 0.5, band.no + 0.5, _DRAWS) for band in bands}
    lacking = tuple(band.name for band in bands if not band.enough)
    held = sum(band.rows for band in flagged)
    precision = recall = None
    if held and all(band.enough for band in flagged):
        true = _summed(flagged, draws)
        precision = _estimate(_true(flagged) / held, true / held)
        if not lacking and _true(bands):
            every = _summed(bands, draws)
            recall = _estimate(_true(flagged) / _true(bands), true / every)
    return Figures(source, force, bands, precision, recall, lacking)


def _summed(bands: Sequence[Band], draws: dict[str, Draws]) -> Draws:
    total = np.zeros(_DRAWS)
    for band in bands:
        total += band.rows * draws[band.name]
    return total


def _true(bands: Sequence[Band]) -> float:
    return sum(band.rows * band.share for band in bands if band.rows)


def _estimate(value: float, draws: Draws) -> Estimate:
    low, high = np.quantile(draws, [0.025, 0.975])
    return Estimate(value, float(min(low, value)), float(max(high, value)))
