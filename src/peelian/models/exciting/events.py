"""Events as the process sees them: when, in which cell, of which kind. Never who."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from peelian.domain.errors import Misuse
from peelian.domain.grid import Floats

Small = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Ground:
    """The box that events fall on: `inside` (rows, columns) is the mask; a cell is row x columns + column.

    Only cells of the mask can hold events; lengths are in cells.
    """

    inside: Flags

    @property
    def rows(self) -> int:
        """Rows of the box."""
        return int(self.inside.shape[0])

    @property
    def columns(self) -> int:
        """Columns of the box."""
        return int(self.inside.shape[1])


@dataclass(frozen=True, eq=False)
class Events:
    """N events in order of time: `time` days from 0 up to `span`, `cell` index in the box, `kind` from 0."""

    time: Floats
    cell: Small
    kind: Small
    span: float

    @classmethod
    def of(
        cls, time: Floats, cell: npt.NDArray[np.integer], span: float,
        kind: npt.NDArray[np.integer] | None = None,
    ) -> Events:  # fmt: skip
        """Sort events by time (stable: ties keep their order).

        Raises:
            Misuse: when a time lies outside 0 to `span`.
        """
        if len(time) and not (time.min() >= 0 and time.max() <= span):
            raise Misuse(
                "an event lies outside the time looked at",
                expected=f"days from 0 to {span:g}",
                do="give times in days from the first day looked at, and a span that holds them all",
            )
        order = np.argsort(time, kind="stable")
        kinds = np.zeros(len(time), np.int32) if kind is None else kind[order].astype(np.int32)
        return cls(np.asarray(time, float)[order], cell[order].astype(np.int32), kinds, float(span))

    def of_kind(self, kind: int) -> Events:
        """Keep one kind, in order."""
        keep = self.kind == kind
        return Events(self.time[keep], self.cell[keep], self.kind[keep], self.span)
