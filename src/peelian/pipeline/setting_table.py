"""A table that a person gives as CSV or Parquet: every cell a text."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from peelian.guard.outside_parquet import read_outside_parquet

_PACKED: Final = (b"\x1f\x8b", b"\x78\x01", b"\x78\x9c", b"\x78\xda", b"\x28\xb5\x2f\xfd")
"""How gzip, zlib and zstd begin: the reader of CSV would unpack them, however much is in them."""


def read_table(path: Path) -> pl.DataFrame | None:
    """Give the table, or None where none can be read there; the caller says what was expected."""
    try:
        if path.suffix.lower() == ".parquet":
            return _as_text(read_outside_parquet(path))
        with path.open("rb") as file:
            if file.read(4).startswith(_PACKED):
                return None
        return pl.read_csv(path, infer_schema=False, encoding="utf8")
    except (OSError, ValueError, pl.exceptions.PolarsError):
        return None


def _as_text(frame: pl.DataFrame) -> pl.DataFrame | None:
    if any(kind.is_nested() or kind == pl.Binary for kind in frame.dtypes):
        return None
    return frame.cast(pl.String)


def headed(path: Path, needed: set[str]) -> pl.DataFrame | None:
    """Give a table with its column names trimmed and in lower case; None without rows or a needed column.

    None too where two columns then have one name.
    """
    raw = read_table(path)
    if raw is None:
        return None
    plain = {name: name.strip().lower() for name in raw.columns}
    if len(set(plain.values())) < len(plain):
        return None
    raw = raw.rename(plain, strict=False)
    return raw if needed <= set(raw.columns) and not raw.is_empty() else None


def lines_not(good: pl.Series) -> str:
    """Say which lines of the file are false or null in `good`, the first five by number; empty when none is.

    The header is line 1.
    """
    bad = (~good.fill_null(False)).arg_true().to_list()
    if not bad:
        return ""
    lines = ", ".join(str(at + 2) for at in bad[:5])
    more = f" and {len(bad) - 5} more" if len(bad) > 5 else ""
    return f"{'line' if len(bad) == 1 else 'lines'} {lines}{more}"
