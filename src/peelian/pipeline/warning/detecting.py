"""Which detectors look at which series, and what each of them found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from peelian.domain.contracts import Detector
from peelian.domain.progress import Tick, no_tick
from peelian.domain.series import Series
from peelian.domain.warning import Found
from peelian.warn import DETECTORS

ON_CELLS: Final = frozenset({"scan", "near-repeat", "mixture-scan"})
"""Detectors that need small squares; all others look at the larger places.

Where only months are known, points are those of a published map, moved to the middles of streets and now and
then moved again: squares then say less than they seem, and every detector looks at the larger places.
"""


@dataclass(frozen=True, eq=False)
class Looked:
    """What every detector found: `found` by detector, with the series it looked at."""

    found: Mapping[str, tuple[Series, Found]]

    @property
    def unable(self) -> dict[str, str]:
        """Give the detectors that could say nothing, each with its reason."""
        return {name: found.unable for name, (_, found) in self.found.items() if found.unable}

    def judged(self, larger: Series) -> np.ndarray:
        """Say (A,) which of the larger places at least one detector could judge."""
        able = np.zeros(len(larger.places), bool)
        for series, found in self.found.values():
            if series.support == larger.support:
                able |= np.isfinite(found.p)
        return able


def look(
    larger: Series, cells: Series, *, seed: int = 1, detectors: Mapping[str, Detector] = DETECTORS,
    tick: Tick = no_tick,
) -> Looked:  # fmt: skip
    """Run every detector on its series."""
    found: dict[str, tuple[Series, Found]] = {}
    for k, (name, detector) in enumerate(detectors.items()):
        tick(f"looking: {detector.SPEC.title}", k / len(detectors))
        series = cells if name in ON_CELLS and cells.every != "month" else larger
        found[name] = (series, detector.detect(series, seed=seed))
    return Looked(found)
