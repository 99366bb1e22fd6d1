"""What every method gives back: a change as a ratio and as a count, with intervals and a chance."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Effect:
    """A change in the treated places against what was expected without it.

    `ratio` is seen / expected (0.8 is 20 % fewer), `change` is seen - expected as a count over `periods`;
    low and high are the ends of the interval at `level`. `p` is the chance of a change as large if the true
    one were zero. None where a method does not give it.
    """

    method: str
    seen: float
    expected: float
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None
    change: float
    change_low: float
    change_high: float
    p: float
    treated: int
    controls: int
    periods: int
    level: float = 0.95
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def clear(self) -> bool:
        """Whether the chance is under 1 - level."""
        return self.p < 1 - self.level

    def to_json(self) -> dict[str, Any]:
        """Give plain values for a card."""
        return {**self.__dict__, "clear": self.clear}


def ratios(seen: float, change: float, half: float) -> tuple[float | None, float | None, float | None]:
    """Give seen / expected and both ends, where what was expected is above zero over the whole interval."""
    if seen - change - half <= 0:
        return None, None, None
    return seen / (seen - change), seen / (seen - change + half), seen / (seen - change - half)
