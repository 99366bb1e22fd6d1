"""The event: one row of the ledger. Bulk rows live in polars frames with exactly these columns.

There is no column for a name, a date of birth, an address of a person, a vehicle or free text, and no
column for the source's own record id: `key` is our 128-bit digest of it (data minimisation; the id can be
looked up by digesting it again).
"""

from __future__ import annotations

from typing import Final

import polars as pl

from peelian.domain import offence

UTC = pl.Datetime("us", "UTC")


def _enum(values: tuple[str, ...]) -> pl.Enum:
    return pl.Enum(list(values))


PARSED_SCHEMA: Final[dict[str, pl.DataType]] = {
    "key_hi": pl.UInt64(),  # 128-bit digest of (source, id, ordinal) or (source, content, ordinal)
    "key_lo": pl.UInt64(),
    "content": pl.UInt64(),  # digest of all that a revision may change
    "offence": pl.String(),  # the code or words as published
    "group": _enum(offence.GROUPS),
    "n": pl.Int32(),  # reports in this row
    "start": UTC,  # occurred within [start, end)
    "end": UTC,
    "easting": pl.Float64(),  # in the unit of `crs`; null where the source gave no place
    "northing": pl.Float64(),
    "precision_m": pl.Float32(),
    "place_match": pl.Float32(),  # how sure a gazetteer was of the place; null: coordinates as published
    "lsoa": pl.String(),  # as published
    "location": pl.String(),  # published snap-point label such as "On or near High Street"; never an address
    "severity": pl.Float32(),
    "knife": _enum(offence.KNIFE),
    "knife_why": pl.String(),  # what decided it, in the classifier's own closed vocabulary: never free text
    "setting": _enum(offence.SETTING),
    "domestic": _enum(offence.YES_NO),
    "sexual": _enum(offence.YES_NO),
    "discovered_by": _enum(offence.DISCOVERED_BY),
    "scope": _enum(offence.SCOPE),
    "available_at": UTC,
}
"""What a source gives, in this order (units: metres or the CRS's own unit; times UTC)."""

LEDGER_SCHEMA: Final[dict[str, pl.DataType]] = PARSED_SCHEMA | {
    "version": pl.UInt16(),  # 0 for the first assertion of a key
    "op": _enum(offence.OPERATION),
    "recorded_at": UTC,  # load time; never decides a forecast
    "source": pl.String(),
    "crs": pl.String(),
    "controller": pl.String(),
    "force": pl.String(),
    "agreement": pl.String(),  # id of the sharing agreement it came under
    "file": pl.String(),  # first 16 hex digits of the SHA-256 of the file it came from
}
"""What a ledger segment holds."""

OUTCOME_SCHEMA: Final[dict[str, pl.DataType]] = {
    "key_hi": pl.UInt64(),  # digest of the outcome row itself
    "key_lo": pl.UInt64(),
    "content": pl.UInt64(),
    "event_hi": pl.UInt64(),  # key of the event it belongs to (ordinal 0)
    "event_lo": pl.UInt64(),
    "outcome": pl.String(),
    "start": UTC,  # the month of the outcome
    "end": UTC,
    "available_at": UTC,
}
"""Outcome rows are keyed by event and are never counted as events."""
