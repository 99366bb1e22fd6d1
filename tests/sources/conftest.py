"""Read files through a source as ingest does, and write small synthetic police.uk files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from peelian.domain.contracts import ParsedBatch, RawFile
from peelian.sources import SOURCES

NOW = datetime(2026, 1, 1, tzinfo=UTC)
STREET = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
    "Crime type,Last outcome category,Context"
)


@dataclass
class Taken:
    """What a source gave for some paths."""

    raws: list[RawFile] = field(default_factory=list)
    batches: list[ParsedBatch] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    @property
    def read(self) -> int:
        return sum(b.read for b in self.batches)

    @property
    def rows(self) -> pl.DataFrame:
        return pl.concat([b.rows for b in self.batches]).sort("row", maintain_order=True)

    @property
    def rejects(self) -> pl.DataFrame:
        return pl.concat([b.rejects for b in self.batches]).sort("row", maintain_order=True)

    @property
    def reasons(self) -> dict[int, str]:
        return {int(row): str(reason) for row, reason in self.rejects.select("row", "reason").iter_rows()}


Take = Callable[..., Taken]


@pytest.fixture
def take(tmp_path: Path) -> Take:
    """Land and parse as ingest does; check on the way that every row read is in exactly one bin."""

    def run(source: str, *paths: Path, **options: Any) -> Taken:
        taken = Taken()
        options = {"now": NOW, "notice": taken.notices.append} | options
        for raw in SOURCES[source].land(list(paths), tmp_path / "landing", options):
            taken.raws.append(raw)
            numbers: list[int] = []
            for batch in SOURCES[source].parse(raw, options):
                taken.batches.append(batch)
                numbers += batch.rows["row"].to_list() + batch.rejects["row"].to_list()
                assert batch.rows.height + batch.rejects.height == batch.read
            assert sorted(numbers) == list(range(1, len(numbers) + 1))
        return taken

    return run


@pytest.fixture
def street() -> Callable[..., bytes]:
    """Write one street row; a keyword changes a field, in the header's words with underscores."""

    def line(**changes: str) -> bytes:
        row = {
            "Crime_ID": "ab" * 32, "Month": "2023-05", "Reported_by": "Fenshire Constabulary",
            "Falls_within": "Fenshire Constabulary", "Longitude": "-0.579953", "Latitude": "51.850353",
            "Location": "On or near Quern Lane", "LSOA_code": "E01017657", "LSOA_name": "Fenshire 001A",
            "Crime_type": "Robbery", "Last_outcome_category": "", "Context": "",
        }  # fmt: skip
        assert set(changes) <= set(row)
        return ",".join((row | changes).values()).encode()

    return line


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a street file from its lines."""

    def put(*lines: bytes, name: str = "2023-05-fenshire-street.csv", header: str = STREET) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(line + b"\n" for line in (header.encode(), *lines)))
        return path

    return put
