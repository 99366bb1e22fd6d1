"""Are these texts people's names?"""

from __future__ import annotations

from typing import Final

import polars as pl

from peelian.guard.words import word_list

_WORDS: Final = r"^[\p{L}][\p{L}'’.-]*(?:,? [\p{L}][\p{L}'’.-]*){0,3}$"
_PLACE: Final = list(word_list("places"))
FIRST_NAMES: Final = word_list("first_names")
SURNAMES: Final = word_list("surnames")
_FEW: Final = 3


def names_share(texts: pl.Series) -> tuple[float, float, int]:
    """Give shares of distinct texts: a first name and a surname; either alone; and how many are of the first.

    `texts` are distinct and stripped. A word of a place or an offence in the text clears it.
    """
    plain = texts.filter(may_be_name(texts))
    if texts.is_empty() or plain.is_empty():
        return 0.0, 0.0, 0
    flags = name_flags(plain)
    both, either = int(flags["both"].sum()), int(flags["either"].sum())
    return both / texts.len(), either / texts.len(), both


def may_be_name(texts: pl.Series) -> pl.Series:
    """Mark the texts that have the form of a name."""
    return texts.str.contains(_WORDS) & (texts.str.len_chars() <= 50)


def name_flags(plain: pl.Series) -> pl.DataFrame:
    """Give for each text of that form `both` (a first name and a surname) and `either` (one of them)."""
    words = (
        plain.str.to_lowercase().str.replace_all(r"[’']", "").str.replace_all(r"[,.]", " ").str.strip_chars()
    )
    words = words.str.replace(r"^(?:mr|mrs|miss|ms|mx|dr|master) +", "")
    several = pl.col("n") >= 2
    frame = pl.DataFrame({"w": words.str.replace_all(r"\s+", " ").str.split(" ")}).with_columns(
        n=pl.col("w").list.len(),
        clear=~pl.col("w").list.eval(pl.element().is_in(_PLACE)).list.any(),
        first=_is(0, FIRST_NAMES), last=_is(-1, SURNAMES), turned=_is(0, SURNAMES) & _is(-1, FIRST_NAMES),
        initial=pl.col("w").list.first().str.len_chars() == 1, lone=_is(0, SURNAMES),
    )  # fmt: skip
    both = several & ((pl.col("first") | pl.col("initial")) & pl.col("last") | pl.col("turned"))
    one = pl.when(several).then(pl.col("first") | pl.col("turned")).otherwise(
        pl.col("first") | pl.col("lone")
    )  # fmt: skip
    flags = frame.select(both=pl.col("clear") & both, either=pl.col("clear") & one)
    return flags.select(pl.all().fill_null(False))


def _is(at: int, names: frozenset[str]) -> pl.Expr:
    return pl.col("w").list.get(at, null_on_oob=True).is_in(list(names))


def are_names(texts: pl.Series) -> bool:
    """Say whether a column's distinct texts are people's names, at least in good part."""
    both, either, count = names_share(texts)
    return so_many_are_names(both, either, count, texts.len())


def so_many_are_names(both: float, either: float, count: int, texts: int) -> bool:
    """Say whether shares (and the count) of texts with names make a column one of names."""
    enough = min(_FEW, texts)
    if count >= enough and both >= 0.12:
        return True
    return either >= 0.4 and either * texts >= enough
