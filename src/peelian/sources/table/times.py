"""From dates, times, hours or texts in a local zone to intervals in UTC.

A time that happens twice, when clocks go back, is taken as the earlier. A time that does not exist, when
they go forward, is read as if they had not yet gone forward.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from peelian.sources.table.mapping import Mapping, Time

_NAIVE: Final = pl.Datetime("us")
_ISO: Final = (
    "%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f",
)  # fmt: skip
_CLOCK: Final = ("%H:%M", "%H:%M:%S", "%H:%M:%S%.f", "%H%M")
_EXCEL_ZERO: Final = pl.lit("1899-12-30").str.to_datetime(time_unit="us")
_EXCEL_RANGE: Final = (20_000, 80_000)  # 1954 to 2119


def utc(local: pl.Expr, zone: str) -> pl.Expr:
    """Give the instant of a naive local time."""
    first = local.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    moved = local.dt.offset_by("1h").dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return pl.coalesce(first, moved).dt.convert_time_zone("UTC").cast(pl.Datetime("us", "UTC"))


def _local(column: str, dtype: pl.DataType, time: Time) -> pl.Expr:
    """Give a column as naive local time; null where it cannot be read."""
    col = pl.col(column)
    if isinstance(dtype, pl.Datetime):
        if dtype.time_zone:
            col = col.dt.convert_time_zone(time.zone).dt.replace_time_zone(None)
        return col.cast(_NAIVE)
    if dtype == pl.Date:
        return col.cast(_NAIVE)
    if time.format == "excel" or (time.format is None and dtype.is_numeric()):
        days = col.cast(pl.Float64, strict=False)
        minutes = (days * 1440).round().cast(pl.Int64, strict=False)
        read = _EXCEL_ZERO + pl.duration(minutes=minutes)
        return pl.when(days.is_finite() & days.is_between(*_EXCEL_RANGE)).then(read).cast(_NAIVE)
    text = col.cast(pl.String).str.strip_chars()
    if time.format:
        return _parse(text, time.format, time.zone)
    zoned = [_parse(text, form + "%#z", time.zone) for form in _ISO[1:]]
    return pl.coalesce(*(_parse(text, form, time.zone) for form in _ISO), *zoned)


def _parse(text: pl.Expr, form: str, zone: str) -> pl.Expr:
    if "%z" in form or "%#z" in form:
        zoned = text.str.to_datetime(form, time_unit="us", strict=False)
        return zoned.dt.convert_time_zone(zone).dt.replace_time_zone(None)
    if any(part in form for part in ("%H", "%I", "%T", "%R", "%s", "%X", "%c")):
        return text.str.to_datetime(form, time_unit="us", strict=False)
    return text.str.to_date(form, strict=False).cast(_NAIVE)


def _clock(column: str, dtype: pl.DataType) -> pl.Expr:
    """Give a time of day as a duration since midnight; null where it cannot be read."""
    if dtype == pl.Time:
        return pl.col(column).cast(pl.Duration("us"))
    text = pl.col(column).cast(pl.String).str.strip_chars()
    digits = text.str.contains(r"^\d{1,4}$")  # 930 is half past nine: a spreadsheet took its zero
    text = pl.when(digits).then(text.str.zfill(4)).otherwise(text)
    return pl.coalesce(text.str.to_time(form, strict=False) for form in _CLOCK).cast(pl.Duration("us"))


def _end(local: pl.Expr, granularity: str, zone: str) -> pl.Expr:
    if granularity in ("minute", "hour"):
        return utc(local, zone).dt.offset_by("1m" if granularity == "minute" else "1h")
    return utc(local.dt.offset_by("1d" if granularity == "day" else "1mo"), zone)


def granularity_of(mapping: Mapping, schema: pl.Schema) -> str:
    """Say how exact times are: as the mapping says, else by the columns it has."""
    columns, given = mapping.columns, mapping.time.granularity
    if given:
        return given
    if columns.date:
        return "hour" if columns.hour else "minute" if columns.time else "day"
    return "day" if schema[("occurred" if columns.occurred else "start")] == pl.Date else "minute"


def add_interval(frame: pl.DataFrame, mapping: Mapping) -> pl.DataFrame:
    """Add `_start`, `_end` and `_available` (UTC; null where unreadable; `_available` null if not given)."""
    time, columns, schema = mapping.time, mapping.columns, frame.schema
    grain = granularity_of(mapping, schema)
    name = "occurred" if columns.occurred else "date" if columns.date else "start"
    frame = frame.with_columns(_l=_local(name, schema[name], time))
    if columns.date and (columns.hour or columns.time):
        midnight = pl.col("_l").dt.truncate("1d")
        if columns.hour:
            hour = pl.col("hour").cast(pl.Float64, strict=False)
            valid = (hour >= 0) & (hour < 24) & (hour == hour.floor())
            whole = pl.when(valid).then(hour).cast(pl.Int64, strict=False)
            since = pl.duration(hours=whole)
        else:
            since = _clock("time", schema["time"])
        frame = frame.with_columns(_l=midnight + since)
    unit = {"minute": "1m", "hour": "1h", "day": "1d", "month": "1mo"}[grain]
    # A minute is not cut to its start: seconds are kept, as published.
    local = pl.col("_l") if grain == "minute" else pl.col("_l").dt.truncate(unit)
    frame = frame.with_columns(_start=utc(local, time.zone), _end=_end(local, grain, time.zone))
    if columns.end:
        last = utc(_local("end", schema["end"], time), time.zone)
        given = pl.when(last == pl.col("_start")).then(pl.col("_end")).otherwise(last)
        frame = frame.with_columns(_end=pl.when(pl.col("end").is_null()).then("_end").otherwise(given))
    return frame.drop("_l").with_columns(_available=available(mapping, schema))


def available(mapping: Mapping, schema: pl.Schema) -> pl.Expr:
    """Give when a row was received, null where it is not said or cannot be read.

    A received day without an hour counts from its end: that morning it was not known yet.
    """
    if not mapping.columns.available_at:
        return pl.lit(None, pl.Datetime("us", "UTC"))
    time = mapping.time
    local = _local("available_at", schema["available_at"], time)
    day = schema["available_at"] == pl.Date
    only_day = pl.lit(True) if day else pl.col("available_at").cast(pl.String).str.len_chars() <= 10
    return utc(pl.when(only_day).then(local.dt.offset_by("1d")).otherwise(local), time.zone)
