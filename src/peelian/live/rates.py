"""From memories to rates: the background, and what each recent event still adds around it."""

from __future__ import annotations

from typing import Final

import numpy as np

from peelian.domain.grid import Floats
from peelian.live.recipe import Recipe

_PRIOR: Final = 20.0
"""Events' worth of trust that the level is as it was: in a small area chance must not move every cell."""

_FARTHEST: Final = (0.5, 2.0)
"""How far the level is followed: a fall by more than half is sooner a silent feed than less crime."""


class Rates:
    """Turns what is held into events a week in each cell; laid out once for a recipe."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        column, row = recipe.grid.column_row(recipe.cells)
        self.reach = recipe.reach
        self.row = row - row.min() + self.reach
        self.column = column - column.min() + self.reach
        self.shape = (int(self.row.max()) + self.reach + 1, int(self.column.max()) + self.reach + 1)
        self.each = recipe.branching / recipe.scales[None, :]  # (K, S) events a day, when held is one

    def of(self, held: Floats) -> Floats:
        """Give the rate of the target in each cell, (C,), events a week; `held` is (K, S, C)."""
        added = np.einsum("ks,ksc->c", self.each, held)
        return 7.0 * (self.level(held) * self.recipe.background + self.spread(added))

    def level(self, held: Floats) -> float:
        """Say how far the whole area's background has moved since the recipe, 1 as it was then.

        It is what was counted, less what events bring of one another, over what was due; both with a prior
        of `_PRIOR` events. Never beyond `_FARTHEST`.
        """
        if not self.recipe.levelled:
            return 1.0
        counted, days = float(held[0, -1].sum()), float(self.recipe.scales[-1])
        brought = float((self.recipe.branching[:, :-1] * held[:, -1].sum(axis=1)[:, None]).sum())
        due = days * float(self.recipe.background.sum())
        return float(np.clip((max(counted - brought, 0.0) + _PRIOR) / (due + _PRIOR), *_FARTHEST))

    def spread(self, added: Floats) -> Floats:
        """Share out what stands in each cell over its surroundings; what falls off the mask is lost."""
        box = np.zeros(self.shape)
        box[self.row, self.column] = added
        out = np.zeros(self.shape)
        for up in range(-self.reach, self.reach + 1):
            for right in range(-self.reach, self.reach + 1):
                weight = self.recipe.kernel[up + self.reach, right + self.reach]
                if weight > 0:
                    out[_to(up, self.shape[0]), _to(right, self.shape[1])] += (
                        weight * box[_to(-up, self.shape[0]), _to(-right, self.shape[1])]
                    )
        here: Floats = out[self.row, self.column]
        return here


def _to(by: int, length: int) -> slice:
    return slice(max(by, 0), length + min(by, 0))
