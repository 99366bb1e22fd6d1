"""The scan of values for many small columns at once, such as those of a live feed's batches.

One pass over all texts takes about as long as one column does. It must find all that `values.person_shaped`
finds of each column by itself (a test holds the two together); who is told goes by that one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import polars as pl

from peelian.guard.dates import are_births, years_of
from peelian.guard.names import may_be_name, name_flags, so_many_are_names
from peelian.guard.sample import MOST
from peelian.guard.values import SHAPES, lost_zero

LARGEST: Final = MOST
"""Rows up to which a column is looked at whole, as here, in any case."""


def kinds_of_each(
    values: pl.DataFrame, event_year: Callable[[int], int | None]
) -> dict[int, tuple[str, ...]]:
    """Give the kinds found in each column; `values` is [at, text], `at` says which column a value is of.

    `event_year` gives a year that the events beside a column reach, or None.
    """
    texts = values.drop_nulls().unique(maintain_order=True)
    plain = texts["text"].str.strip_chars().str.replace_all(r"\s+", " ")
    texts = texts.with_columns(plain.alias("text")).filter(plain != "")
    if texts.is_empty():
        return {}
    counts = (
        texts.with_columns(
            *(shape.test.alias(f"s{k}") for k, shape in enumerate(SHAPES)),
            year=years_of(texts["text"]).is_not_null(),
            mobile=pl.col("text").str.contains(r"^(?:44)?7[1-9]\d{8}$"),
        )
        .group_by("at")
        .agg(pl.len().alias("n"), *(pl.col(f"s{k}").sum() for k in range(len(SHAPES))),
             pl.col("year", "mobile").sum())
    )  # fmt: skip
    named = _named(texts)
    found: dict[int, tuple[str, ...]] = {}
    for row in counts.iter_rows(named=True):
        at, n = int(row["at"]), int(row["n"])
        kinds = [
            shape.kind for k, shape in enumerate(SHAPES)
            if row[f"s{k}"] and row[f"s{k}"] >= max(min(shape.least, n), shape.share * n)
        ]  # fmt: skip
        own = texts.filter(pl.col("at") == at)["text"] if row["mobile"] >= 4 or row["year"] >= 3 else None
        if own is not None and lost_zero(own):
            kinds.append("phone number")
        if own is not None and row["year"] >= 0.8 * n and are_births(own, event_year(at)):
            kinds.append("date of birth")
        both, either = named.get(at, (0, 0))
        if either and so_many_are_names(both / n, either / n, both, n):
            kinds.append("name")
        if kinds:
            found[at] = tuple(kinds)
    return found


def _named(texts: pl.DataFrame) -> dict[int, tuple[int, int]]:
    """Give for each column how many texts hold a first name and a surname, and how many either."""
    plain = texts.filter(may_be_name(texts["text"]))
    if plain.is_empty():
        return {}
    flags = plain.select("at").hstack(name_flags(plain["text"]))
    counted = flags.group_by("at").agg(pl.col("both", "either").sum())
    return {int(at): (int(both), int(either)) for at, both, either in counted.iter_rows()}
