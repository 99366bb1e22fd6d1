"""The running state as a layer: the bytes and palette of every other, and what changed since the last."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from peelian.api import quantise
from peelian.api.languages import later, plain
from peelian.api.layers import range_labels
from peelian.api.run_folder import Run
from peelian.domain.grid import Floats
from peelian.live.freshness import said
from peelian.live.recipe import Recipe
from peelian.live.state import Seen

TITLE: Final = later("Rate now")
WORDS: Final = later(
    "how many a week at the present rate, with what was reported up to now; paler where less sure"
)
_MOVED: Final = 0.05
"""A rate is told again when it moved by a twentieth; between, it only fades."""

_NAMED: Final = 60
"""Places named in one patch: as many as a list can show."""


@dataclass(frozen=True, eq=False)
class Picture:
    """What is drawn of one instant, (C,) over the recipe's cells."""

    seen: Seen
    bytes: quantise.Bytes
    rate: Floats


class LiveLayer:
    """Draws a running state over its run: fixed classes, so that a colour means the same all day."""

    def __init__(self, recipe: Recipe, run: Run) -> None:
        self.recipe, self.run = recipe, run
        self.block = quantise.Block(run.grid, run.cells)
        at = np.searchsorted(run.cells, recipe.cells)
        self._at = np.minimum(at, len(run.cells) - 1)
        self._here = run.cells[self._at] == recipe.cells
        # Cells alike at the run's start spread over the classes as its own layer's do.
        self.breaks = quantise.breaks_of(7.0 * recipe.background / max(1.0 - _whole(recipe), 0.2))
        sure = np.full(len(run.cells), 3, np.uint8)
        held = np.isfinite(run.mean[0])
        sure[held] = quantise.certainty(run.dispersion[0])[held]
        self._sure, self._held = sure[self._at], held[self._at]

    def entry(self) -> dict[str, Any]:
        """Give the layer's entry, as in a run's manifest."""
        return {
            "id": "live", "title": plain(TITLE), "unit": plain("a week"), "words": plain(WORDS), "steps": 1,
            "url": "live/cells", "breaks": list(self.breaks), "labels": list(range_labels(self.breaks)),
        }  # fmt: skip

    def draw(self, seen: Seen) -> Picture:
        """Draw an instant. Cells of which the run holds nothing stay missing."""
        packed = quantise.pack(quantise.classes(seen.rate, self.breaks), self._sure)
        packed[~self._held] = quantise.MISSING
        return Picture(seen, packed, seen.rate)

    def changed(self, old: Picture, new: Picture) -> npt.NDArray[np.int64]:
        """List the cells (positions) that look or count differently."""
        moved = np.abs(np.log(np.maximum(new.rate, 1e-12) / np.maximum(old.rate, 1e-12))) > _MOVED
        other = (old.bytes != new.bytes) | (old.seen.day != new.seen.day) | (old.seen.week != new.seen.week)
        return np.flatnonzero((other | moved) & self._here)

    def patch(self, picture: Picture, at: npt.NDArray[np.int64]) -> dict[str, Any]:
        """Give cells as lists: ids, bytes, rates a week, counts of the last day and week; and some names."""
        named = at[picture.seen.day[at] > 0][:_NAMED]
        return {
            "clock": said(picture.seen.at), "cells": self.recipe.cells[at].tolist(),
            "bytes": picture.bytes[at].tolist(), "rate": [float(f"{r:.3g}") for r in picture.rate[at]],
            "day": picture.seen.day[at].tolist(), "week": picture.seen.week[at].tolist(),
            "names": {str(int(self.recipe.cells[k])): self.run.names[self._at[k]] for k in named},
        }  # fmt: skip

    def whole(self, picture: Picture, version: int) -> bytes:
        """Give the whole layer as JSON: the box's bytes in base64, and figures where a week held any."""
        packed = np.zeros((1, len(self.run.cells)), np.uint8)
        packed[0] = quantise.MISSING
        packed[0, self._at[self._here]] = picture.bytes[self._here]
        box = base64.b64encode(self.block.spread(packed).tobytes()).decode()
        some = np.flatnonzero(self._here & (picture.seen.week > 0))
        body = self.patch(picture, some) | {"version": version, "run": self.run.id, "box": box}
        return json.dumps(body, separators=(",", ":")).encode()


def _whole(recipe: Recipe) -> float:
    """Give how many of the target one of it brings, whatever the delay."""
    return float(recipe.branching[0].sum())
