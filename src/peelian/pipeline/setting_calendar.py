"""Days known in advance: school terms, matches, other events, from a local table."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import polars as pl

from peelian.domain.errors import Misuse
from peelian.domain.progress import Tick, no_tick
from peelian.domain.time import london_midnight
from peelian.pipeline.context import Context
from peelian.pipeline.gazetteers import Imported
from peelian.pipeline.panel_calendar import CALENDAR_SCHEMA
from peelian.pipeline.setting_table import headed, lines_not
from peelian.store.catalogue import transaction
from peelian.store.context_files import replace_context_file

FORM: Final = """start,end,kind
2026-07-22,2026-09-01,school holiday
2026-11-07,,match
"""
_COLUMNS: Final = ("start", "end", "kind", "available_at")
_KIND: Final = r"^[a-z][a-z -]{1,29}$"
_MOST_KINDS: Final = 20
_LONGEST_DAYS: Final = 370


def import_setting(ctx: Context, path: Path, tick: Tick = no_tick) -> Imported:
    """Read a calendar (CSV: `start`, `end`, `kind`, perhaps `available_at`); it replaces what was held.

    Days are both included; an empty `end` is one day. Any other column, such as a name, is not read. A row
    counts as known from its `available_at` (a day: from its end on), else from this import. What an earlier
    file said stays known for the time between the two imports, so that no forecast of then changes.

    Raises:
        Forbidden: when the policy says no.
        Misuse: no such file, or a row that is none; the lines are named, never their content.
    """
    ctx.allow("collection", "calendar")
    now = datetime.now(UTC)
    rows = _read(path, now)
    held = ctx.ws.home / "settings" / "calendar.parquet"
    replaced = held.is_file()
    kept = _succeed(pl.read_parquet(held), rows, now) if replaced else rows
    held.parent.mkdir(parents=True, exist_ok=True)
    temporary = held.with_suffix(".tmp")
    kept.sort(*CALENDAR_SCHEMA).write_parquet(temporary)
    temporary.rename(held)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    with transaction(ctx.ws) as conn:
        replace_context_file(conn, "calendar", path.name, digest, rows.height)
        ctx.record(conn, "collection", f"{rows.height} calendar entries")
    tick("done", 1.0)
    counts = dict(sorted(rows["kind"].value_counts().iter_rows()))
    return Imported("calendar", path.name, digest, counts, replaced)


def _read(path: Path, now: datetime) -> pl.DataFrame:
    raw = headed(path, {"start", "kind"})
    if raw is None:
        raise _wrong("there is no calendar that can be read there, or it lacks a column, or has no rows")
    text = [
        (pl.col(name) if name in raw.columns else pl.lit(None, pl.String)).str.strip_chars().alias(name)
        for name in _COLUMNS
    ]
    raw = raw.select(text).with_columns(pl.col(pl.String).replace("", None))
    start = pl.col("start").str.to_date("%Y-%m-%d", strict=False)
    end = pl.col("end").str.to_date("%Y-%m-%d", strict=False)
    rows = raw.select(
        start=start,
        end=pl.when(pl.col("end").is_null()).then(start).otherwise(end),
        kind=pl.col("kind").str.to_lowercase(),
        said=pl.col("available_at").str.to_date("%Y-%m-%d", strict=False),
        unread=pl.col("available_at").is_not_null(),
    ).with_columns(unread=pl.col("unread") & pl.col("said").is_null())
    good = (
        (pl.col("end") >= pl.col("start"))
        & ((pl.col("end") - pl.col("start")).dt.total_days() <= _LONGEST_DAYS)
        & pl.col("kind").str.contains(_KIND)
        & ~pl.col("unread")
    )
    _check(rows, rows.select(good.alias("good"))["good"])
    known = [_known(day, now) for day in rows["said"].to_list()]
    return rows.select(
        "start", "end", "kind", pl.Series("available_at", known, CALENDAR_SCHEMA["available_at"]),
        pl.lit(None, CALENDAR_SCHEMA["withdrawn_at"]).alias("withdrawn_at"),
    ).unique(["start", "end", "kind"], keep="first", maintain_order=True)  # fmt: skip


def _known(day: date | None, now: datetime) -> datetime:
    """A day without an hour counts from its end: that morning it was not known yet."""
    return now if day is None else london_midnight(date.fromordinal(day.toordinal() + 1))


def _check(rows: pl.DataFrame, good: pl.Series) -> None:
    if bad := lines_not(good):
        raise _wrong(f"{bad} of the calendar: no days of a kind")
    if rows["kind"].n_unique() > _MOST_KINDS:
        raise _wrong(f"the calendar has more than {_MOST_KINDS} kinds: names belong in a column of their own")


def _succeed(held: pl.DataFrame, new: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """Put a new calendar after the one held: what both say stays known from when it first was."""
    key = ["start", "end", "kind"]
    standing = held.filter(pl.col("withdrawn_at").is_null())
    gone = held.filter(pl.col("withdrawn_at").is_not_null())
    left = standing.join(new, on=key, how="anti").with_columns(
        withdrawn_at=pl.lit(now, CALENDAR_SCHEMA["withdrawn_at"])
    )
    stays = standing.join(new.select(*key, said="available_at"), on=key, how="inner").with_columns(
        available_at=pl.min_horizontal("available_at", "said")
    )
    added = new.join(standing, on=key, how="anti")
    columns = list(CALENDAR_SCHEMA)
    return pl.concat([part.select(columns) for part in (gone, left, stays, added)])


def _wrong(what: str) -> Misuse:
    return Misuse(
        what,
        expected=f"a CSV such as\n{FORM}kinds in lower case, up to 30 letters; days as YYYY-MM-DD, both "
        "included; an optional column available_at: the day on which it was announced",
        do="correct the file and import it again",
    )
