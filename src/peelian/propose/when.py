"""How a column's values say when: which format, a day, a minute or a month, in which zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import polars as pl

Grain = Literal["month", "date", "datetime", "time", "hour"]

_DAYS: Final = (
    "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%d.%m.%Y", "%Y/%m/%d", "%d %b %Y", "%d-%b-%Y",
    "%d/%b/%Y", "%d %B %Y", "%d-%b-%y", "%d %b %y", "%d/%m/%y", "%m/%d/%y", "%d-%m-%y", "%d.%m.%y",
    "%b %d, %Y", "%B %d, %Y", "%Y%m%d",
)  # fmt: skip
_CLOCKS: Final = ("%H:%M", "%H:%M:%S", "%I:%M:%S %p", "%I:%M %p", "%H%M", "%H:%M:%S%.f", "%H.%M")
_MONTHS: Final = ("%Y-%m", "%b-%y", "%b %Y", "%B %Y", "%b-%Y", "%m/%Y", "%Y/%m", "%Y%m", "%b %y", "%Y-%b")
_ISO: Final = re.compile(
    r"^(?:19|20)\d\d-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$"
)
_FIRST: Final = pl.lit("1970-01-02").str.to_date()
_LAST: Final = pl.lit("2040-01-01").str.to_date()


@dataclass(frozen=True)
class Written:
    """`format` as `time.format` takes it (None for ISO), the share of values it reads, what it leaves open.

    `doubt` says that day and month could be the other way round: nothing in the values decides.
    """

    grain: Grain
    format: str | None
    share: float
    doubt: bool = False
    zoned: bool = False


@lru_cache(maxsize=256)
def _of(values: tuple[str, ...], native: str) -> Written | None:
    texts = pl.Series(values, dtype=pl.String)
    if native in ("date", "datetime"):
        midnight = all(value.endswith("00:00:00") or len(value) == 10 for value in values)
        return Written("date" if native == "date" or midnight else "datetime", None, 1.0)
    if native == "time":
        return Written("time", None, 1.0)
    return _iso(values) or _numbers(texts) or _texts(texts)


def number_of(value: object) -> float:
    """Give a polars aggregate as a number; 0 when there is none."""
    return float(value) if isinstance(value, int | float) else 0.0


def written(values: pl.Series, dtype: pl.DataType | None = None) -> Written | None:
    """Say how dates or times are written in a column's distinct values (texts); None if they are none."""
    native = "datetime" if dtype == pl.Datetime else "date" if dtype == pl.Date else ""
    native = "time" if dtype == pl.Time else native
    distinct = values.drop_nulls().unique(maintain_order=True).head(400)
    return _of(tuple(distinct.to_list()), native) if distinct.len() else None


def _iso(values: tuple[str, ...]) -> Written | None:
    found = [match for value in values if (match := _ISO.match(value))]
    share = len(found) / len(values)
    if share < 0.8:
        return None
    zoned = sum(bool(match.group(1)) for match in found) > 0.5 * len(found)
    timed = [match.group() for match in found if len(match.group()) > 10]
    if not timed or (all(text[11:16] == "00:00" for text in timed) and len(timed) > 3 and not zoned):
        return Written("date", None, share)
    return Written("datetime", None, share, zoned=zoned)


def _numbers(texts: pl.Series) -> Written | None:
    """Excel days, seconds since 1970, or hours; a whole number of eight digits may be a date."""
    number = texts.cast(pl.Float64, strict=False)
    if number.null_count() > 0.1 * texts.len():
        return None
    whole = (number == number.floor()).mean() == 1.0
    low, high = number_of(number.min()), number_of(number.max())
    if low >= 32_000 and high <= 60_000:
        return Written("date" if whole else "datetime", "excel", 1.0 if not whole else 0.6)
    if whole and low >= 3e8 and high <= 2.3e9:
        return Written("datetime", "%s", 0.9)
    if whole and low >= 0 and high <= 23 and texts.n_unique() > 5:
        return Written("hour", None, 1.0)
    return None


