"""Larger places at every origin: what was forecast of them and what then happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from peelian.domain.blocks import blocks, whole
from peelian.domain.forecast import Forecast, summed
from peelian.domain.panel import Panel, Parents

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class LevelRounds:
    """One level over N windows and L places.

    `complete` (N, L): every cell of the place was observed, so that its count is known; elsewhere `counts`
    (N, L) are of the observed cells alone and are not read. `mean` and `dispersion` (N, L) by model; `own`
    says whether the model's dispersion is the level's own, or follows from its cells' as if these varied
    alone, which makes a sum look surer than it is.
    """

    parents: Parents
    counts: Floats
    complete: Bools
    mean: dict[str, Floats]
    dispersion: dict[str, Floats]
    own: dict[str, bool]


def levels_of(panel: Panel) -> tuple[Parents, ...]:
    """Give the panel's larger places, or squares of a kilometre where it has none, and the whole area."""
    return (*(panel.parents or (blocks(panel.grid, panel.cells),)), whole(panel.cells))


def of_level(made: Forecast, parents: Parents) -> tuple[Floats, Floats, bool]:
    """Give the mean and dispersion (H, L) of one level, and whether the dispersion is the level's own."""
    mean = summed(np.nan_to_num(made.mean), parents)
    for one in made.levels:
        if one.parents.level == parents.level and one.parents.codes == parents.codes:
            if np.isfinite(one.dispersion).all():
                return mean, np.asarray(one.dispersion, float), True
            break
    extra = summed(np.nan_to_num(made.dispersion * made.mean**2), parents)
    return mean, extra / np.maximum(mean, 1e-12) ** 2, False


@dataclass(eq=False)
class LevelKeeper:
    """Collects the levels of forecasts as they are made, so that no forecast need be kept whole."""

    levels: tuple[Parents, ...]
    mean: dict[tuple[str, int], list[Floats]]
    dispersion: dict[tuple[str, int], list[Floats]]
    own: dict[tuple[str, int], bool]

    @classmethod
    def of(cls, panel: Panel) -> LevelKeeper:
        """Start from the levels of a panel; the same places are kept at every origin."""
        return cls(levels_of(panel), {}, {}, {})

    def add(self, model: str, made: Forecast) -> None:
        """Keep one forecast's levels."""
        for k, parents in enumerate(self.levels):
            mean, dispersion, own = of_level(made, parents)
            self.mean.setdefault((model, k), []).append(mean)
            self.dispersion.setdefault((model, k), []).append(dispersion)
            self.own[model, k] = self.own.get((model, k), True) and own

    def rounds(
        self, models: Sequence[str], counts: npt.NDArray[np.float32], observed: Bools
    ) -> tuple[LevelRounds, ...]:
        """Hold what was kept against what happened: `counts` and `observed` (N, C)."""
        return tuple(self._one(k, models, counts, observed) for k in range(len(self.levels)))

    def _one(
        self, k: int, models: Sequence[str], counts: npt.NDArray[np.float32], observed: Bools
    ) -> LevelRounds:
        parents = self.levels[k]
        held = summed(np.where(observed, counts, 0.0).astype(float), parents)
        seen = summed(observed.astype(float), parents)
        every = summed(np.ones((1, len(parents.of_cell))), parents)
        return LevelRounds(
            parents, held, (seen == every) & (every > 0), _joined(self.mean, k, models),
            _joined(self.dispersion, k, models), {m: self.own[m, k] for m in models},
        )  # fmt: skip


def _joined(kept: Mapping[tuple[str, int], list[Floats]], k: int, models: Sequence[str]) -> dict[str, Floats]:
    return {m: np.concatenate(kept[m, k]) for m in models}
