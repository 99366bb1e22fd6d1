"""The knife mark of rows that bring a weapon code or a narrative: read here, in memory, and dropped."""

from __future__ import annotations

import polars as pl

from peelian.domain.offence import KNIFE
from peelian.knife import classify, kind_of
from peelian.sources.table.mapping import DEFAULT, Mapping

_READ = ("narrative", "weapon")


def add_knife(frame: pl.DataFrame, mapping: Mapping) -> pl.DataFrame:
    """Set `_knife` where the file has no mark of its own, and `_knife_why`; drop narrative and weapon.

    A mark the file gives (other than unknown) wins, and then `_knife_why` is null. A mark whose code is not
    in the mapping stays null. From here on no text of a row is in memory but in the reader's own buffers.
    """
    given = [name for name in _READ if getattr(mapping.columns, name)]
    if not given or frame.is_empty():
        return frame.drop(given).with_columns(_knife_why=pl.lit(None, pl.String))
    told = classify(_column(frame, mapping, "narrative"), weapon_words(frame, mapping), _offences(frame))
    silent = pl.col("_knife") == "unknown"
    knife, why = told["knife"].cast(pl.String), told["why"]
    frame = frame.drop(given).with_columns(_told=knife, _told_why=why)
    return frame.with_columns(
        _knife=pl.when(silent).then("_told").otherwise("_knife").cast(pl.Enum(list(KNIFE))),
        _knife_why=pl.when(silent).then("_told_why"),
    ).drop("_told", "_told_why")


def weapon_words(frame: pl.DataFrame, mapping: Mapping) -> pl.Series:
    """Give the classifier's words for the file's weapon codes: null for none given, unknown for odd ones."""
    codes = _column(frame, mapping, "weapon")
    default = mapping.weapons.get(DEFAULT, "unknown")
    known = {code: word for code, word in mapping.weapons.items() if code != DEFAULT}
    text = pl.col("w").str.strip_chars().replace("", None)
    words = text.replace_strict(known, default=default, return_dtype=pl.String)
    return pl.DataFrame({"w": codes}).select(pl.when(text.is_not_null()).then(words)).to_series()


def _column(frame: pl.DataFrame, mapping: Mapping, name: str) -> pl.Series:
    if getattr(mapping.columns, name) is None:
        return pl.Series(name, [None] * frame.height, dtype=pl.String)
    return frame[name].cast(pl.String)


def _offences(frame: pl.DataFrame) -> pl.Series:
    """Give what the file says happened, or where those words say nothing of the kind, our group for it."""
    kinds = pl.DataFrame({"kind": kind_of(frame["_offence"]), "group": frame["_group"].cast(pl.String)})
    return kinds.select(pl.coalesce("kind", "group")).to_series()
