"""What is lawful passes: partners' layouts, public files. A false alarm costs trust: none is allowed."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import polars as pl
import pytest
import yaml

from peelian.guard import header, values
from peelian.guard.barred import barred_feed, barred_name
from peelian.sources import SOURCES
from peelian.sources.table.admit import admit_header, admit_values
from peelian.sources.table.load import load_mapping
from tests.guard.benign import COLUMNS, LAYOUTS, ROWS


@pytest.mark.parametrize("name", COLUMNS)
def test_a_lawful_column_raises_no_alarm(name: str) -> None:
    assert header.person_shaped(name) is None
    assert values.person_shaped(pl.Series(name, COLUMNS[name]), header=name, event_year=2025) is None
    assert barred_feed([name], pl.DataFrame({name: COLUMNS[name]})) is None


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout[4])
def test_a_lawful_layout_passes_as_text_and_as_typed(layout: tuple[str, ...], tmp_path: Path) -> None:
    mapping = tmp_path / "m.yaml"
    columns = {
        "occurred": "Committed from",
        "easting": "Easting",
        "northing": "Northing",
        "offence": "Offence name",
    }
    mapping.write_text(
        yaml.safe_dump(
            {"source": "sim-x", "force": "simulated-x", "codes": {"default": "other"}, "columns": columns}
        )
    )
    frame = pl.DataFrame({name: COLUMNS[name] for name in dict.fromkeys(layout)})
    for typed in (frame, frame.select(pl.all().cast(pl.String))):
        frame.write_csv(tmp_path / "f.csv")
        loaded, _ = load_mapping(mapping)
        assert set(admit_header(typed.columns, loaded, "f.csv")) == set(typed.columns)
        admit_values(typed, loaded, "f.csv")
    options = {"mapping": str(mapping), "notice": print}
    (raw,) = SOURCES["table"].land([tmp_path / "f.csv"], tmp_path / "landing", options)
    assert sum(batch.rows.height for batch in SOURCES["table"].parse(raw, options)) == ROWS


def test_there_are_as_many_layouts_as_promised() -> None:
    assert len(LAYOUTS) >= 40
    assert len(set(LAYOUTS)) == len(LAYOUTS)


def test_no_feed_we_take_is_called_as_a_barred_one() -> None:
    for source in SOURCES.values():
        assert barred_name(source.SPEC.id) is None
        assert barred_name(source.SPEC.title) is None


@pytest.mark.realdata
def test_public_files_raise_no_alarm(shared_data: Path) -> None:
    frames = {
        name: pl.read_parquet(shared_data / name)
        for name in (
            "chicago-aggravated-assaults-2010-to-2017.parquet",
            "toronto-2014-to-2019.parquet",
            "met-burglary-2010-to-2019.parquet",
            "mps-wards-2010-to-2022.parquet",
            "nij-portland/burglary_2012-03_to_2017-02.parquet",
            "nij-portland/motor_vehicle_theft_2012-03_to_2017-02.parquet",
        )
    }
    with zipfile.ZipFile(shared_data / "police-uk" / "bedfordshire-2021-03-to-2023-10.zip") as archive:
        for name in archive.namelist()[::9]:
            frames[name] = pl.read_csv(io.BytesIO(archive.read(name)), infer_schema=False)
    assert len(frames) > 8
    for name, frame in frames.items():
        assert [c for c in frame.columns if header.person_shaped(c)] == [], name
        found = [c for c in frame.columns if values.person_shaped(frame[c], header=c, event_year=2023)]
        assert found == [], name
        assert barred_feed(frame.columns, frame.head(5000)) is None, name
