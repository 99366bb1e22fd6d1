"""How Farrington's method is set: the words of the R package `surveillance`, so that runs can be compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from peelian.domain.errors import Misuse

Method = Literal["delta", "nbPlugin", "muan"]
Power = Literal["none", "1/2", "2/3"]
POWERS: Final[dict[Power, float]] = {"none": 1.0, "1/2": 0.5, "2/3": 2 / 3}


@dataclass(frozen=True)
class Control:
    """Settings of Farrington flexible (Noufaily et al. 2013); the defaults are those of the R package.

    `years` back, `half_window` periods each side of the same period of earlier years, `levels` of season in
    a year, `skipped` newest periods left out of the fit (None: the half-window), `outlier` the Anscombe
    residual above which a past period counts less, `trend_p` how significant a trend must be to be kept,
    `method` of the bound, `alpha` its level, `power` of the transform of method `delta`.
    `package_spread` takes the standard error as the R package does (see the model card), for comparison.
    """

    years: int = 5
    half_window: int = 3
    levels: int = 1
    skipped: int | None = None
    reweight: bool = True
    outlier: float = 2.58
    trend: bool = True
    trend_p: float = 0.05
    method: Method = "delta"
    alpha: float = 0.05
    power: Power = "2/3"
    package_spread: bool = True

    def __post_init__(self) -> None:
        """Refuse what cannot be fitted.

        Raises:
            Misuse: for numbers outside their range.
        """
        if self.years < 1 or self.half_window < 0 or self.levels < 1 or (self.skipped or 0) < 0:
            raise Misuse(
                "settings of Farrington's method are out of range",
                expected="years and levels of 1 or more, half-window and skipped of 0 or more",
            )
        if not 0 < self.alpha < 1:
            raise Misuse("alpha is not a chance", expected="a number between 0 and 1")

    @property
    def newest_skipped(self) -> int:
        """Periods before the judged one that are left out of the fit."""
        return self.half_window if self.skipped is None else self.skipped


NOUFAILY: Final = Control(
    years=4, levels=10, skipped=26, trend_p=1.0, method="nbPlugin", package_spread=False
)
"""Noufaily's options as the R package's own example sets them, with the negative binomial bound."""
