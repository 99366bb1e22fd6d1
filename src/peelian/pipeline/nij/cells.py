"""Events on a tessellation: the cell of each, and which cells lie beside which."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from peelian.domain.grid import Floats
from peelian.pipeline.nij.events import City, Events, day_number
from peelian.pipeline.nij.tessellation import Keys, Tessellation

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class CellTable:
    """The cells (C,) in which anything ever happened, and each event's place among them.

    Cells where nothing ever happened are left out: no count ranks them, and flagging them catches nothing. A
    ranker must give nothing to a cell that held nothing before the origin, or it would know of later events.
    `own` are the category's events, `other` all other categories'.
    """

    tessellation: Tessellation
    own: Events
    other: Events
    keys: Keys
    own_at: Indices
    other_at: Indices
    _kept: dict[tuple[date, float, bool], Floats] = field(default_factory=dict)

    @classmethod
    def of(cls, tessellation: Tessellation, city: City, category: str) -> CellTable:
        """Place a city's events on a tessellation."""
        own = city.events[category]
        rest = [e for name, e in city.events.items() if name != category]
        other = Events(*(np.concatenate([getattr(e, a) for e in rest]) for a in ("x", "y", "day")))
        every = tessellation.key_of(np.concatenate([own.x, other.x]), np.concatenate([own.y, other.y]))
        found, at = np.unique(every, return_inverse=True)
        return cls(tessellation, own, other, found, at[: len(own)], at[len(own) :])

    def happened(self, first: date, last: date) -> Floats:
        """Count the category's events by cell from `first` to the day before `last`, (C,)."""
        day = self.own.day
        keep = (day >= day_number(first)) & (day < day_number(last))
        return np.bincount(self.own_at[keep], minlength=len(self.keys)).astype(np.float64)

    def remembered(self, origin: date, half_life: float, *, other: bool = False) -> Floats:
        """Count events before `origin` by cell, each halved for every `half_life` days of its age, (C,)."""
        key = origin, half_life, other
        if key in self._kept:
            return self._kept[key]
        if self._kept and next(iter(self._kept))[0] != origin:
            self._kept.clear()  # one origin is read many times over, then the next
        events, at = (self.other, self.other_at) if other else (self.own, self.own_at)
        age = day_number(origin) - events.day
        past = age > 0
        weight = 0.5 ** (age[past] / half_life)
        self._kept[key] = np.bincount(at[past], weight, len(self.keys)).astype(np.float64)
        return self._kept[key]

    @cached_property
    def beside(self) -> sparse.csr_array:
        """Say which cells touch which by side or corner, (C, C) of ones."""
        wide = 1 << 20
        rows, columns = [], []
        for step in (1, wide - 1, wide, wide + 1):
            at = np.minimum(np.searchsorted(self.keys, self.keys + step), len(self.keys) - 1)
            hit = self.keys[at] == self.keys + step
            rows += [np.flatnonzero(hit), at[hit]]
            columns += [at[hit], np.flatnonzero(hit)]
        row, column = np.concatenate(rows), np.concatenate(columns)
        return sparse.csr_array((np.ones(len(row)), (row, column)), shape=(len(self.keys),) * 2)
