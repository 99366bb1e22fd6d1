"""The parts of a proposal, each on cases worked out by hand."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peelian.domain.errors import Misuse, Refused
from peelian.propose.offences import read_code, read_codes
from peelian.propose.propose import propose
from peelian.propose.sample import read_sample
from peelian.propose.tokens import tokens
from peelian.propose.when import written


@pytest.mark.parametrize(
    ("values", "grain", "form", "doubt"),
    [
        (["13/02/2023", "01/03/2023"], "date", "%d/%m/%Y", False),
        (["02/13/2023", "03/01/2023"], "date", "%m/%d/%Y", False),
        (["02/03/2023", "01/03/2023"], "date", "%d/%m/%Y", True),
        (["02/03/23 10:11", "29/03/23 23:59"], "datetime", "%d/%m/%y %H:%M", False),
        (["2023-02-01", "2023-02-02"], "date", None, False),
        (["2023-02-01T10:11:12Z", "2023-07-02T00:00:00+01:00"], "datetime", None, False),
        (["44970.5", "45000.25"], "datetime", "excel", False),
        (["1700000000", "1700000100"], "datetime", "%s", False),
        (["Jan-23", "Feb-23"], "month", "%b-%y", False),
        (["10:11", "23:59"], "time", None, False),
    ],
)
def test_how_dates_are_written(values: list[str], grain: str, form: str | None, doubt: bool) -> None:
    found = written(pl.Series(values))
    assert found is not None
    assert (found.grain, found.format, found.doubt) == (grain, form, doubt)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.datetimes(datetime(2015, 1, 13), datetime(2030, 1, 1)), min_size=3, max_size=8),
    st.sampled_from(["%d/%m/%Y %H:%M", "%d-%b-%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%d.%m.%Y %H:%M"]),
)
def test_a_format_found_reads_every_value_back(moments: list[datetime], form: str) -> None:
    values = [moment.strftime(form) for moment in moments]
    found = written(pl.Series(values))
    assert found is not None
    assert found.format is not None
    for value in values:
        datetime.strptime(value, found.format)
    if not found.doubt:
        assert found.format == form


def test_home_office_classes_are_read_and_bare_numbers_only_among_them() -> None:
    assert [r.group for r in read_codes(["8N", "34B", "45", "58C"], "police_crime")] == [
        "violence", "robbery", "vehicle", "damage",
    ]  # fmt: skip
    assert read_codes(["17A", "104", "8N"], "police_crime")[0].sexual
    assert read_code("104", "police_crime").group == "other"  # on a constable: display only, ADR 15
    assert [r.group for r in read_codes(["1", "2", "45"], "police_incidents")] == [None, None, None]


def test_an_unknown_code_is_left_out_and_never_other() -> None:
    read = read_code("ZQ-77", "police_crime")
    assert read.group is None
    assert read.confidence < 0.5
    assert read_code("Troseddau rhywiol", "police_crime").sexual


def test_run_together_and_welsh_names() -> None:
    assert tokens("OccStartDateTime") == ("occurred", "start", "date", "time")
    assert tokens("Dwyreiniad") == ("easting",)


def test_encodings_separators_titles_and_missing_names(tmp_path: Path) -> None:
    rows = "Crime No;Offence\n" + "".join(f"A{n};Sŵn £{n}\n" for n in range(9))
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        path = tmp_path / f"{encoding}.csv"
        path.write_bytes(("Title line\n\n" + rows).encode(encoding, errors="replace"))
        sample = read_sample(path)
        assert (sample.encoding, sample.separator, sample.above) == (encoding, ";", 1)
        assert sample.frame.columns == ["Crime No", "Offence"]
    bare = tmp_path / "bare.csv"
    bare.write_text("".join(f"{n},01/02/2023,Robbery\n" for n in range(1000, 1010)))
    assert not read_sample(bare).named


def test_what_is_no_table_is_refused_and_what_is_not_there_is_a_misuse(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "zip.xlsx").write_bytes(b"PK\x03\x04" + b"\0" * 50)
    (tmp_path / "bytes.csv").write_bytes(b"a,b\n\x00\x00\x00" * 9)
    for name in ("empty.csv", "zip.xlsx", "bytes.csv"):
        with pytest.raises(Refused):
            propose(tmp_path / name)
    with pytest.raises(Misuse, match="no file"):
        propose(tmp_path / "absent.csv")


def test_a_barred_kind_is_not_mapped(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text(
        "Type,Date,Object of search,Self-defined ethnicity\n"
        + "Person search,2023-01-01,Controlled drugs,X\n" * 9
    )
    with pytest.raises(Refused, match="never taken"):
        propose(path)
