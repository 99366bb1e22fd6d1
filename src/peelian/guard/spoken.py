"""How a column is named in a message: by its name, unless the name itself may be a person's data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import polars as pl

from peelian.guard.names import are_names
from peelian.guard.values import harmless

_LONGEST: Final = 60
_ODD: Final = re.compile(
    r"\d{5,}|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|[0-9a-f]{16}|[^\w\s.,:;()/&#%£'’?*+=\[\]|<>-]"
)


def spoken(names: Sequence[str]) -> tuple[str, ...]:
    """Give each column's name where it is plainly one, else its number, such as `column 7`.

    A file without a header has a person's data where names should be.
    """
    return _spoken(tuple(names))


@lru_cache(maxsize=256)
def _spoken(names: tuple[str, ...]) -> tuple[str, ...]:
    plain = harmless(pl.Series(list(names), dtype=pl.String)).to_list()
    return tuple(
        name if ok and name and len(name) <= _LONGEST and not _ODD.search(name) and not _is_name(name)
        else f"column {number}"
        for number, (name, ok) in enumerate(zip(names, plain, strict=True), 1)
    )  # fmt: skip


@lru_cache(maxsize=4096)
def is_of_values(name: str) -> bool:
    """Say whether a column's name is a person's name, number or address: the header is a row, or a pivot."""
    return not harmless(pl.Series([name], dtype=pl.String))[0] or _is_name(name)


@lru_cache(maxsize=4096)
def _is_name(name: str) -> bool:
    return " " in name and are_names(pl.Series([name]))
