"""From a score of how well names and places fit to how often such a match is right.

The knots were fitted on the development half of the written phrases (tests/gazetteer/phrases), never on the
held-out half, by hand from the shares printed by benchmarks/location_text.py.
"""

from __future__ import annotations

from typing import Final

import numpy as np

AT_LEAST: Final = 0.8
"""A match less likely than this is no match: the row has no point."""
_SCORES: Final = (0.0, 0.3, 0.5, 0.65, 0.75, 0.85, 0.95, 1.0)
_RIGHT: Final = (0.0, 0.1, 0.3, 0.6, 0.85, 0.92, 0.97, 0.98)


def calibrated(score: float) -> float:
    """Give the share of matches with this score that are right.

    >>> round(calibrated(1.0), 2), calibrated(0.5) < AT_LEAST
    (0.98, True)
    """
    return float(np.interp(score, _SCORES, _RIGHT))
