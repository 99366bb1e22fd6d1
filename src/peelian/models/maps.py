"""The learner's maps: where each type of event has been, at several memories, seasons and widths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from peelian.domain.grid import Floats
from peelian.domain.panel import Panel
from peelian.domain.time import YEAR_PERIODS, Every
from peelian.models.happened import Happened
from peelian.models.lattice import Kernel, Lattice, Singles, kernel_of, lend
from peelian.models.mask_image import spacing_of
from peelian.models.memory import FOREVER
from peelian.models.past import seen_periods

_OWN: Final[dict[Every, tuple[float, ...]]] = {
    "month": (2.0, 4.0, 8.0, 16.0, FOREVER),
    "week": (1.5, 4.0, 13.0, 52.0, 208.0, FOREVER),
    "day": (14.0, 56.0, 182.0, 365.0, 730.0, FOREVER),
}
_OTHERS: Final[dict[Every, tuple[float, ...]]] = {
    "month": (4.0, FOREVER), "week": (13.0, FOREVER), "day": (91.0, FOREVER),
}  # fmt: skip
_BANDS: Final[dict[Every, tuple[int, ...]]] = {"month": (1,), "week": (3, 10), "day": (21, 70)}
"""How far before and after the same time of an earlier year a season reaches, in periods."""
_OWN_WIDTHS: Final = (0.0, 0.6, 1.0, 2.5, 6.0)
_OTHER_WIDTHS: Final = (0.0, 1.0)
_SEASON_YEARS: Final = 2.5
"""Years of history before a season can be told from chance."""


@dataclass(frozen=True)
class Map:
    """One map: a type's index in the panel, half-life in periods, width in cells (0 = the place alone).

    With a `band` it is a season's: counts within so many periods of the same time in earlier years.
    """

    kind: int
    half_life: float
    width: float
    band: int = 0

    def reason(self, every: Every) -> str:
        """Say under which contribution this map is told."""
        if self.kind > 0:
            return "other types"
        if self.band > 0:
            return "season"
        if self.width > 0:
            return "neighbours"
        return "long-run place" if self.half_life >= YEAR_PERIODS[every] else "recent events"


def maps_of(panel: Panel) -> tuple[Map, ...]:
    """List the maps of a panel's types: its own type in detail, the others in brief.

    Widths are in units of the mask's own spacing: a cell on a full lattice, more where places are scattered.
    """
    apart = spacing_of(panel.grid, panel.cells)
    own = [Map(0, h, w * apart) for h in _OWN[panel.every] for w in _OWN_WIDTHS]
    seen = np.flatnonzero(seen_periods(panel))
    held = len(panel.starts) - int(seen[0]) if len(seen) else 0
    bands = _BANDS[panel.every] if held >= _SEASON_YEARS * YEAR_PERIODS[panel.every] else ()
    others = [
        Map(kind, h, w * apart)
        for kind in range(1, len(panel.types))
        for h in _OTHERS[panel.every]
        for w in _OTHER_WIDTHS
    ]
    return (*own, *(Map(0, FOREVER, 0.0, band) for band in bands), *others)


def read_maps(panel: Panel, maps: Sequence[Map], cut: int, lead: int) -> Singles:
    """Give every map's shares times C before one cut, (C, K): 1 is an even spread.

    `lead` is how many periods after the cut the middle of the forecast lies; only seasons ask.
    """
    lattice = Lattice.of(panel.grid, panel.cells)
    held = {kind: Happened.of(panel, kind) for kind in {one.kind for one in maps}}
    out = np.ones((len(panel.cells), len(maps)), np.float32)
    for width in {one.width for one in maps}:
        wanted = [k for k, one in enumerate(maps) if one.width == width]
        values = [_values(panel, held[maps[k].kind], maps[k], cut, lead) for k in wanted]
        if width > 0:
            values = _around(lattice, kernel_of(lattice, width), values)
        for k, value in zip(wanted, values, strict=True):
            whole = float(value.sum())
            if whole > 0:
                out[:, k] = value / whole * len(value)
    return out


def _values(panel: Panel, held: Happened, one: Map, cut: int, lead: int) -> Floats:
    if one.band == 0:
        return held.decayed(one.half_life, cut)
    return held.within(season_parts(panel.every, one.band, cut, lead))


def season_parts(every: Every, band: int, cut: int, lead: int) -> list[tuple[int, int]]:
    """Give the spans of periods, half-open and before the cut, at the same time of each earlier year."""
    year, target = YEAR_PERIODS[every], cut + lead
    spans = [(target - k * year - band, target - k * year + band + 1) for k in range(1, target // year + 2)]
    inside = [(max(low, 0), min(high, cut)) for low, high in spans]
    return [(low, high) for low, high in inside if high > low]


def _around(lattice: Lattice, kernel: Kernel, values: Sequence[Floats]) -> list[Floats]:
    """Give what lies around each cell, (C,) each; one walk over the surroundings serves all the values."""
    giver = np.flatnonzero(np.any(values, axis=0))
    given = np.stack([value[giver] for value in values], axis=1).astype(np.float32)
    lent = lend(giver, given, lattice.x, lattice.y, lattice.look, kernel.bell, len(lattice.x))
    return [(lent[:, k] * kernel.inverse).astype(np.float64) for k in range(len(values))]


def held_before(panel: Panel, cuts: Sequence[int]) -> Floats:
    """Give the target's seen total before each cut, (M,)."""
    totals = np.where(seen_periods(panel), panel.target_counts.sum(axis=1, dtype=np.float64), 0.0)
    out: Floats = np.concatenate([[0.0], np.cumsum(totals)])[np.asarray(cuts, int)]
    return out
