"""One file's rows while they are being taken: in memory when few, on disk in pieces when many.

Memory does not grow with the file: pieces hold at most `HOLD_ROWS` rows, and what needs all keys at once
(ordinals, the comparison with the ledger) is done by DuckDB, which spills to the stage's folder.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import polars as pl

from peelian.store.duck import Duck, duck, files_sql, quoted
from peelian.store.workspace import Workspace

HOLD_ROWS: Final = 150_000  # more than any month of any force; about 50 MB
_MEMORY: Final = "128MB"
KEYS: Final = ("row", "key_hi", "key_lo", "content", "available_at")
FEED: Final = ("retracted", "nominal")
"""What a feed of rows says beside: the row is no more; the instant it was known is assumed, not given."""


class Stage:
    """Rows of one kind, owner and part of one file. `add` all, `settle` once, then read `pieces`.

    `by_edition`: an id repeated in the file is another row, told apart by an ordinal. Otherwise it is
    another version of the row, and only rows without an id get ordinals.
    """

    def __init__(self, ws: Workspace, *, by_edition: bool, hold_rows: int = HOLD_ROWS) -> None:
        self._folder = ws.staging / uuid.uuid4().hex
        self._by_edition, self._hold = by_edition, hold_rows
        self._held: list[pl.DataFrame] = []
        self._held_rows = 0
        self._files: list[Path] = []
        self.rows = 0

    @property
    def on_disk(self) -> bool:
        """Whether the rows went to disk."""
        return bool(self._files)

    def add(self, rows: pl.DataFrame) -> None:
        """Take rows with base keys, `row`, `has_id` and, of a feed of rows, perhaps `FEED`."""
        if rows.is_empty():
            return
        if not self._by_edition:
            unsaid = [name for name in FEED if name not in rows.columns]
            rows = rows.with_columns(pl.lit(False).alias(name) for name in unsaid)
        self._held.append(rows)
        self._held_rows += rows.height
        self.rows += rows.height
        if self._held_rows > self._hold:
            self._spill()

    def settle(self) -> None:
        """Give every row its final key: the base key and, among equals, its ordinal by rank of content.

        The rank, not the place in the file, so that the order of a file's rows never matters.
        """
        if not self._files:
            if self._held:
                rows = pl.concat(self._held)
                self._held = [_settled(rows, _ordinals(rows, self._by_edition))]
            return
        if self._held:
            self._spill()
        ordinals = self.path("ordinals.parquet")
        with duck(memory=_MEMORY, spill=self._folder) as db:
            same = "" if self._by_edition else "where not has_id"
            db.execute(
                'copy (select "row", ordinal from (select "row", row_number() over '
                '(partition by key_hi, key_lo order by content, "row") - 1 as ordinal '
                f'from {files_sql(self._files)} {same}) where ordinal > 0 order by "row") '
                f"to '{quoted(ordinals)}' (format parquet)"
            )
        for file in self._files:
            rows = pl.read_parquet(file)
            low, high = rows["row"].min(), rows["row"].max()
            mine = pl.scan_parquet(ordinals).filter(pl.col("row").is_between(low, high)).collect()
            _settled(rows, mine).write_parquet(file, compression="lz4")

    def pieces(self) -> Iterator[pl.DataFrame]:
        """Give the rows again, a piece at a time."""
        yield from self._held
        for file in self._files:
            yield pl.read_parquet(file)

    def path(self, name: str) -> Path:
        """Give a path in the stage's own folder, for what is worked out about its rows."""
        self._folder.mkdir(parents=True, exist_ok=True)
        return self._folder / name

    @contextmanager
    def keys(self) -> Iterator[Duck]:
        """Give a DuckDB with the final keys as `file_keys`; bounded in memory when the rows are on disk."""
        names = KEYS if self._by_edition else (*KEYS, *FEED)
        columns = ", ".join(f'"{name}"' for name in names)
        if self._files:
            with duck(memory=_MEMORY, spill=self._folder) as db:
                db.execute(f"create view file_keys as select {columns} from {files_sql(self._files)}")
                yield db
            return
        with duck() as db:
            db.register("file_keys", pl.concat(self._held).select(names).to_arrow())
            yield db

    def close(self) -> None:
        """Delete what went to disk."""
        self._held.clear()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _spill(self) -> None:
        file = self.path(f"rows-{len(self._files):06d}.parquet")
        pl.concat(self._held).write_parquet(file, compression="lz4")
        self._files.append(file)
        self._held, self._held_rows = [], 0


def _ordinals(rows: pl.DataFrame, by_edition: bool) -> pl.DataFrame:
    """Give (row, ordinal) for the rows that are not the first of their key."""
    twins = rows["key_lo"].is_duplicated()
    if not twins.any():
        return pl.DataFrame(schema={"row": pl.UInt64, "ordinal": pl.UInt64})
    same = rows.select("row", "key_hi", "key_lo", "content", "has_id").filter(twins)
    if not by_edition:
        same = same.filter(~pl.col("has_id"))
    rank = pl.int_range(pl.len(), dtype=pl.UInt64).over("key_hi", "key_lo").alias("ordinal")
    return same.sort("content", "row").select("row", rank).filter(pl.col("ordinal") > 0)


def _settled(rows: pl.DataFrame, ordinals: pl.DataFrame) -> pl.DataFrame:
    if ordinals.is_empty():
        return rows
    from peelian.domain.digest import with_ordinal  # late: numba is slow to load, and readers do not need it

    ordinals = ordinals.select(pl.col("row").cast(pl.UInt64), pl.col("ordinal").cast(pl.UInt64))
    ordinal = rows.select("row").join(ordinals, on="row", how="left", maintain_order="left")["ordinal"]
    hi, lo = with_ordinal(rows["key_hi"], rows["key_lo"], ordinal.fill_null(0))
    return rows.with_columns(hi.alias("key_hi"), lo.alias("key_lo"))
