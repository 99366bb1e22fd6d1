"""Is a column, by its values, about a person? Names no value, whatever it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from peelian.guard import patterns as p
from peelian.guard.checksums import luhn_valid, nhs_valid
from peelian.guard.dates import are_births
from peelian.guard.finding import Finding
from peelian.guard.names import are_names
from peelian.guard.sample import all_of, sample_of

_T: Final = pl.col("text")


@dataclass(frozen=True)
class _Shape:
    """A kind of value: found when at least `least` distinct values, and `share` of them, are of it."""

    kind: str
    test: pl.Expr
    least: int
    share: float


def _matches(pattern: str) -> pl.Expr:
    return _T.str.contains(pattern)


_NI: Final = _matches(p.NI) & ~_T.str.slice(0, 2).is_in(list(p.NI_NEVER))
_NHS_SPACED: Final = _matches(p.NHS_SPACED) & nhs_valid(_T.str.replace_all("[ -]", ""))
_NHS_SOLID: Final = _matches(p.NHS_SOLID) & nhs_valid(_T)
_PLATE: Final = _matches(p.PLATE_CURRENT) | _matches(p.PLATE_PREFIX) | _matches(p.PLATE_SUFFIX)
_DIGITS: Final = _T.str.replace_all(r"\D", "").str.len_chars()
_SPOKEN: Final = (_matches(p.LANDLINE_SPOKEN) & _DIGITS.is_between(10, 14)) & (
    _T.str.starts_with("+") | _T.str.starts_with("00") | _DIGITS.is_between(10, 11)
) | _matches(p.MOBILE_SPOKEN)
_SOLID: Final = _matches(p.LANDLINE_SOLID) | _matches(p.MOBILE_SOLID) | _SPOKEN
_WORDY: Final = _T.str.count_matches(r"\S+") >= 10

SHAPES: Final[tuple[_Shape, ...]] = (
    _Shape("e-mail address", _matches(p.EMAIL), 1, 0.0),
    _Shape("phone number", _matches(p.MOBILE_SPOKEN), 1, 0.0),
    _Shape("phone number", _SPOKEN, 2, 0.05),
    _Shape("phone number", _SOLID, 3, 0.3),
    _Shape("NHS number", _NHS_SPACED, 1, 0.02),
    _Shape("NHS number", _NHS_SOLID, 4, 0.7),
    _Shape("National Insurance number", _NI, 2, 0.1),
    _Shape("PNC number", _matches(p.PNC), 3, 0.3),
    _Shape("CRO number", _matches(p.CRO), 3, 0.3),
    _Shape("vehicle mark", _PLATE, 3, 0.3),
    _Shape("address", _matches(p.ADDRESS), 3, 0.25),
    _Shape("device", _matches(p.IP), 3, 0.5),
    _Shape("device", _matches(p.IMEI) & luhn_valid(_T, 15), 4, 0.7),
    _Shape("account", _matches(p.HANDLE), 3, 0.3),
    _Shape("name", _matches(p.HONORIFIC) & ~_matches(p.ADDRESS), 3, 0.1),
    _Shape("free text", _WORDY & (_T.str.len_chars() >= 50), 3, 0.1),
)
"""In the order in which they are named when several hold."""


def person_shaped(
    values: pl.Series, *, header: str, event_year: int | None = None, whole: bool = False,
    spare: frozenset[str] = frozenset(),
) -> Finding | None:  # fmt: skip
    """Say whether a column's values are person-shaped, and of which kind; None if not.

    Looks at up to 4,000 distinct values spread over the whole column (all of them when `whole`). `event_year`
    is a year the file's events reach, by which dates of birth are told from dates of events. Kinds in `spare`
    are let pass: a mapped narrative is free text, a mapped location text may be an address.

    The finding names the column by `header`, never a value.
    """
    kind = next((kind for kind in _kinds(values, event_year, whole) if kind not in spare), None)
    if kind is None:
        return None
    return Finding(kind, f"values of the column {header[:60]!r} look like {_plural(kind)}")


def _kinds(values: pl.Series, event_year: int | None, whole: bool) -> Iterator[str]:
    dtype = values.dtype
    if dtype in (pl.Date, pl.Datetime):
        if are_births(sample_dates(values), event_year):
            yield "date of birth"
        return
    if dtype.is_float() or dtype in (pl.Boolean, pl.Time, pl.Duration, pl.Null):
        return
    texts = (all_of if whole else sample_of)(values)
    if texts.is_empty():
        return
    found = texts.to_frame().select(shape.test.sum().alias(str(k)) for k, shape in enumerate(SHAPES)).row(0)
    for shape, count in zip(SHAPES, found, strict=True):
        if count >= min(shape.least, texts.len()) and count > 0 and count >= shape.share * texts.len():
            yield shape.kind
    for kind, test in _COLUMN:
        if test(texts, event_year):
            yield kind


_COLUMN: Final[tuple[tuple[str, Callable[[pl.Series, int | None], bool]], ...]] = (
    ("phone number", lambda texts, _: lost_zero(texts)),
    ("date of birth", are_births),
    ("name", lambda texts, _: are_names(texts)),
)


def lost_zero(texts: pl.Series) -> bool:
    """Say whether these are mobile numbers that a spreadsheet took for numbers: ids in a row begin alike."""
    mobile = texts.filter(texts.str.contains(r"^(?:44)?7[1-9]\d{8}$"))
    if mobile.len() < 4 or mobile.len() < 0.7 * texts.len():
        return False
    return mobile.str.slice(0, 5).n_unique() >= max(3, 0.3 * min(mobile.len(), 60))


def sample_dates(values: pl.Series) -> pl.Series:
    """Give up to 4,000 distinct dates, evenly spread."""
    distinct = values.drop_nulls().unique(maintain_order=True)
    return distinct if distinct.len() <= 4000 else distinct.gather_every(distinct.len() // 4000)


def _plural(kind: str) -> str:
    special = {
        "date of birth": "dates of birth",
        "e-mail address": "e-mail addresses",
        "free text": "free text",
    }
    return special.get(kind, kind + ("es" if kind.endswith("s") else "s"))


def harmless(values: pl.Series) -> pl.Series:
    """Say of each value by itself whether no single one is person-shaped (Boolean; null is harmless).

    For fields that are kept one by one, such as those of a row put aside: a kind is judged without the rest
    of its column, so doubt counts against the value.
    """
    text = values.cast(pl.String).str.strip_chars().str.replace_all(r"\s+", " ").rename("text")
    strict = [shape.test for shape in SHAPES if shape.kind != "vehicle mark"]
    odd = pl.any_horizontal(*strict, _matches(p.ADDRESS), _matches(p.PLATE_CURRENT), _matches(p.MOBILE_SOLID))
    return text.to_frame().select((~odd).fill_null(True)).to_series().rename(values.name)
