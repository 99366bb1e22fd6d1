"""Are these dates of birth?"""

from __future__ import annotations

from typing import Final

import polars as pl

_FORMS: Final = (
    "%d/%m/%Y",
    "%Y-%m-%d",
    "%d-%m-%Y",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%d %b %Y",
    "%d-%b-%Y",
    "%d %B %Y",
    "%Y%m%d",
    "%d/%m/%y",
    "%d-%b-%y",
)
_SPREAD: Final = 12  # years between the tenth and the ninetieth percentile
_LONE_SPREAD: Final = 25  # the same, where no event's date is known


def years_of(values: pl.Series) -> pl.Series:
    """Give the year of each value that is a date (Int32; null where it is none)."""
    if values.dtype in (pl.Date, pl.Datetime):
        return values.dt.year()
    if not isinstance(values.dtype, pl.String):
        return pl.Series(values.name, [None] * values.len(), dtype=pl.Int32)
    text = values.str.strip_chars().str.replace(r"[ T]00:00(?::00(?:\.0+)?)?Z?$", "")
    dates = pl.DataFrame({"t": text}).select(
        pl.coalesce(pl.col("t").str.to_date(form, strict=False) for form in _FORMS)
    )
    return dates.to_series().dt.year()


def latest_year(values: pl.Series) -> int | None:
    """Give the year a column of event times reaches, or None when it cannot be read."""
    text = values.cast(pl.String) if values.dtype not in (pl.Date, pl.Datetime) else None
    if text is None:
        year = values.dt.year().max()
        return int(year) if isinstance(year, int) else None
    year = text.str.extract(r"\b((?:19|20)\d{2})").cast(pl.Int32, strict=False).max()
    return int(year) if isinstance(year, int) else None


def are_births(values: pl.Series, event_year: int | None) -> bool:
    """Say whether dates lie as dates of birth do: five to a hundred years before, over many years.

    `event_year` is a year the events of the file reach; without it only a wider spread will do.
    """
    years = years_of(values).drop_nulls()
    if years.len() < 3 or years.len() < 0.8 * values.drop_nulls().len():
        return False
    low, high = years.quantile(0.1), years.quantile(0.9)
    if low is None or high is None or high - low < (_SPREAD if event_year else _LONE_SPREAD):
        return False
    reach = event_year if event_year is not None else int(str(years.max())) + 5
    born = years.is_between(reach - 100, reach - 5).mean()
    middle = years.median()
    old = isinstance(middle, int | float) and middle <= reach - 14
    return isinstance(born, float) and born >= 0.6 and old and years.n_unique() >= 3
