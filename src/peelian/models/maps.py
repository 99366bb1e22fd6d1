"""The learner's maps: where each type of event has been, at several memories and widths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from peelian.domain.grid import Floats
from peelian.domain.panel import Panel
from peelian.domain.time import YEAR_PERIODS, Every
from peelian.models.memory import FOREVER, decayed
from peelian.models.past import seen_periods
from peelian.models.surroundings import Singles, Surroundings, shares_of

_OWN: Final[dict[Every, tuple[float, ...]]] = {
    "month": (2.0, 4.0, 8.0, 16.0, FOREVER),
    "week": (4.0, 13.0, 26.0, 52.0, 104.0, 208.0, FOREVER),
    "day": (14.0, 56.0, 182.0, 365.0, 730.0, FOREVER),
}
_OTHERS: Final[dict[Every, tuple[float, ...]]] = {
    "month": (4.0, FOREVER), "week": (13.0, FOREVER), "day": (91.0, FOREVER),
}  # fmt: skip
_OWN_WIDTHS: Final = (0.0, 1.0, 2.5)
_OTHER_WIDTHS: Final = (0.0, 1.0)


@dataclass(frozen=True)
class Map:
    """One map: a type's index in the panel, half-life in periods, width in cells (0 = the place alone)."""

    kind: int
    half_life: float
    width: float

    def reason(self, every: Every) -> str:
        """Say under which contribution this map is told."""
        if self.kind > 0:
            return "other types"
        if self.width > 0:
            return "neighbours"
        return "long-run place" if self.half_life >= YEAR_PERIODS[every] else "recent events"


def maps_of(panel: Panel) -> tuple[Map, ...]:
    """List the maps of a panel's types: its own type in detail, the others in brief."""
    own = [Map(0, h, w) for h in _OWN[panel.every] for w in _OWN_WIDTHS]
    others = [
        Map(kind, h, w)
        for kind in range(1, len(panel.types))
        for h in _OTHERS[panel.every]
        for w in _OTHER_WIDTHS
    ]
    return (*own, *others)


def read_maps(panel: Panel, maps: Sequence[Map], cuts: Sequence[int]) -> Iterator[Singles]:
    """Give each map's shares times C, (M, C) float32 at M cuts: 1 is an even spread; one map at a time."""
    active = np.flatnonzero(panel.counts.any(axis=(0, 1)))
    widths = tuple(sorted({one.width for one in maps if one.width > 0}))
    around = Surroundings.of(panel.grid, panel.cells, active, widths)
    held: tuple[int, float] | None = None
    state = np.zeros((0, 0), np.float32)
    for one in maps:
        if (one.kind, one.half_life) != held:
            held = one.kind, one.half_life
            seen = seen_periods(panel, one.kind)
            state = decayed(panel.counts[one.kind], seen, [one.half_life], cuts)[0][0]
        values = around.smooth(state, one.width) if one.width > 0 else state
        yield (shares_of(values) * values.shape[-1]).astype(np.float32)


def held_before(panel: Panel, cuts: Sequence[int]) -> Floats:
    """Give the target's seen total before each cut, (M,)."""
    totals = np.where(seen_periods(panel), panel.target_counts.sum(axis=1, dtype=np.float64), 0.0)
    out: Floats = np.concatenate([[0.0], np.cumsum(totals)])[np.asarray(cuts, int)]
    return out
