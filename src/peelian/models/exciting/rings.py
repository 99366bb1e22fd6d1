"""Distance on the lattice: classes of offsets that are alike, and the share a Gaussian step sends to each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy import sqrt

from peelian.domain.grid import Floats
from peelian.models.exciting.events import Flags

Classes = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Rings:
    """Offsets up to `reach` cells away, grouped by (larger, smaller) of |dx| and |dy|: Q classes.

    `klass` (2 reach + 1, 2 reach + 1) gives each offset's class, `larger` and `smaller` (Q,) its steps and
    `size` (Q,) how many offsets it holds.
    """

    reach: int
    klass: Classes
    larger: Classes
    smaller: Classes
    size: Floats

    @classmethod
    def of(cls, reach: int) -> Rings:
        """Group the offsets of a square of this reach.

        >>> Rings.of(1).size.tolist()
        [1.0, 4.0, 4.0]
        """
        steps = np.abs(np.arange(-reach, reach + 1))
        far, near = np.maximum.outer(steps, steps), np.minimum.outer(steps, steps)
        klass = far * (far + 1) // 2 + near
        pairs = [(a, b) for a in range(reach + 1) for b in range(a + 1)]
        larger, smaller = (np.array(side, np.int64) for side in zip(*pairs, strict=True))
        size = np.bincount(klass.ravel(), minlength=len(pairs)).astype(float)
        return cls(reach, klass, larger, smaller, size)

    def met(self, inside: Flags) -> Floats:
        """Count the cells of the mask in each class around every cell of the box, (rows, columns, Q)."""
        reach, (rows, columns) = self.reach, inside.shape
        wide = np.pad(inside.astype(float), reach)
        out = np.zeros((rows, columns, len(self.size)))
        for up in range(2 * reach + 1):
            for right in range(2 * reach + 1):
                out[:, :, self.klass[up, right]] += wide[up : up + rows, right : right + columns]
        return out

    def gaussian(self, width: float) -> Floats:
        """Give the chance (Q,) that a step lands in one cell of each class, from a uniform place in a cell.

        The step is Gaussian with standard deviation `width` (cells) each way. What lands beyond `reach` is
        in no class, so the classes add up to a little less than one.

        >>> bool(abs(float(Rings.of(4).gaussian(0.8) @ Rings.of(4).size) - 1) < 1e-3)
        True
        """
        side = _landing(np.arange(self.reach + 1, dtype=float), width)
        out: Floats = side[self.larger] * side[self.smaller]
        return out


def _landing(steps: Floats, width: float) -> Floats:
    """Chance that u + z lies in [k, k + 1) for u uniform on [0, 1), z normal(0, width), for each k.

    It is the second difference of the integral of the normal distribution function.
    """
    from scipy.special import ndtr  # late: scipy costs every command a second

    def integral(v: Floats) -> Floats:
        out: Floats = v * ndtr(v / width) + width * np.exp(-0.5 * (v / width) ** 2) / sqrt(2 * np.pi)
        return out

    out: Floats = integral(steps + 1) - 2 * integral(steps) + integral(steps - 1)
    return np.maximum(out, 1e-300)
