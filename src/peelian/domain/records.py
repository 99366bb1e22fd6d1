"""Records that are not events: counts of areas, patrols, sites. None has a column for a person."""

from __future__ import annotations

from typing import Final

import polars as pl

from peelian.domain.event import UTC

BASES: Final = ("incident", "residence", "service", "offence", "unknown")
"""What an area count counts by: where it happened, where people live, where the service stands, or where
the offence was. Counts of different bases never share one colour scale."""

AGE_BANDS: Final = ("under 18", "18 to 24", "25 and over", "all")

AREA_COUNT_SCHEMA: Final[dict[str, pl.DataType]] = {
    "key_hi": pl.UInt64(),  # digest of (source, measure, area kind, area, period, basis, age band)
    "key_lo": pl.UInt64(),
    "content": pl.UInt64(),  # digest of count and suppressed
    "group": pl.String(),  # the measure, such as "exclusions" or "convictions"; coverage speaks by it
    "area_kind": pl.String(),  # lsoa, msoa, ward, district, csp, force
    "area": pl.String(),  # code as published
    "start": UTC,  # counted over [start, end)
    "end": UTC,
    "count": pl.Int32(),  # null when suppressed
    "suppressed": pl.Boolean(),  # withheld by the provider or by our floor: missing, never zero
    "basis": pl.Enum(list(BASES)),
    "age_band": pl.Enum(list(AGE_BANDS)),
    "scope": pl.Enum(["target", "feature", "audit", "display"]),
    "available_at": UTC,
}
"""What partners often really share. Never spread onto cells."""

PATROL_SCHEMA: Final[dict[str, pl.DataType]] = {
    "key_hi": pl.UInt64(),
    "key_lo": pl.UInt64(),
    "content": pl.UInt64(),
    "group": pl.String(),  # mode: foot, vehicle, cycle, outreach, other
    "start": UTC,
    "end": UTC,
    "easting": pl.Float64(),
    "northing": pl.Float64(),
    "lsoa": pl.String(),
    "n": pl.Int32(),  # units or visits in this row, never who
    "available_at": UTC,
}
"""Audit only: no forecast reads it (governance §3); it measures and corrects feedback."""

SITE_SCHEMA: Final[dict[str, pl.DataType]] = {
    "key_hi": pl.UInt64(),
    "key_lo": pl.UInt64(),
    "content": pl.UInt64(),
    "group": pl.String(),  # kind: licensed-premises, transport-stop, school, lighting, ...
    "start": UTC,  # open, or standing, within [start, end)
    "end": UTC,
    "easting": pl.Float64(),
    "northing": pl.Float64(),
    "weight": pl.Float32(),  # such as capacity; 1 where nothing is said
    "available_at": UTC,
}
"""Places that make a setting. Their names are not kept."""
