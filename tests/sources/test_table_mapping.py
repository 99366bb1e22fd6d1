"""Mapping files: what is wrong is named by its key; those shipped load; no table is refused."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from peelian.domain.errors import Misuse, Refused
from peelian.sources.table.load import load_mapping, shipped

GOOD = "source: s\nforce: f\ncolumns: {occurred: when}\ncodes: {default: violence}\n"

WRONG = {
    "no-source": (GOOD.replace("source: s\n", ""), "source: is missing"),
    "unknown-key": (GOOD + "colour: red\n", "colour: is not a known key"),
    "unknown-column": (GOOD.replace("occurred", "surname"), "columns.surname: is not a known key"),
    "group": (GOOD.replace("violence", "murder"), "codes: 'murder' is not a group"),
    "zone": (GOOD + "time: {zone: Mars/Olympus}\n", "time.zone: not a time zone"),
    "granularity": (GOOD + "time: {granularity: fortnight}\n", "time.granularity"),
    "mark": (GOOD + "values: {setting: {x: pub}}\n", "values: 'pub' is no value of setting"),
    "no-mark": (GOOD + "values: {mood: {x: y}}\n", "values: 'mood' is not a mark"),
    "constant": (GOOD + "constants: {domestic: perhaps}\n", "constants: 'perhaps' is no value of domestic"),
    "half-place": (GOOD.replace("when}", "when, easting: x}"), "`easting` and `northing` go together"),
    "two-times": (GOOD.replace("when}", "when, date: d}"), "give one of `occurred`"),
    "no-offence": (GOOD.replace("default", "abh"), "say once what happened"),
    "covers": (GOOD + "covers: {from: 2023-02-01, to: 2023-01-01}\n", "`to` is before `from`"),
    "crs": (GOOD + "crs: EPSG:999999\n", "crs of the mapping"),
    "degrees": (GOOD + "project_to: EPSG:4326\n", "cells need a projected CRS"),
    "no-yaml": ("a: [1\n", "is not YAML at line"),
    "list": ("- a\n", "not a list of keys"),
    "tag": ("!!python/object/apply:os.system [true]\n", "is not YAML"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_mapping_is_a_misuse_that_names_the_key(tmp_path: Path, case: str) -> None:
    text, words = WRONG[case]
    path = tmp_path / "m.yaml"
    path.write_text(text)
    with pytest.raises(Misuse, match=words) as caught:
        load_mapping(path)
    assert caught.value.exit_code == 2


def test_yes_and_no_and_numbers_in_yaml_are_codes(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(GOOD + "values: {domestic: {yes: yes, 2: yes, no: no}}\n")
    assert load_mapping(path)[0].values["domestic"] == {"yes": "yes", "2": "yes", "no": "no"}


def test_shipped_mappings_load_by_name() -> None:
    assert {"chicago", "portland", "toronto"} < set(shipped())
    for name in shipped():
        mapping = load_mapping(name)[0]
        assert name in (mapping.force, mapping.feed)  # of a place, or of a partner's feed
    with pytest.raises(Misuse, match="there is no mapping file atlantis"):
        load_mapping("atlantis")


def test_missing_columns_are_named(take, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("date,place\n2023-01-01,x\n")
    (tmp_path / "m.yaml").write_text(GOOD)
    with pytest.raises(Refused, match="lacks the column when; it has date, place"):
        take("table", tmp_path / "t.csv", mapping=str(tmp_path / "m.yaml"))


def test_a_damaged_parquet_file_is_refused(take, tmp_path: Path) -> None:
    (tmp_path / "t.parquet").write_bytes(b"PAR1" + b"\0" * 100 + b"PAR1")
    (tmp_path / "m.yaml").write_text(GOOD)
    with pytest.raises(Refused, match="damaged Parquet"):
        take("table", tmp_path / "t.parquet", mapping=str(tmp_path / "m.yaml"))


def test_columns_of_lists_or_bytes_are_refused(take, tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(GOOD)
    for values in ([["2023-01-01"]], [b"2023-01-01"]):
        pl.DataFrame({"when": values}).write_parquet(tmp_path / "t.parquet")
        with pytest.raises(Refused, match="lists, structures or bytes in when"):
            take("table", tmp_path / "t.parquet", mapping=str(tmp_path / "m.yaml"))


def test_another_separator_is_said_and_can_be_given(take, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("when;x\n2023-01-01 10:00;1\n")
    (tmp_path / "m.yaml").write_text(GOOD)
    with pytest.raises(Refused, match="not separated by commas"):
        take("table", tmp_path / "t.csv", mapping=str(tmp_path / "m.yaml"))
    (tmp_path / "m.yaml").write_text(GOOD + "separator: ';'\n")
    assert take("table", tmp_path / "t.csv", mapping=str(tmp_path / "m.yaml")).rows.height == 1


def test_offence_by_file_name(take, tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(
        GOOD.replace("default", "b") + "offence_by_file: {burglary: b}\n".replace("b}", "b}")
    )
    mapping = (tmp_path / "m.yaml").read_text().replace("{b: violence}", "{b: burglary}")
    (tmp_path / "m.yaml").write_text(mapping)
    (tmp_path / "burglary-2023.csv").write_text("when\n2023-01-01 10:00\n")
    (tmp_path / "other.csv").write_text("when\n2023-01-01 10:00\n")
    taken = take("table", tmp_path / "burglary-2023.csv", mapping=str(tmp_path / "m.yaml"))
    assert taken.rows.select("offence", "group").rows() == [("b", "burglary")]
    with pytest.raises(Refused, match="does not say what its rows are"):
        take("table", tmp_path / "other.csv", mapping=str(tmp_path / "m.yaml"))
