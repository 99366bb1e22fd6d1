"""A fen of 144 squares over 80 weeks; twelve get lighting in week 60, and half of their calls stop."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import numpy as np

from peelian.domain.grid import BRITISH_NATIONAL_GRID_250
from peelian.domain.intervention import Entry
from tests.pipeline.calls import FIRST, FORCE

SIDE: Final = 12
WEEKS: Final = 80
BEGIN: Final = 60
PLACES: Final = tuple((400_125 + 250 * (k % SIDE), 300_125 + 250 * (k // SIDE)) for k in range(SIDE**2))
CELLS: Final = tuple(
    str(c) for c in BRITISH_NATIONAL_GRID_250.cell_of(*np.array(PLACES, float).T).tolist()
)  # fmt: skip
TREATED: Final = (13, 14, 17, 25, 26, 29, 37, 38, 41, 42, 54, 56)
START: Final = (FIRST + timedelta(weeks=BEGIN)).date()
END: Final = (FIRST + timedelta(weeks=WEEKS)).date()


def log(ratio: float, seed: int = 3) -> list[str]:
    """Give the calls: about 1.2 a week and square, `ratio` times that where treated."""
    rng = np.random.default_rng(seed)
    lines: list[str] = []
    for week in range(WEEKS):
        for k, (e, n) in enumerate(PLACES):
            mean = 1.2 * (ratio if k in TREATED and week >= BEGIN else 1.0)
            for _ in range(rng.poisson(mean)):
                at = FIRST + timedelta(days=7 * week + int(rng.integers(0, 7)))
                known = at + timedelta(hours=1)
                lines.append(f"c{len(lines)},{at:%Y-%m-%d %H:%M},{known:%Y-%m-%d %H:%M},{e},{n},zq,street")
    return lines


def entry(
    places: tuple[int, ...] = TREATED, start: date = START, end: date = END, kind: str = "street-lighting"
) -> Entry:
    """Give the entry of the register: lighting in the treated squares."""
    return Entry(
        "", kind, "Lighting of the lower fen", FORCE, "cell", tuple(CELLS[k] for k in places), start, end,
        "council", 40.0, "lamps", 12_000.0, "repeat calls", "head of place",
    )  # fmt: skip
