"""Rows of a table that give no coordinates: the most exact of what they say, and nothing of the words."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from peelian.domain.errors import Misuse
from peelian.gazetteer.entries import write_entries
from peelian.sources.table.mapping import Mapping
from peelian.sources.table.resolve import Tally, add_resolved

ROWS: dict[str, list[object]] = {
    "easting": [445_000.0, None, None, None, None, None, None],
    "northing": [160_000.0, None, None, None, None, None, None],
    "where": [
        "Acacia Avenue", "Acacia Avenue", "outside Red Lion, High St, Hollowmere", "High Street",
        "somewhere in Ashcombe Green", "nowhere", None,
    ],
    "pc": [None, None, "ZZ1 4AB", "ZZ2 7QX", None, None, None],
    "grid": [None, None, None, None, None, "SU 450 600", None],
}  # fmt: skip


def _mapping(**more: object) -> Mapping:
    columns = {
        "occurred": "when", "easting": "easting", "northing": "northing", "location_text": "where",
        "postcode": "pc", "grid_reference": "grid",
    }  # fmt: skip
    return Mapping.model_validate(
        {"source": "s", "force": "simulated-x", "columns": columns, "codes": {"default": "violence"}} | more
    )


@pytest.fixture
def gazetteer(tmp_path: Path, entries: pl.DataFrame) -> str:
    write_entries(tmp_path / "gazetteer.parquet", entries)
    return str(tmp_path / "gazetteer.parquet")


def _frame() -> pl.DataFrame:
    frame = pl.DataFrame(ROWS).rename({"where": "location_text", "pc": "postcode", "grid": "grid_reference"})
    return frame.with_columns(_e=pl.col("easting"), _n=pl.col("northing"), row=pl.int_range(1, 8))


def test_each_row_gets_its_most_exact_place_and_loses_its_words(gazetteer: str) -> None:
    tally = Tally()
    done = add_resolved(_frame(), _mapping(), gazetteer, tally)
    assert not {"location_text", "postcode", "grid_reference"} & set(done.columns)
    assert done["_e"].to_list() == [445_000, 444_400, 445_100, 450_500, None, 445_050, None]
    assert done["_precision"].to_list() == pytest.approx([None, 300, 30, 100, None, 70.7, None], abs=0.1)
    assert done["_match"][0] is None  # coordinates as published
    assert done["_match"].drop_nulls().min() > 0.9  # type: ignore[operator]
    assert done["_lsoa"].to_list()[3:5] == ["Z01000020", "Z01000041"]
    assert tally.sentences("f.csv") == [
        "1 of 1 grid references in f.csv resolved to a point (all)",
        "2 of 2 postcodes in f.csv resolved to a point (all)",
        "2 of 5 location texts in f.csv resolved to a point (40 %)",
    ]


def test_without_a_gazetteer_rows_stay_without_a_place_and_one_sentence_says_how(tmp_path: Path) -> None:
    tally = Tally()
    for _ in range(3):
        done = add_resolved(_frame(), _mapping(), str(tmp_path / "none.parquet"), tally)
    assert done["_e"].to_list() == [445_000, None, None, None, None, 445_050, None]  # a reference needs none
    assert sum("peelian context import" in s for s in tally.sentences("f.csv")) == 1


def test_a_mapping_that_says_nothing_of_the_kind_is_left_alone(gazetteer: str) -> None:
    plain = _mapping(columns={"occurred": "when", "easting": "easting", "northing": "northing"})
    frame = _frame().drop("location_text", "postcode", "grid_reference")
    done = add_resolved(frame, plain, gazetteer)
    assert done["_match"].null_count() == done.height
    assert done["_e"].to_list() == frame["_e"].to_list()


def test_cells_elsewhere_than_in_britain_are_a_misuse(gazetteer: str) -> None:
    with pytest.raises(Misuse, match="project_to: EPSG:27700"):
        add_resolved(_frame(), _mapping(project_to="EPSG:32633"), gazetteer)


def test_no_row_is_lost_or_moved_in_an_empty_chunk(gazetteer: str) -> None:
    done = add_resolved(_frame().clear(), _mapping(), gazetteer)
    assert done.height == 0
    assert {"_e", "_n", "_precision", "_match", "_lsoa"} <= set(done.columns)
