"""What the public is shown of a forecast: three bands of neighbourhoods a quarter, never a figure.

A neighbourhood with few events behind its forecast gets no band. A band compares a place with the middle of
the places shown, with wide steps, so that no single event moves one by more than a step.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

BANDS: Final = ("lower", "middle", "higher")
_STEPS: Final = (2 / 3, 3 / 2)
"""Shares of the middle place's expected count at which a band begins."""


def bands(expected: Mapping[str, float], past_year: Mapping[str, int], least: int) -> dict[str, str]:
    """Give the band of each place that may have one.

    `expected`: counts expected, by place; `past_year`: plain counts of the year before, by place. A place
    with fewer than `least` is left out.

    >>> bands({"a": 1.0, "b": 2.0, "c": 9.0, "d": 5.0}, {"a": 20, "b": 40, "c": 99, "d": 3}, 10)
    {'a': 'lower', 'b': 'middle', 'c': 'higher'}
    """
    shown = {code: value for code, value in expected.items() if past_year.get(code, 0) >= least}
    if not shown:
        return {}
    middle = float(np.median(list(shown.values())))
    return {
        code: BANDS[int(np.searchsorted(_STEPS, value / middle, side="right")) if middle > 0 else 0]
        for code, value in sorted(shown.items())
    }
