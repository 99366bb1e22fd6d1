"""What holds for one feed of area counts: which areas, how many different people, what is withheld."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from peelian.sources.table.mapping import Mapping

FLOOR: Final = 10
"""Different families or adults behind a count, below which it is withheld (governance, section 3)."""
QUARTER_DAYS: Final = 93  # the longest quarter has 92; a day more for clocks
MAINLY: Final = 0.5

_MARKS: Final = (
    r"(?i)^(<\s*\d+|under \d+|\*+|\.{1,2}|[-–—:]|[cxsuz]|\[[a-z]{1,2}\]"  # as official statistics mark them
    r"|low|supp(ressed)?|withheld|n/?a)$"
)


@dataclass(frozen=True)
class Counting:
    """Rules of a feed. `of` says whom `distinct` counts; `kinds` the areas it may be counted by (any if
    empty); `per_quarter`: the floor is of a quarter, so longer periods need a multiple; `window_months` the
    only length of a period; `lag_months` after its end before which nothing is known; `basis` the only one
    that may be; `adults_only`: a band under 18 refuses the file; `institutions`: they must be told apart.
    """

    of: str
    scope: str
    kinds: tuple[str, ...] = ()
    per_quarter: bool = True
    window_months: int | None = None
    lag_months: int = 0
    basis: str | None = None
    adults_only: bool = False
    institutions: bool = False


def number_of(column: str) -> pl.Expr:
    """Give a whole number of 0 or more, null for anything else; thousands commas are read."""
    text = _text(column).str.replace_all(r"^(\d{1,3}),(\d{3})$", "${1}${2}")
    value = text.str.replace(r"\.0+$", "").cast(pl.Int64, strict=False)
    return pl.when(value.is_between(0, 2**31 - 1)).then(value)


def is_withheld(column: str) -> pl.Expr:
    """Say whether a provider withheld the number: a mark of suppression, or nothing."""
    return _text(column).is_null() | _text(column).str.contains(_MARKS)


def _text(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.String).str.strip_chars().replace("", None)


def floor_of(rules: Counting) -> pl.Expr:
    """Give how many different ones a row's period takes."""
    if not rules.per_quarter:
        return pl.lit(FLOOR)
    days = (pl.col("_end") - pl.col("_start")).dt.total_hours() / 24
    return (days / QUARTER_DAYS).ceil().clip(1).cast(pl.Int64) * FLOOR


def from_an_institution(rules: Counting, mapping: Mapping) -> pl.Expr:
    """Say whether a row's count comes mainly from a hostel, approved premises, children's home or prison.

    A share that is not given cannot be shown to be small.
    """
    if not rules.institutions:
        return pl.lit(False)
    listed = pl.col("_area").is_in([code.upper() for code in mapping.institutions or ()])
    if not mapping.columns.institution_share:
        return listed
    share = pl.col("institution_share").cast(pl.Float64, strict=False)
    return listed | (share > MAINLY).fill_null(True)
