"""Parquet files from outside: read by Arrow, which refuses a damaged one; polars' reader panics at some."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq


def read_outside_parquet(path: Path) -> pl.DataFrame:
    """Give the table of a Parquet file, its texts known to be UTF-8.

    Raises:
        ValueError: it is damaged, or no Parquet file.
    """
    try:
        with pq.ParquetFile(path) as file:
            table = file.read(use_threads=False)
        table.validate(full=True)
        # Notes beside the columns are not read here, and polars panics where they are no UTF-8.
        plain = pa.schema([one.remove_metadata() for one in table.schema])
        return pl.DataFrame(pl.from_arrow(pa.Table.from_arrays(table.columns, schema=plain)))
    except (pa.ArrowException, pl.exceptions.PolarsError, OSError) as error:
        raise ValueError("a damaged Parquet file") from error
