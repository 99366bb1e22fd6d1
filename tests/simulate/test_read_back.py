"""Every simulated file is read by its real source, row for row, with nothing refused."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from peelian.domain.contracts import Source
from peelian.simulate.emit import SimulatedFiles
from peelian.simulate.world import World
from peelian.sources import police_uk, table


def _read(
    source: Source, path: Path, landing: Path, options: dict[str, str]
) -> tuple[int, int, pl.DataFrame]:
    read, refused, events = 0, 0, []
    for raw in source.land([path], landing, options):
        for batch in source.parse(raw, options):
            read, refused = read + batch.read, refused + len(batch.rejects)
            if batch.table == "events":
                events.append(batch.rows.select("group", "start", "end", "easting", "northing", "setting"))
    return read, refused, pl.concat(events)


def test_the_extract_reads_as_it_happened(tiny: World, tiny_files: SimulatedFiles, tmp_path: Path) -> None:
    assert tiny_files.extract is not None
    read, refused, rows = _read(table, tiny_files.extract, tmp_path, {"mapping": str(tiny_files.mapping)})
    assert (read, refused) == (tiny_files.records, 0)
    mine = tiny.published
    assert rows["easting"].sum() == pytest.approx(tiny.events.x[mine].sum())
    assert (rows["end"] > rows["start"]).all()
    public = rows.filter((pl.col("group") == "violence") & (pl.col("setting") == "public"))
    assert len(public) == (mine & (tiny.events.k == 0)).sum()


def test_the_monthly_files_read_row_for_row(tiny: World, tiny_files: SimulatedFiles, tmp_path: Path) -> None:
    folder = tiny_files.paths()["police_uk"]
    _read_rows, refused, rows = _read(police_uk, folder, tmp_path, {})
    assert refused == 0
    assert len(rows) == tiny_files.records
    inside = tiny.land.index_of(
        rows["easting"].drop_nulls().to_numpy(), rows["northing"].drop_nulls().to_numpy()
    )
    assert (inside >= 0).mean() > 0.999
