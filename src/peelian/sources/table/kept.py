"""What is kept of a row that was set aside, so that a rule can mend it later without the file.

Only mapped fields, only values that have the shape their field should have, and only what the scan for
person-shaped values lets pass. Never a narrative, a weapon's description, or what says a place in words, by
postcode or by property. The record's own id is kept as the digest the ledger would keep. A value left out is
named in `left`; such a row can be taken again only with its file at hand.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import polars as pl

from peelian.domain.contracts import ParsedBatch, Table
from peelian.domain.digest import digest_strings
from peelian.guard.values import person_shaped
from peelian.sources.csv.table import Chunk
from peelian.sources.table.mapping import Mapping

TIMES: Final = ("occurred", "date", "time", "hour", "start", "end", "available_at")
NUMBERS: Final = ("n", "severity", "easting", "northing", "longitude", "latitude", "weight")
CODES: Final = (
    "offence", "kind", "setting", "domestic", "sexual", "knife", "discovered_by", "status", "lsoa",
)  # fmt: skip
NEVER: Final = ("narrative", "weapon", "location_text", "grid_reference", "postcode", "uprn", "usrn")
"""Read in memory and dropped: where the mapping has one, only the file itself can be read again."""

_MONTHS: Final = (
    r"(?i)\b(mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\b|"
    r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
)
_TIME: Final = r"^[0-9:/., +\-]{1,40}$"
_NUMBER: Final = r"^[-+0-9., eE]{1,30}$"
_CODE: Final = r"^[A-Za-z]{0,4}[0-9][A-Za-z0-9./-]{0,11}$"
_LABEL: Final = r"^[^\d].{0,199}$"
_OFTEN: Final = 3  # a word that stands in so many rows set aside is a code, not someone's name
_LONGEST: Final = 60


def with_kept_fields(batch: ParsedBatch, chunk: Chunk, mapping: Mapping) -> ParsedBatch:
    """Give the batch with `fields` for its rejects: JSON text, or null where nothing may be kept.

    Counts of areas keep none: a count too small to be shown must not be held either.
    """
    if batch.rejects.is_empty() or batch.table == "area_counts":
        return batch
    names = [name for name in mapping.columns.used() if name in (*TIMES, *NUMBERS, *CODES, "location", "id")]
    rows = chunk.frame.join(batch.rejects.select("row"), on="row", how="semi", maintain_order="left")
    if rows.is_empty() or any(rows.schema[name].is_temporal() for name in names if name in TIMES):
        return batch
    kept = _kept(rows.select("row", *names), batch.table, mapping, batch.force)
    return replace(batch, rejects=batch.rejects.join(kept, on="row", how="left", maintain_order="left"))


def _kept(rows: pl.DataFrame, table: Table, mapping: Mapping, force: str) -> pl.DataFrame:
    out: dict[str, pl.Series] = {}
    left: dict[str, pl.Series] = {}
    for name in rows.columns[1:]:
        given = rows[name].is_not_null()
        if name == "id":
            out |= _id_digest(rows["id"], table, mapping, force)
            continue
        values = rows[name]
        if not values.dtype.is_numeric():
            text = values.cast(pl.String).str.strip_chars().replace("", None)
            given = text.is_not_null()
            good = _shaped(text, name, mapping)
            values = pl.select(pl.when(good).then(text)).to_series()
        # What the mapping itself names is a code, whatever it looks like.
        keep = values.cast(pl.String).is_in(_known(name, mapping)).fill_null(False)
        if person_shaped(values.filter(~keep), header="") is not None:
            values = pl.select(pl.when(keep).then(values)).to_series()
        out[name], left[name] = values.alias(name), (given & values.is_null()).alias(name)
    frame = pl.DataFrame({"row": rows["row"]} | out | {f"left {name}": flag for name, flag in left.items()})
    missing = [pl.when(pl.col(f"left {name}")).then(pl.lit(name)) for name in left]
    named = pl.concat_list(missing).list.drop_nulls() if missing else pl.lit([], pl.List(pl.String))
    frame = frame.with_columns(named.alias("left"))
    return frame.select("row", fields=pl.struct([*out, "left"]).struct.json_encode())


def _id_digest(ids: pl.Series, table: Table, mapping: Mapping, force: str) -> dict[str, pl.Series]:
    """Give the key that the ledger gives a record of this id; null where it has none."""
    salt = f"{'table' if table == 'events' else table}/{mapping.source}/{force}/id"
    hi, lo = digest_strings([ids.cast(pl.String)], salt)
    some = ids.is_not_null()
    return {
        name: pl.select(pl.when(some).then(key.cast(pl.String))).to_series().alias(name)
        for name, key in (("key_hi", hi), ("key_lo", lo))
    }


def _known(name: str, mapping: Mapping) -> list[str]:
    return list(mapping.codes if name in ("offence", "kind") else mapping.values.get(name, {}))


def _shaped(text: pl.Series, name: str, mapping: Mapping) -> pl.Series:
    if name in TIMES:
        bare = text.str.replace_all(_MONTHS, "").str.replace_all(r"(?i)(\d)\s*(am|pm|t|z)", "${1}")
        return bare.str.contains(_TIME)
    if name in NUMBERS:
        return text.str.contains(_NUMBER)
    if name == "location":
        return text.str.contains(_LABEL)
    often = pl.DataFrame({"text": text}).select(pl.len().over("text") >= _OFTEN).to_series()
    short = text.str.len_chars() <= _LONGEST
    return (text.is_in(_known(name, mapping)) | text.str.contains(_CODE) | (often & short)).fill_null(False)
