"""Which line holds the column names: the first, one under a title, or none."""

from __future__ import annotations

import re
from typing import Final

_VALUE: Final = re.compile(r"^[-+]?[\d.,]+$|\d[-/.:]\d|^[0-9a-f]{16,}$|\d{4,}")


def find_heading(rows: list[list[str]], width: int) -> tuple[int, bool]:
    """Give how many lines stand above the names, and whether there are names.

    A line of names fills nearly all columns, each differently, with words rather than values; what stands
    above it is shorter.
    """
    for at, row in enumerate(rows[:30]):
        filled = [cell for cell in row if cell]
        if len(row) < width or len(filled) < max(1, 0.7 * width):
            continue
        if _is_names(filled):
            return at, True
        return at, False
    return 0, _is_names([cell for cell in rows[0] if cell])


def _is_names(cells: list[str]) -> bool:
    if not cells or len(set(cells)) < 0.8 * len(cells):
        return False
    values = sum(
        bool(_VALUE.search(cell)) and not cell.lower().startswith(("lsoa", "msoa")) for cell in cells
    )
    worded = sum(any(c.isalpha() for c in cell) for cell in cells)
    return values <= 0.25 * len(cells) and worded >= 0.75 * len(cells)
