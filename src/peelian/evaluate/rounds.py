"""What was forecast and what then happened, at every origin: the raw material of every score."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from peelian.domain import negative_binomial as nb
from peelian.domain.contracts import ModelSpec
from peelian.domain.grid import Cells, Grid
from peelian.evaluate.capture import SHARES, best_hits, selection
from peelian.evaluate.level_rounds import LevelRounds

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Rounds:
    """N windows forecast, H to an origin, over C cells.

    `origin_of` (N,) gives each window's place among `origins`; `counts` and `observed` (N, C) the outcome
    (unobserved counts are never read); `mean` and `dispersion` (N, C) by model. `levels` holds the larger
    places, smallest first, the whole area last, where they were kept.
    """

    grid: Grid
    cells: Cells
    origins: tuple[date, ...]
    origin_of: npt.NDArray[np.int64]
    counts: Singles
    observed: Bools
    specs: dict[str, ModelSpec]
    mean: dict[str, Singles]
    dispersion: dict[str, Singles]
    levels: tuple[LevelRounds, ...] = ()

    def seen(self, model: str) -> tuple[Floats, Floats, Floats]:
        """Give counts, mean and dispersion of one model wherever the outcome was observed, flat."""
        where = self.observed
        return (
            self.counts[where].astype(float),
            self.mean[model][where].astype(float),
            self.dispersion[model][where].astype(float),
        )

    @property
    def events(self) -> float:
        """Events observed over all windows."""
        return float(self.counts[self.observed].sum(dtype=np.float64))


@dataclass(frozen=True, eq=False)
class Sums:
    """Scores added up by origin and spatial block: what the bootstrap resamples.

    `events` (O, B); `best` (S, O) hits of perfect foresight; by model `log_score` (O, B), `hits` (S, O, B).
    """

    events: Floats
    best: Floats
    log_score: dict[str, Floats]
    hits: dict[str, Floats]


def add_up(rounds: Rounds, blocks: Cells, models: list[str]) -> Sums:
    """Score each window of each model and add up by origin and block; unobserved cells are left out.

    The share of area chosen is of the cells observed in that window.
    """
    origins, wide, shares = len(rounds.origins), int(blocks.max()) + 1, len(SHARES)
    events, best = np.zeros((origins, wide)), np.zeros((shares, origins))
    log_score = {m: np.zeros((origins, wide)) for m in models}
    hits = {m: np.zeros((shares, origins, wide)) for m in models}
    for n, o in enumerate(rounds.origin_of):
        seen = rounds.observed[n]
        block, count = blocks[seen], rounds.counts[n, seen].astype(float)
        events[o] += np.bincount(block, count, wide)
        best[:, o] += best_hits(count)
        for m in models:
            mean = rounds.mean[m][n, seen].astype(float)
            score = nb.log_pmf(count, mean, rounds.dispersion[m][n, seen].astype(float))
            log_score[m][o] += np.bincount(block, score, wide)
            happened = count > 0
            caught = selection(mean)[:, happened] * count[happened]
            for s in range(shares):
                hits[m][s, o] += np.bincount(block[happened], caught[s], wide)
    return Sums(events, best, log_score, hits)
