"""DuckDB in memory over Parquet files: small, bounded, without extensions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl

Duck = duckdb.DuckDBPyConnection


@contextmanager
def duck(*, memory: str | None = None, spill: Path | None = None) -> Iterator[Duck]:
    """Give a private in-memory DuckDB: UTC, two threads, no network; `spill` is where it may overflow to."""
    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False, "autoload_known_extensions": False, "threads": 2,
    }  # fmt: skip
    if memory:
        settings["memory_limit"] = memory
    if spill:
        settings["temp_directory"] = str(spill)
    connection = duckdb.connect(":memory:", config=settings)
    try:
        connection.execute("set TimeZone='UTC'")
        yield connection
    finally:
        connection.close()


def files_sql(paths: Sequence[Path]) -> str:
    """Give the SQL that reads these Parquet files."""
    names = ", ".join(f"'{quoted(path)}'" for path in paths)
    return f"read_parquet([{names}])"


def quoted(path: Path) -> str:
    """Give a path as it may stand between single quotes."""
    return str(path).replace("'", "''")


def frame(connection: Duck, sql: str, parameters: Sequence[object] = ()) -> pl.DataFrame:
    """Run a query and give all its rows."""
    table = connection.sql(sql, params=list(parameters)).to_arrow_table()
    result = pl.from_arrow(table)
    if not isinstance(result, pl.DataFrame):  # pragma: no cover - a table always gives a frame
        raise TypeError("a query gave no table")
    return result
