"""Knife-enabled or not, and how surely: offence, weapon code and narrative put together."""

from __future__ import annotations

from typing import Final

import polars as pl

from peelian.domain.offence import KNIFE
from peelian.knife.bands import bands
from peelian.knife.clauses import clauses, worth_reading
from peelian.knife.dictionary import ANY
from peelian.knife.evidence import flagged
from peelian.knife.offences import OUTSIDE, POSSESSION, kind_of
from peelian.knife.vocabulary import NO_MENTION, NOTHING_GIVEN, WEAPONS
from peelian.knife.vocabulary import OUTSIDE as OUTSIDE_WORDS
from peelian.knife.vocabulary import POSSESSION as POSSESSION_WORDS

_AT_ONCE: Final = 20_000
_CODE_WORDS: Final = {weapon: f"weapon code: {weapon}" for weapon in WEAPONS}
_BLADES: Final = ("knife", "sharp object")
_OTHERS: Final = ("blunt object", "firearm", "other", "none")


def read_narratives(narratives: pl.Series) -> pl.DataFrame:
    """Give [knife, why] of texts alone: none, low, medium, high; `unknown` where there is no text."""
    text = narratives.cast(pl.String)
    given = text.str.contains(r"[^\s\p{Cc}]").fill_null(False)
    frame = pl.DataFrame({"t": text}).with_row_index("row")
    worth = frame.filter(worth_reading(pl.col("t")))
    read = [_read(worth.slice(at, _AT_ONCE)) for at in range(0, worth.height, _AT_ONCE)]
    found = (
        pl.concat(read)
        if read
        else pl.DataFrame(schema={"row": pl.UInt32, "knife": pl.String, "why": pl.String})
    )
    table = frame.select("row").join(found, on="row", how="left", maintain_order="left")
    return table.select(
        knife=pl.when(given).then(pl.col("knife").fill_null("none")).otherwise(pl.lit("unknown")),
        why=pl.when(given).then(pl.col("why").fill_null(NO_MENTION)).otherwise(pl.lit(NOTHING_GIVEN)),
    )


def _read(frame: pl.DataFrame) -> pl.DataFrame:
    parts = clauses(frame["t"])
    telling = parts.filter(pl.col("clause").str.contains(f"{ANY}|YES|FORM|USED|NONE|~"))
    told = bands(flagged(telling), frame.height)
    return told.with_columns(row=frame["row"])


def classify(narratives: pl.Series, weapons: pl.Series, offences: pl.Series) -> pl.DataFrame:
    """Give [knife: Enum none, low, medium, high, unknown; why: String], one row a row, in order.

    `narratives` are texts or null; `weapons` words of `vocabulary.WEAPONS` or null; `offences` words or
    codes that `offences.kind_of` knows, or anything. Without a weapon and a narrative, or with nothing but
    an unknown weapon, the answer is unknown. An offence outside the seven is low at most, possession none.
    `why` is made of a closed vocabulary only; no text of a row is in it.
    """
    told = read_narratives(narratives).rename({"knife": "text", "why": "text_why"})
    weapon = weapons.cast(pl.String).alias("weapon")
    frame = told.with_columns(weapon, kind_of(offences).alias("kind"))
    frame = frame.with_columns(band=_band(), words=pl.col("weapon").replace_strict(_CODE_WORDS, default=None))
    outside = (pl.col("kind") == OUTSIDE).fill_null(False) & pl.col("band").is_in(["medium", "high"])
    heard = pl.when(pl.col("text") != "unknown").then("text_why")
    why = pl.concat_str("words", heard, separator="; ", ignore_nulls=True)
    why = pl.when(why == "").then(pl.lit(NOTHING_GIVEN)).otherwise(why)
    carried = (pl.col("kind") == POSSESSION).fill_null(False) & (pl.col("band") != "unknown")
    knife = pl.when(carried).then(pl.lit("none")).when(outside).then(pl.lit("low")).otherwise("band")
    return frame.select(
        knife=knife.cast(pl.Enum(list(KNIFE))),
        why=pl.when(carried).then(pl.lit(POSSESSION_WORDS + "; ") + why)
        .when(outside).then(pl.lit(OUTSIDE_WORDS + "; ") + why).otherwise(why),
    )  # fmt: skip


def _band() -> pl.Expr:
    """Weapon code and text: agreeing, the stronger; at odds, less sure than either."""
    text, weapon = pl.col("text"), pl.col("weapon")
    unread = text == "unknown"
    against = text.is_in(["none", "low"]) & pl.col("text_why").str.contains("not counted: |verbal threat")
    return (
        pl.when(weapon.is_in(_BLADES) & against).then(pl.lit("medium"))
        .when(weapon.is_in(_BLADES)).then(pl.lit("high"))
        .when((weapon == "glass") & text.is_in(["high", "medium"])).then(pl.lit("high"))
        .when(weapon == "glass").then(pl.lit("low"))
        .when(weapon.is_in(_OTHERS) & unread).then(pl.lit("none"))
        .when(weapon.is_in(_OTHERS) & (text == "high")).then(pl.lit("medium"))
        .when(weapon.is_in(_OTHERS) & (text == "medium")).then(pl.lit("low"))
        .otherwise(text)
    )  # fmt: skip
