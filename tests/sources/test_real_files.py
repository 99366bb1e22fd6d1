"""The real files beside the checkout: as many rows as an independent count finds, each in one bin."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

pytestmark = pytest.mark.realdata


def test_bedfordshire_rows_are_the_csv_modules_rows(take, shared_data: Path) -> None:
    path = shared_data / "police-uk" / "bedfordshire-2021-03-to-2023-10.zip"
    expected: Counter[str] = Counter()
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            kind = "outcomes" if name.endswith("outcomes.csv") else "street"
            expected[kind] += sum(1 for _ in csv.DictReader(io.StringIO(archive.read(name).decode("utf-8"))))
    taken = take("police_uk", path)
    read = Counter(street=0, outcomes=0)
    for batch in taken.batches:
        read["outcomes" if batch.table == "outcomes" else "street"] += batch.read
    assert read == expected == Counter(street=162_695, outcomes=132_094)
    assert taken.reasons == {}
    events = pl.concat([b.rows for b in taken.batches if b.table == "events"])
    assert events["easting"].null_count() == 5_158  # "No Location" in the files
    outcomes = pl.concat([b.rows for b in taken.batches if b.table == "outcomes"])
    known = outcomes.join(events, left_on=["event_hi", "event_lo"], right_on=["key_hi", "key_lo"], how="semi")
    assert known.height / outcomes.height > 0.9


@pytest.mark.parametrize(
    ("mapping", "files", "rows", "crs"),
    [
        ("chicago", ["chicago-aggravated-assaults-2010-to-2017.parquet"], 117_875, "EPSG:26916"),
        ("toronto", ["toronto-2014-to-2019.parquet"], 180_886, "EPSG:26917"),
        (
            "portland",
            [
                "nij-portland/burglary_2012-03_to_2017-02.parquet",
                "nij-portland/motor_vehicle_theft_2012-03_to_2017-02.parquet",
            ],
            5_096 + 9_037,
            "EPSG:2913",
        ),
    ],
)
def test_open_cities_load_whole(
    take, shared_data: Path, mapping: str, files: list[str], rows: int, crs: str
) -> None:
    taken = take("table", *(shared_data / name for name in files), mapping=mapping)
    assert (taken.read, taken.rows.height) == (rows, rows)
    assert {b.crs for b in taken.batches} == {crs}
    assert taken.rows["easting"].null_count() == 0
