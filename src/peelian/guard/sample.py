"""Which values of a column are looked at."""

from __future__ import annotations

from typing import Final

import polars as pl

MOST: Final = 4_000
"""Distinct values looked at in each column of each chunk of up to 250,000 rows.

More than any share we ask for needs: a kind of value that makes up 1 in 500 of a column is among 4,000 spread
evenly with a probability above 0.999. What is stored as text is looked at whole instead (`all_of`).
"""


def sample_of(values: pl.Series, most: int = MOST) -> pl.Series:
    """Give up to `most` of a column's distinct non-null texts, stripped: from its whole length, evenly."""
    texts = values.cast(pl.String).drop_nulls().unique(maintain_order=True)
    if texts.len() > most:
        step = texts.len() / most
        texts = texts.gather([int(k * step) for k in range(most - 1)] + [texts.len() - 1])
    return stripped(texts)


def all_of(values: pl.Series) -> pl.Series:
    """Give all of a column's distinct non-null texts, stripped."""
    return stripped(values.cast(pl.String).drop_nulls().unique(maintain_order=True))


def stripped(texts: pl.Series) -> pl.Series:
    """Trim, make runs of white space one space, and drop what is empty."""
    plain = texts.str.strip_chars().str.replace_all(r"\s+", " ")
    return plain.filter(plain != "").rename("text")
