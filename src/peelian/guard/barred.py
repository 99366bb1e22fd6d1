"""Kinds of feed that are never taken: known by name, by column names or by what they call their rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import polars as pl

from peelian.guard.wording import words_of
from peelian.guard.words import word_table

_FEW: Final = 40  # a column that names the kind of its rows has few distinct values
_FILLERS: Final = frozenset(
    (
        "data", "extract", "feed", "list", "log", "logs", "record", "records", "report", "reports", "table",
        "file", "csv", "xlsx", "parquet", "the", "of", "and", "monthly", "weekly", "daily", "export",
        "dataset", "all",
    )
)  # fmt: skip
_HARMLESS: Final = (
    "business intelligence", "cardiac arrest", "respiratory arrest", "crime prevention", "prevention",
    "victims count", "number of victims", "victim count", "count of victims", "no of victims", "benefits of",
    "victimisation", "victim survey", "child custody", "arrest made", "arrest indicator",
    "arrested indicator", "arrest flag", "gang related", "vehicle arrest", "victim based crime",
    "victim based", "victims of crime survey",
)  # fmt: skip


@dataclass(frozen=True)
class Barred:
    """A kind of feed that is refused, what it is called, and why."""

    kind: str
    title: str
    reason: str
    countable: bool = False  # counts of areas of this kind may come in, by a feed that says so
    by_discards: bool = True  # two columns that show it bar the file even when they are to be discarded


@dataclass(frozen=True)
class _Signature:
    barred: Barred
    names: tuple[str, ...]
    alone: tuple[str, ...]
    marks: tuple[str, ...]
    signs: tuple[str, ...]


@lru_cache(maxsize=1)
def _signatures() -> tuple[_Signature, ...]:
    found = []
    for kind, table in word_table("barred").items():
        parts = {
            part: tuple(f" {' '.join(words_of(one, numbers=True))} " for one in table[part])
            for part in _PARTS
        }
        found.append(
            _Signature(
                Barred(
                    kind,
                    table["title"],
                    table["reason"],
                    table.get("countable", False),
                    not table.get("part", False),
                ),
                **parts,
            )
        )
    return tuple(found)


_PARTS: Final = ("names", "alone", "marks", "signs")


def barred_kinds() -> tuple[Barred, ...]:
    """List every kind of feed that is refused."""
    return tuple(one.barred for one in _signatures())


@lru_cache(maxsize=1024)
def barred_name(name: str) -> Barred | None:
    """Say whether a source's id, a title or a file's name is that of a barred kind; None if not.

    >>> barred_name("stop-and-search").kind, barred_name("IOM cohort Fenshire").kind
    ('stop-and-search', 'offender-management')
    >>> barred_name("ambulance call-outs, cardiac arrest") is None
    True
    """
    text = _plain(name)
    left = [word for word in text.split() if word not in _FILLERS and not word.isdigit()]
    last = f" {left[-1]} " if 0 < len(left) <= 2 else ""
    for one in _signatures():
        if any(words in text for words in one.names) or last in one.alone:
            return one.barred
    return None


def barred_feed(headers: Sequence[str], sample: pl.DataFrame | None) -> Barred | None:
    """Say whether columns of these names, or rows of `sample`, are of a barred kind; None if not.

    One telling column name is enough, or two lesser ones, or a column most of whose few distinct values name
    the kind. Harmless marks of an ordinary extract (`Arrest made`, `Gang related`) are let pass.
    """
    texts = [_plain(header) for header in headers]
    for one in _signatures():
        marks = sum(any(mark in text for mark in one.marks) for text in texts)
        signs = sum(any(sign in text for sign in one.signs) for text in texts)
        if marks >= 1 or signs >= 2:
            return one.barred
    return None if sample is None else _barred_values(sample)


def barred_by_marks(headers: Sequence[str]) -> Barred | None:
    """Say whether two telling column names show a kind that a few columns of a lawful extract would not."""
    texts = [_plain(header) for header in headers]
    for one in _signatures():
        marks = sum(any(mark in text for mark in one.marks) for text in texts)
        if one.barred.by_discards and marks >= 2:
            return one.barred
    return None


def _barred_values(sample: pl.DataFrame) -> Barred | None:
    for column in sample.get_columns():
        if not isinstance(column.dtype, pl.String | pl.Categorical | pl.Enum):
            continue
        values = column.cast(pl.String).drop_nulls()
        counts = values.rename("text").value_counts(name="rows")
        if values.is_empty() or counts.height > _FEW:
            continue
        rows: dict[str, int] = {}
        for text, count in counts.iter_rows():
            if len(text) <= 60 and (barred := barred_name(text)):
                rows[barred.kind] = rows.get(barred.kind, 0) + count
        for kind, count in rows.items():
            if count >= 0.6 * values.len():
                return next(one for one in barred_kinds() if one.kind == kind)
    return None


def _plain(name: str) -> str:
    text = f" {' '.join(words_of(name, numbers=True))} "
    for harmless in _HARMLESS:
        text = text.replace(f" {harmless} ", " ")
    return text
