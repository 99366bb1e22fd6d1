"""What a column's values are like, measured once: shares from 0 to 1 of its values that are present."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from peelian.propose import patterns as p
from peelian.propose.vocabulary import known_share
from peelian.propose.when import Written, number_of, written


@dataclass(frozen=True)
class Facts:
    """Of the values that are present. `low`, `middle` and `high` are 2, 50 and 98 % quantiles of numbers."""

    filled: float
    present: int
    distinct: int
    unique: float
    words: float
    length: float
    numeric: float
    whole: float
    low: float
    middle: float
    high: float
    grid_reference: float
    lsoa: float
    msoa: float
    other_area: float
    postcode: float
    outcode: float
    yes_no: float
    street: float
    lettered: float
    known: dict[str, float]
    when: Written | None


_NONE: Final = float("nan")


def facts_of(values: pl.Series, dtype: pl.DataType | None = None) -> Facts:
    """Measure a column given as texts, null where empty."""
    here = values.drop_nulls()
    count, distinct = here.len(), here.n_unique() if here.len() else 0
    if not count:
        return Facts(0, 0, 0, 0, 0, 0, 0, 0, _NONE, _NONE, _NONE, 0, 0, 0, 0, 0, 0, 0, 0, 0, {}, None)
    number = here.cast(pl.Float64, strict=False)
    numbers = number.drop_nulls()
    numbers = numbers.filter(numbers.is_finite())

    def share(pattern: str) -> float:
        return number_of(here.str.contains(pattern).mean())

    def quantile(q: float) -> float:
        return number_of(numbers.quantile(q)) if numbers.len() else _NONE

    return Facts(
        filled=count / max(values.len(), 1), present=count, distinct=distinct, unique=distinct / count,
        words=number_of(here.str.count_matches(r"\S+").mean()),
        length=number_of(here.str.len_chars().mean()),
        numeric=numbers.len() / count,
        whole=number_of((numbers == numbers.floor()).mean()) if numbers.len() else 0.0,
        low=quantile(0.02), middle=quantile(0.5), high=quantile(0.98),
        grid_reference=share(p.GRID_REFERENCE), lsoa=share(p.LSOA), msoa=share(p.MSOA),
        other_area=share(p.OTHER_AREA), postcode=share(p.POSTCODE), outcode=share(p.OUTCODE),
        yes_no=share(p.YES_NO), street=share(p.STREET), lettered=share(r"\p{L}"),
        known=known_share(here), when=written(values, dtype),
    )  # fmt: skip
