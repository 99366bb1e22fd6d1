"""Which detector of counts a history is long enough for: one of them speaks, the others say why not."""

from __future__ import annotations

from typing import Final, Literal

from peelian.domain.series import Series
from peelian.domain.time import YEAR_PERIODS, Every

Speaker = Literal["farrington", "cusum", "ears", ""]
YEARS: Final = 3
"""Years of observed periods that Farrington's method asks for."""
BASE: Final[dict[Every, int]] = {"month": 12, "week": 26}
"""Periods a CUSUM learns its usual level from, at least."""
WATCHED: Final[dict[Every, int]] = {"month": 3, "week": 8}
"""Newest periods a CUSUM sums over."""
EARS_BASE: Final = 7
EARS_GAP: Final = 2


def speaker(series: Series) -> Speaker:
    """Say which detector judges this series, by the periods observed anywhere; "" when none can."""
    if series.every not in BASE:
        return ""
    observed = int(series.observed.any(axis=1).sum())
    if observed > YEARS * YEAR_PERIODS[series.every]:
        return "farrington"
    if observed >= BASE[series.every] + WATCHED[series.every]:
        return "cusum"
    return "ears" if observed >= EARS_BASE + EARS_GAP + 1 else ""


def why_not(series: Series, wanted: Speaker) -> str:
    """Give in words why `wanted` does not judge this series; empty when it does."""
    if series.every not in BASE:
        return "counts by day are not judged: use weeks or months"
    got = speaker(series)
    if got == wanted:
        return ""
    observed = int(series.observed.any(axis=1).sum())
    held = f"{observed} observed {series.every}s"
    return f"{held} are too few to judge by" if not got else f"{held}: the detector {got} judges them instead"
