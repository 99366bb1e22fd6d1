"""The map's colours, for pictures: the ramps and the fading of doubt of `web/src/map/palette.ts`."""

from __future__ import annotations

from typing import Final

import numpy as np

from peelian.api.quantise import Bytes
from peelian.domain.grid import Floats

_RAMPS: Final = {
    "forecast": "e9e2be abd0b0 60aeab 2a7f9e 235087 202159",
    "past": "f0e0c4 deb680 c1874f 955c34 643927 381e1c",
    "coverage": "e9e4d6 becfbc 7ea98f 427863 18463a",
    "doubt": "e8e0ee cbbadc a892c5 846aab 63448c 422266",
    "change": "184a8c 6ea0d0 d6d6d1 dd9454 8b390a",
}
STRUCK: Final = {"fragile": 3}
"""The class of a layer that is struck through: it is one thing or another, not the most of it."""
_UNSURE: Final = np.array([205.0, 205.0, 200.0])
_FORECASTS: Final = ("expected", "chance", "harm")


def colours(layer: str, classes: Bytes, certainty: Bytes, count: int) -> Floats:
    """Give red, green, blue and alpha from 0 to 1 of each place, (C, 4); class 0 is left clear.

    `count` is how many classes the legend has. The less sure, the closer to grey (Correll, Moritz and Heer
    2018).
    """
    place = (
        (np.minimum(classes, count).astype(float) - 1) / max(count - 1, 1)
        if count > 1
        else np.ones(len(classes))
    )
    place = np.clip(place, 0, 1)
    if layer == "change":
        rgb, alpha = _along("change", place), 0.4 + 1.08 * np.abs(place - 0.5)
    else:
        sure = certainty / 7 if layer in _FORECASTS else np.ones(len(classes))
        name = layer if layer in _RAMPS else "forecast"
        ramp = _along(name, 0.12 + (place - 0.12) * (0.45 + 0.55 * sure))
        share = (0.36 + 0.64 * sure)[:, None]
        rgb, alpha = _UNSURE + (ramp - _UNSURE) * share, 0.5 + 0.44 * np.minimum(1, place * 2.2)
    out = np.column_stack([rgb / 255, np.clip(alpha, 0, 1)])
    out[classes == 0] = 0
    return np.asarray(out, np.float64)


def _along(name: str, t: Floats) -> Floats:
    stops = np.array([list(bytes.fromhex(one)) for one in _RAMPS[name].split()], np.float64)
    at = np.clip(t, 0, 1) * (len(stops) - 1)
    return np.column_stack([np.interp(at, np.arange(len(stops)), stops[:, k]) for k in range(3)])
