"""A column of an unknown file with all that is measured about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from peelian.propose.facts import Facts, facts_of
from peelian.propose.offences import share_read
from peelian.propose.sample import Sample
from peelian.propose.tokens import lexicon, tokens
from peelian.propose.when import other_order

FIELDS: Final[tuple[str, ...]] = tuple(lexicon()["fields"])
"""Fields that are scored; `when` stands for `occurred`, `date` or `start`."""


@dataclass(frozen=True)
class Column:
    """Its name, the words of it, its values as texts (nulls dropped), what they are like."""

    name: str
    words: tuple[str, ...]
    values: pl.Series
    facts: Facts
    offences: float  # share of distinct values that read as offences
    heard: dict[str, float]  # per field, what the name says: from about -1 to 1.3
    turned: bool = False  # its name says latitude or longitude and its values the other

    @property
    def distinct(self) -> list[str]:
        """Distinct values, in order of first appearance."""
        return [str(value) for value in self.values.unique(maintain_order=True).to_list()]


def in_feed(columns: list[Column], feed: str) -> list[Column]:
    """Hear the names again as a kind of feed means them."""
    more = lexicon()["feeds"].get(feed)
    if not more:
        return columns
    out = []
    for column in columns:
        seen = dict.fromkeys(column.words)
        extra = {f: sum(float(w.get(word, 0.0)) for word in seen) / 3 for f, w in more.items()}
        heard = {f: max(-1.0, min(1.3, value + extra.get(f, 0.0))) for f, value in column.heard.items()}
        out.append(replace(column, heard=heard))
    return out


def columns_of(sample: Sample) -> list[Column]:
    """Measure every column of a sample."""
    out = []
    for series in sample.frame.get_columns():
        words = tokens(series.name) if sample.named else ()
        facts = facts_of(series, sample.dtypes.get(series.name))
        values = series.drop_nulls()
        few = facts.present > 0 and facts.distinct <= 120
        texts = [str(v) for v in values.unique(maintain_order=True).head(120).to_list()] if few else []
        out.append(Column(series.name, words, values, facts, share_read(texts), _heard(words)))
    return _turned(_decided(out))


def _decided(columns: list[Column]) -> list[Column]:
    """Where a column leaves day and month open, take the order that another column decides."""
    sure = {w.format for c in columns if (w := c.facts.when) is not None and not w.doubt and w.format}
    out = list(columns)
    for k, column in enumerate(columns):
        when = column.facts.when
        if when is None or not when.doubt or not when.format:
            continue
        for form in (when.format, other_order(when.format)):
            if form in sure:
                settled = replace(when, format=form, doubt=False)
                out[k] = replace(column, facts=replace(column.facts, when=settled))
    return out


def _turned(columns: list[Column]) -> list[Column]:
    """Hear longitude as latitude, and the reverse, where values say that the names are swapped."""
    out = list(columns)
    for k, column in enumerate(columns):
        heard, facts = column.heard, column.facts
        if facts.numeric < 0.9 or facts.whole > 0.5:
            continue
        called_longitude = heard["longitude"] > 0.8 and 49 <= facts.low <= facts.high <= 61
        called_latitude = heard["latitude"] > 0.8 and -10 <= facts.low <= facts.high <= 3
        if called_longitude or called_latitude:
            turned = {**heard, "longitude": heard["latitude"], "latitude": heard["longitude"]}
            out[k] = replace(column, heard=turned, turned=True)
    return out


def _heard(words: tuple[str, ...]) -> dict[str, float]:
    """What a name says for each field: words add up, once each, over 3 is certain."""
    seen = dict.fromkeys(words)
    heard = {}
    for field, weights in lexicon()["fields"].items():
        total = sum(float(weights.get(word, weights.get(word.removesuffix("s"), 0.0))) for word in seen)
        heard[field] = max(-1.0, min(1.3, total / 3))
    return heard
