"""How many people live in each small area, from a local table: for curves by population, never a feature."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from peelian.domain.errors import Misuse
from peelian.domain.grid import Cells, Floats
from peelian.domain.progress import Tick, no_tick
from peelian.pipeline.context import Context
from peelian.pipeline.gazetteers import Imported
from peelian.pipeline.panel_parents import ParentsHeld
from peelian.pipeline.setting_table import read_table
from peelian.store.catalogue import transaction
from peelian.store.context_files import replace_context_file

_CODE: Final = re.compile(r"^lsoa\d*_?(cd|code)?$")
_PEOPLE: Final = re.compile(r"^(total_)?(population|residents|usual_residents|people)$")
_EXPECTED: Final = (
    "a CSV or Parquet table with a column of LSOA codes (lsoa21cd) and one of people (population); "
    "ages, sexes and origins are not read"
)
MATCHED: Final = 0.95
"""Share of an area's LSOAs whose people must be known: tables of another vintage know fewer."""


def import_setting(ctx: Context, path: Path, tick: Tick = no_tick) -> Imported:
    """Read the table; it replaces what was held.

    Raises:
        Forbidden: when the policy says no.
        Misuse: no such file, no such columns, a code twice, or a number of people that is none.
    """
    ctx.allow("collection", "population")
    rows = _read(path)
    held = _path(ctx)
    replaced = held.is_file()
    held.parent.mkdir(parents=True, exist_ok=True)
    temporary = held.with_suffix(".tmp")
    rows.sort("code").write_parquet(temporary)
    temporary.rename(held)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    with transaction(ctx.ws) as conn:
        replace_context_file(conn, "population", path.name, digest, rows.height)
        ctx.record(conn, "collection", f"people of {rows.height} areas")
    tick("done", 1.0)
    return Imported("population", path.name, digest, {"LSOA": rows.height}, replaced)


def population(ctx: Context, cells: Cells, parents: ParentsHeld | None) -> Floats | None:
    """Give the people of each of an area's cells, sorted ids, or None where they are not known.

    An LSOA's people are spread over its cells as the cells lie in it. Not known without boundaries, without
    a table, or where the table knows fewer than `MATCHED` of the area's LSOAs; an LSOA it does not know
    takes the median of those it does.
    """
    if not _path(ctx).is_file() or parents is None:
        return None
    shares = parents.shares.filter(pl.col("level") == "lsoa")
    known = shares.join(pl.read_parquet(_path(ctx)), on="code", how="left")
    codes = known.group_by("code").agg(pl.col("people").first())
    if codes.is_empty() or codes["people"].null_count() > (1 - MATCHED) * codes.height:
        return None
    spread = known.with_columns(pl.col("people").fill_null(codes["people"].median())).with_columns(
        people=pl.col("people") * pl.col("share") / pl.col("share").sum().over("code")
    )
    by_cell = spread.group_by("cell").agg(pl.col("people").sum()).sort("cell")
    out = np.zeros(len(cells))
    out[np.searchsorted(cells, by_cell["cell"].to_numpy())] = by_cell["people"].to_numpy()
    return out


def _path(ctx: Context) -> Path:
    return ctx.ws.home / "settings" / "population.parquet"


def _read(path: Path) -> pl.DataFrame:
    raw = read_table(path)
    if raw is None:
        raise _wrong("there is no table that can be read there")
    names = {name.strip().lower(): name for name in raw.columns}
    codes = [name for low, name in names.items() if _CODE.match(low)]
    people = [name for low, name in names.items() if _PEOPLE.match(low)]
    if len(codes) != 1 or len(people) != 1 or raw.is_empty():
        raise _wrong("the table lacks one column of LSOA codes and one of people, or has no rows")
    rows = raw.select(
        code=pl.col(codes[0]).cast(pl.String).str.strip_chars(),
        people=pl.col(people[0]).cast(pl.String).str.replace_all(",", "").cast(pl.Float64, strict=False),
    )
    if rows["code"].is_duplicated().any():
        raise _wrong("some LSOA codes are there twice")
    bad = rows.with_row_index("line", 2).filter(
        pl.col("people").is_null() | ~pl.col("people").is_finite() | (pl.col("people") < 0)
    )
    if bad.height:
        first = ", ".join(str(n) for n in bad["line"].head(3))
        raise _wrong(f"{bad.height} rows have no number of people (lines {first})")
    return rows


def _wrong(what: str) -> Misuse:
    return Misuse(what, expected=_EXPECTED, do="correct the file and import it again")
