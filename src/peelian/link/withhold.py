"""Small counts withheld, and as many others as it takes that none can be found by subtracting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from peelian.link.overlap import PATTERNS, SMALL, shown

NAMES: Final = tuple(PATTERNS.values())
Rows = Sequence[dict[str, Any]]


def shown_rows(rows: Rows) -> list[dict[str, Any]]:
    """Give rows of counts fit to show, as text: 1 to 4 withheld, and others where one could be subtracted.

    `rows` have `area`, `published`, `incidents` and a count (or None: not known) for each pattern. Along a
    row, what is withheld adds up to 5 or more, or the row's total is withheld too; down the rows of the same
    `published`, a pattern is never withheld once only, because the whole area's count may be known.
    """
    hidden = [{n for n in NAMES if 0 < (row[n] or 0) < SMALL} for row in rows]
    while True:
        before = sum(map(len, hidden))
        for row, names in zip(rows, hidden, strict=True):
            _along(row, names)
        for part in {row["published"] for row in rows}:
            _down([k for k, row in enumerate(rows) if row["published"] == part], rows, hidden)
        if sum(map(len, hidden)) == before:
            return [_text(row, names) for row, names in zip(rows, hidden, strict=True)]


def _along(row: dict[str, Any], names: set[str]) -> None:
    while names and (len(names) == 1 or sum(row[n] for n in names) < SMALL):
        others = sorted((row[n], n) for n in NAMES if row[n] and n not in names)
        if not others:
            return
        names.add(others[0][1])


def _down(part: list[int], rows: Rows, hidden: list[set[str]]) -> None:
    for name in NAMES:
        if sum(name in hidden[k] for k in part) == 1:
            others = sorted((rows[k][name], k) for k in part if rows[k][name] and name not in hidden[k])
            if others:
                hidden[others[0][1]].add(name)


def _text(row: dict[str, Any], names: set[str]) -> dict[str, Any]:
    told = {n: "withheld" if n in names else shown(row[n]) for n in NAMES}
    return row | {"incidents": shown(row["incidents"])} | told