def _texts(texts: pl.Series) -> Written | None:
    best: Written | None = None
    for form in _MONTHS:
        best = _better(best, Written("month", form, _share(texts, form)))
    for form in _DAYS:
        best = _better(best, Written("date", form, _share(texts, form)))
    clock = _clock(texts)
    best = _better(best, clock)
    if best is None or best.share < 0.9:
        for form in _timed(texts):
            best = _better(best, Written("datetime", form, _share(texts, form), zoned="%z" in form))
    return _settled(best, texts) if best is not None and best.share >= 0.8 else None


def _better(one: Written | None, other: Written | None) -> Written | None:
    if other is None or other.share < 0.5:
        return one
    return other if one is None or other.share > one.share + 1e-9 else one


def _mean(values: pl.Series) -> float:
    return number_of(values.mean())


def _share(texts: pl.Series, form: str) -> float:
    """The share of values a format reads as a plausible day; month names and digits must be as long."""
    if "%Y" in form and "%b" not in form and "%B" not in form:
        texts = texts.filter(texts.str.contains(r"\b(?:19|20)\d\d|^(?:19|20)\d{4,6}"))
    if "%y" in form:
        texts = texts.filter(~texts.str.contains(r"[-/. ](?:19|20)\d\d(?:\D|$)"))
    total = texts.len()
    if not total:
        return 0.0
    timed = any(part in form for part in ("%H", "%I"))
    if timed:
        read = texts.str.to_datetime(form, time_unit="us", strict=False)
        read = read.dt.date() if read.dtype != pl.Date else read
    else:
        read = texts.str.to_date(form, strict=False)
    frame = pl.DataFrame({"d": read})
    inside = frame.select(pl.col("d").is_between(_FIRST, _LAST).sum()).item()
    return float(inside or 0) / total


def _clock(texts: pl.Series) -> Written | None:
    share = _mean(texts.str.contains(r"^(?:[01]?\d|2[0-3])[:.][0-5]\d(?::[0-5]\d(?:\.\d+)?)?$"))
    if share >= 0.8:
        return Written("time", None, share)
    digits = texts.str.contains(r"^(?:[01]?\d|2[0-3])?[0-5]\d$")
    if _mean(digits) >= 0.95 and texts.n_unique() > 30:
        number = texts.cast(pl.Int64, strict=False)
        if number_of(number.max()) > 1300:
            return Written("time", "%H%M", 0.9)
    return None


def _timed(texts: pl.Series) -> list[str]:
    """Formats of a day and a clock that the look of the first values allows."""
    first = texts[0]
    joins = [" "] + (["T"] if "T" in first else []) + ([", "] if ", " in first else [])
    zone = " %z" if re.search(r" [+-]\d{4}$", first) else ""
    clocks = [c for c in _CLOCKS if ("%p" in c) == bool(re.search(r"(?i)[ap]m$", first))]
    if ":" in first:
        clocks = [c for c in clocks if ":" in c]
    return [f"{day}{join}{clock}{zone}" for day in (*_DAYS, "%Y-%m-%d") for join in joins for clock in clocks]


def other_order(form: str) -> str:
    """Give a format with day and month the other way round."""
    return form.replace("%d", "%q").replace("%m", "%d").replace("%q", "%m")


def _settled(best: Written, texts: pl.Series) -> Written:
    """Prefer the day first where both orders read all, and say that nothing decides."""
    form = best.format or ""
    if "%m" not in form or "%d" not in form or form.startswith("%Y"):
        return best
    other = other_order(form)
    if abs(_share(texts, other) - best.share) > 1e-9:
        return best
    day_first = form if form.index("%d") < form.index("%m") else other
    return Written(best.grain, day_first, best.share, doubt=True, zoned=best.zoned)
