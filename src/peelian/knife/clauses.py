"""From a narrative to its clauses, in tokens."""

# ruff: noqa: E501  # a pattern is read whole or not at all

from __future__ import annotations

from typing import Final

import polars as pl

from peelian.knife import decoys, dictionary, scope, spelling

LONGEST: Final = 20_000
"""Characters of a narrative that are looked at."""

_QUICK: Final = (
    r"(?i)knif|kniv|blad|stab|slash|machet|sword|dagger|axe|hatchet|"
    r"cleaver|razor|stanley|cutter|scissor|siss|screw|chisel|needle|syringe|shank|shiv|chib|rambo|nank|glass|"
    r"bottle|shard|sharp|pointe?[dy]|wound|penetrat|incised|\bsw\b|sws?'? to|cut|puncture|yllell|yllyll|lafn|"
    r"poked up|rywan|chef|juked|jooked|dipped|jagged|mirror|scalpel|shears|bayonet|katana|ice ?pick|corkscrew|bladed|"
    r"compass|fork|cutlass|scythe|sickle|skewer|awl|loppers|pruning|"
    rf"\b(?:{'|'.join(spelling.SLIPS)})\b"
)
_SPLIT: Final = r"[.;!?\n\r]+(?:\s|$)|\s*///\s*|\s-{1,2}\s|,? \bbut\b |,? \bhowever\b,? "


def worth_reading(narratives: pl.Expr) -> pl.Expr:
    """Say, quickly, whether a text could hold any of the words at all."""
    return narratives.str.contains(_QUICK).fill_null(False)


def tokens(narratives: pl.Series) -> pl.Series:
    """Give texts in lower case with the dictionary's words as tokens and what is taken back as NONE."""
    text = pl.col("t").str.slice(0, LONGEST).str.normalize("NFKC").str.to_lowercase()
    text = text.str.replace_all(r"[’‘`´]", "'").str.replace_all(r"[\"“”«»]", " ")
    text = (
        text.str.replace_all(r"\bw/", "with ")
        .str.replace_all(r"\bas if\b", "asif")
        .str.replace_all(r"[^\S\n]+", " ")
    )
    frame = pl.DataFrame({"t": narratives}).select(text.alias("t"))
    steps = [*spelling.PATTERNS, *((one, " ~ ") for one in decoys.DECOYS), *dictionary.WORDS, *scope.RULES]
    for pattern, new in steps:
        frame = frame.with_columns(pl.col("t").str.replace_all(pattern, new))
    return frame["t"]


def clauses(narratives: pl.Series) -> pl.DataFrame:
    """Give [row: UInt32 place in the series, clause: String, whole: String], one row a clause."""
    marked = tokens(narratives)
    frame = pl.DataFrame({"whole": marked}).with_row_index("row")
    parts = pl.col("whole").str.replace_all(_SPLIT, "\x1f").str.split("\x1f")
    return frame.with_columns(clause=parts).explode("clause").select("row", "clause", "whole")
