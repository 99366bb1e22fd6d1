"""Ordnance Survey grid references: two letters and an even number of digits, such as `SU 123 456`.

The letters name a square of 100 km: the first one of 25 squares of 500 km, the second one of 25 squares in
it, both in rows from the north-west with I left out. SV has its south-west corner at the false origin (0, 0).
The digits name a square in it of 10 km (two digits) down to 1 m (ten). The reference means that whole square,
so its point is the centre and its precision half the diagonal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_LETTERS: Final = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
_WHOLE: Final = re.compile(r"^\s*([A-HJ-Z])\s*([A-HJ-Z])\s*(\d(?:[\s,]*\d)*)\s*$", re.IGNORECASE)
# In running text the letters are capitals and the digits at least six: `to 12` and `so 1234` are words.
IN_TEXT: Final = re.compile(
    r"(?<![A-Za-z0-9])([HNOST][A-HJ-Z])\s?(\d{3}\s?\d{3}|\d{4}\s?\d{4}|\d{5}\s?\d{5})(?!\d)"
)
_WIDTH_M, _HEIGHT_M = 700_000, 1_300_000


@dataclass(frozen=True)
class GridPoint:
    """The centre of the square a grid reference names (EPSG:27700 metres), and half its diagonal."""

    easting: float
    northing: float
    precision_m: float


def square_origin(letters: str) -> tuple[int, int] | None:
    """Give the south-west corner of a 100 km square in metres; None outside the National Grid.

    >>> square_origin("SV"), square_origin("TQ"), square_origin("SU"), square_origin("HP")
    ((0, 0), (500000, 100000), (400000, 100000), (400000, 1200000))
    """
    first, second = (_LETTERS.find(letter) for letter in letters.upper())
    if first < 0 or second < 0:
        return None
    east = ((first - 2) % 5) * 5 + second % 5
    north = 19 - (first // 5) * 5 - second // 5
    if not (0 <= east * 100_000 < _WIDTH_M and 0 <= north * 100_000 < _HEIGHT_M):
        return None
    return east * 100_000, north * 100_000


def to_point(text: str) -> GridPoint | None:
    """Give the point of a grid reference of 2 to 10 digits; None where it is none.

    >>> to_point("SU 123 456")
    GridPoint(easting=412350.0, northing=145650.0, precision_m=70.7)
    """
    found = _WHOLE.match(text)
    if not found:
        return None
    digits = re.sub(r"\D", "", found[3])
    origin = square_origin(found[1] + found[2])
    if origin is None or len(digits) % 2 or not 2 <= len(digits) <= 10:
        return None
    half = len(digits) // 2
    side = 10 ** (5 - half)
    east, north = int(digits[:half]) * side, int(digits[half:]) * side
    precision = max(round(side * 2**0.5 / 2, 1), 1.0)
    return GridPoint(origin[0] + east + side / 2, origin[1] + north + side / 2, precision)
