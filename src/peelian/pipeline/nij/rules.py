"""The challenge's rules: categories, horizons, what a legal cell and a legal flagged area are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from peelian.domain.errors import Misuse
from peelian.domain.time import step

MILE: Final = 5280.0
"""Feet in a mile; the challenge's coordinates are EPSG:2913, in international feet."""
CRS: Final = "EPSG:2913"
ORIGIN: Final = date(2017, 3, 1)
"""The day the forecasts begin: nothing of this day or later may be known."""
CELL_AREA: Final = (62_500.0, 360_000.0)
"""Least and most area of an untrimmed cell, square feet."""
LEAST_SIDE: Final = 125.0
"""Least dimension of a cell, feet."""
FLAGGED: Final = (0.25, 0.75)
"""Least and most flagged area, square miles: both ends are scored."""


Aim = Literal["pai", "pei"]
"""Which of the challenge's two measures an entry is made for."""


@dataclass(frozen=True)
class Category:
    """One kind of call: its file's first words, and what it is called."""

    name: str
    title: str
    prefix: str


CATEGORIES: Final = (
    Category("burglary", "burglary", "burglary"),
    Category("vehicle", "theft of a vehicle", "motor_vehicle_theft"),
)


@dataclass(frozen=True)
class Horizon:
    """A forecast window from the origin: so many days, or so many calendar months."""

    name: str
    days: int = 0
    months: int = 0

    def end(self, origin: date) -> date:
        """Give the first day after the window.

        >>> [str(h.end(date(2017, 3, 1))) for h in HORIZONS]
        ['2017-03-08', '2017-03-15', '2017-04-01', '2017-05-01', '2017-06-01']
        """
        return step(origin, "month", self.months) if self.months else origin + timedelta(days=self.days)


HORIZONS: Final = (
    Horizon("1 week", days=7), Horizon("2 weeks", days=14), Horizon("1 month", months=1),
    Horizon("2 months", months=2), Horizon("3 months", months=3),
)  # fmt: skip


def categories_of(name: str) -> tuple[Category, ...]:
    """Give the categories a word stands for: one, or `all`.

    Raises:
        Misuse: with the choices.
    """
    chosen = tuple(c for c in CATEGORIES if name in (c.name, "all"))
    if not chosen:
        raise Misuse(
            f"--category {name} is not known", expected=", ".join([*(c.name for c in CATEGORIES), "all"])
        )
    return chosen


def check_cell(width: float, height: float) -> None:
    """Check an untrimmed cell's sides (feet) against the rules.

    Raises:
        Misuse: the area or the lesser side is not legal.
    """
    low, high = CELL_AREA
    if not low <= width * height <= high:
        raise Misuse(
            f"a cell of {width * height:,.0f} sq ft is not legal", expected=f"{low:,.0f} to {high:,.0f}"
        )
    if min(width, height) < LEAST_SIDE:
        raise Misuse(
            f"a cell {min(width, height):g} ft wide is not legal", expected=f"{LEAST_SIDE:g} ft or more"
        )


def check_flagged(square_feet: float) -> None:
    """Check the flagged area, trimmed cells as trimmed.

    Raises:
        Misuse: less or more than the rules allow.
    """
    low, high = FLAGGED
    if not low <= square_feet / MILE**2 <= high:
        raise Misuse(
            f"{square_feet / MILE**2:.4f} sq mi flagged is not legal", expected=f"{low} to {high} sq mi"
        )


def cells_to_flag(square_miles: float, cell_area: float) -> int:
    """Give how many whole cells to flag: the fewest that reach the least area, else the most that fit.

    >>> cells_to_flag(0.25, 62_500.0), cells_to_flag(0.75, 62_500.0)
    (112, 334)
    """
    wanted = square_miles * MILE**2 / cell_area
    return int(-(-wanted // 1)) if square_miles <= FLAGGED[0] else int(wanted)
