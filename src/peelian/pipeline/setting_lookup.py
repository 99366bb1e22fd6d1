"""Which area lies in which: codes of a smaller level and of the larger, from a local table."""

from __future__ import annotations

import hashlib
import re
from itertools import combinations
from pathlib import Path
from typing import Final

import polars as pl

from peelian.domain.errors import Misuse
from peelian.domain.parents import NESTED
from peelian.domain.progress import Tick, no_tick
from peelian.pipeline.context import Context
from peelian.pipeline.gazetteers import Imported
from peelian.pipeline.setting_table import read_table
from peelian.store.catalogue import transaction
from peelian.store.context_files import replace_context_file

_COLUMN: Final = re.compile(r"^(lsoa|msoa|ltla|lad|district)\d*_?(cd|code)?$")
_LEVEL: Final = {"ltla": "district", "lad": "district"}
_EXPECTED: Final = (
    "a CSV or Parquet table with two or more columns of codes among lsoa, msoa and ltla (lad, district), "
    "named such as lsoa21cd, msoa21_code or ltla24cd"
)
_COLUMNS: Final = ("child_level", "child", "parent_level", "parent")


def import_setting(ctx: Context, path: Path, tick: Tick = no_tick) -> Imported:
    """Read the table; it replaces what was held of the same two levels. Names are not read.

    Raises:
        Forbidden: when the policy says no.
        Misuse: no such file, too few columns of codes, or a smaller area in two larger ones.
    """
    ctx.allow("collection", "lookup")
    rows = _pairs(_read(path))
    held = lookup_file(ctx)
    replaced = False
    kept = rows
    if held.is_file():
        before = pl.read_parquet(held)
        rest = before.join(rows, on=["child_level", "parent_level"], how="anti")
        replaced, kept = rest.height < before.height, pl.concat([rest, rows])
    held.parent.mkdir(parents=True, exist_ok=True)
    temporary = held.with_suffix(".tmp")
    kept.sort(_COLUMNS).write_parquet(temporary)
    temporary.rename(held)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    with transaction(ctx.ws) as conn:
        replace_context_file(conn, "lookup", path.name, digest, rows.height)
        ctx.record(conn, "collection", f"{rows.height} pairs of areas")
    tick("done", 1.0)
    counts = rows.group_by("child_level", "parent_level").len().sort("child_level", "parent_level")
    return Imported(
        "lookup", path.name, digest, {f"{a} in {b}": n for a, b, n in counts.iter_rows()}, replaced
    )


def lookup_file(ctx: Context) -> Path:
    """Name the file the pairs are kept in: child_level, child, parent_level, parent."""
    return ctx.ws.home / "settings" / "lookup.parquet"


def _read(path: Path) -> pl.DataFrame:
    raw = read_table(path)
    if raw is None:
        raise _wrong("there is no table that can be read there")
    found: dict[str, str] = {}
    for name in raw.columns:  # of several vintages of a level the last column is the newest
        told = _COLUMN.match(name.strip().lower())
        if told:
            found[_LEVEL.get(told[1], told[1])] = name
    if len(found) < 2 or raw.is_empty():
        raise _wrong("the table lacks two columns of codes, or has no rows")
    return raw.select(
        pl.col(name).cast(pl.String).str.strip_chars().alias(level) for level, name in found.items()
    )


def _pairs(table: pl.DataFrame) -> pl.DataFrame:
    levels = [level for level in NESTED if level in table.columns]
    parts = []
    for child, parent in combinations(levels, 2):
        part = table.select(
            pl.lit(child).alias("child_level"), pl.col(child).alias("child"),
            pl.lit(parent).alias("parent_level"), pl.col(parent).alias("parent"),
        ).drop_nulls().unique()  # fmt: skip
        if part["child"].is_duplicated().any():
            raise _wrong(f"some {child} is in more than one {parent}")
        parts.append(part)
    return pl.concat(parts)


def _wrong(what: str) -> Misuse:
    return Misuse(what, expected=_EXPECTED, do="correct the file and import it again")
