"""Chance of a scan's maximum: rank among replicas, and Gumbel's tail beyond them."""

from __future__ import annotations

from typing import Final

import numpy as np

from peelian.domain.series import Floats

_BY_RANK: Final = 10
"""With so many replicas as high, the rank says enough; above them the tail is used."""


def chance(score: float, top: Floats) -> float:
    """Give the chance of a maximum of `score` or more among replicas' maxima `top` (B,).

    Gumbel fitted by moments: Abrams, Kulldorff and Kleinman (2010).
    """
    higher = int((top >= score).sum())
    if higher >= _BY_RANK or top.std() == 0:
        return (1 + higher) / (1 + len(top))
    scale = float(top.std(ddof=1)) * np.sqrt(6) / np.pi
    place = float(top.mean()) - np.euler_gamma * scale
    return float(-np.expm1(-np.exp(-(score - place) / scale)))
