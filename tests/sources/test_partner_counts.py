"""Counts of areas: what is withheld, what is refused; nothing under the floor is ever held."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peelian.domain.errors import Misuse, Refused
from peelian.sources import SOURCES
from peelian.sources.table.load import shipped_path

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CARE = "Area Code,Quarter From,Quarter To,Measure,Age Band,Count,Families,Shared On"
HURT = "Area Code,Window From,Window To,Age Band,Counted By,Convictions,Adults,Institution Share,Shared On"
YEAR = "01/01/2023,31/12/2023"


def parse(
    tmp_path: Path, feed: str, head: str, *lines: str, **options: Any
) -> tuple[pl.DataFrame, list[str]]:
    """Give the rows, and the reasons of those put aside in order."""
    path = tmp_path / "file.csv"
    path.write_text("\n".join([head, *lines]) + "\n", "utf-8")
    options = {"now": NOW, "notice": lambda _s: None, "force": "simulated-x"} | options
    source = SOURCES[feed]
    batches = [b for raw in source.land([path], tmp_path / "l", options) for b in source.parse(raw, options)]
    return pl.concat([b.rows for b in batches]), [r for b in batches for r in b.rejects["reason"]]


def care(
    area: str = "X01000001", count: str = "20", families: str = "15", band: str = "All", **given: str
) -> str:
    days = given.get("days", "01/01/2024,31/03/2024")
    return f"{area},{days},{given.get('measure', 'Referrals')},{band},{count},{families},01/05/2024"


def hurt(area: str = "X02000001", count: str = "30", adults: str = "20", **given: str) -> str:
    by, band = given.get("by", "Place of offence"), given.get("band", "All adults")
    share, days = given.get("share", "0"), given.get("days", YEAR)
    return f"{area},{days},{band},{by},{count},{adults},{share},{given.get('shared', '01/02/2024')}"


def test_a_quarter_is_whole_days_of_london_last_day_included(tmp_path: Path) -> None:
    rows, _ = parse(tmp_path, "social_care", CARE, care())
    row = rows.row(0, named=True)
    assert row["start"] == datetime(2024, 1, 1, tzinfo=UTC)
    assert row["end"] == datetime(2024, 3, 31, 23, tzinfo=UTC)  # midnight of 1 April in summer time
    assert row["available_at"] == datetime(2024, 5, 1, 23, tzinfo=UTC)  # a day without an hour: from its end
    assert (row["group"], row["area_kind"], row["area"]) == ("Referrals", "lsoa", "X01000001")
    assert (row["count"], row["suppressed"], row["basis"], row["age_band"]) == (20, False, "residence", "all")
    assert row["scope"] == "feature"


@pytest.mark.parametrize(
    "mark", ["*", "<5", "< 10", "c", "[c]", "..", ":", "-", "supp", "Suppressed", "n/a", ""]
)
def test_a_withheld_count_is_missing_never_zero(tmp_path: Path, mark: str) -> None:
    rows, reasons = parse(tmp_path, "social_care", CARE, care(count=mark, families=mark))
    assert not reasons
    assert rows.select("count", "suppressed").row(0) == (None, True)


@pytest.mark.parametrize(
    ("families", "kept"), [("10", True), ("9", False), ("0", False), ("*", False), ("", False)]
)
def test_the_floor_is_of_different_families(tmp_path: Path, families: str, kept: bool) -> None:
    rows, reasons = parse(tmp_path, "social_care", CARE, care(count="25", families=families))
    assert not reasons
    assert rows.select("count", "suppressed").row(0) == ((25, False) if kept else (None, True))


def test_a_longer_period_takes_more_families(tmp_path: Path) -> None:
    half = "01/01/2024,30/06/2024"
    rows, _ = parse(
        tmp_path, "social_care", CARE,
        care("X01000001", families="19", days=half), care("X01000002", families="20", days=half),
    )  # fmt: skip
    assert rows.sort("area")["count"].to_list() == [None, 20]


def test_a_total_beside_a_withheld_band_is_withheld_too(tmp_path: Path) -> None:
    rows, _ = parse(
        tmp_path, "social_care", CARE,
        care(count="40", families="30"), care(count="32", families="24", band="25+"),
        care(count="8", families="6", band="0-17"), care("X01000002", count="40", families="30"),
    )  # fmt: skip
    held = dict(rows.select(pl.format("{} {}", "area", "age_band"), "count").iter_rows())
    assert held == {
        "X01000001 all": None, "X01000001 25 and over": 32, "X01000001 under 18": None, "X01000002 all": 40,
    }  # fmt: skip


@pytest.mark.parametrize(
    "area", ["E00012345", "W00000001", "X00000001", "BS1 4DJ", "bs14dj", "12345", "ST 123 456"]
)
@pytest.mark.parametrize("feed", ["social_care", "known_offending"])
def test_smaller_than_an_lsoa_refuses_the_file(tmp_path: Path, area: str, feed: str) -> None:
    head, line = (CARE, care(area)) if feed == "social_care" else (HURT, hurt(area))
    with pytest.raises(Refused, match="smaller than an LSOA") as caught:
        parse(tmp_path, feed, head, line)
    assert area not in caught.value.sentence
    assert caught.value.exit_code == 3


def test_kinds_of_area_are_read_from_their_codes(tmp_path: Path) -> None:
    codes = {"E01000001": "lsoa", "W02000001": "msoa", "E05000001": "ward", "E07000001": "district",
             "W06000001": "district", "E22000001": "csp", "W15000001": "force"}  # fmt: skip
    rows, _ = parse(tmp_path, "social_care", CARE, *(care(code) for code in codes))
    assert dict(rows.select("area", "area_kind").iter_rows()) == codes


def test_rows_that_say_nothing_sure_are_put_aside(tmp_path: Path) -> None:
    _, reasons = parse(
        tmp_path, "social_care", CARE,
        care(""), care("E99000001"), care(count="about 20"), care(count="-3"),
        care(count="12", families="13"), care(measure=""), care(band="teens"),
        care(days="31/03/2024,01/01/2024"),
        care(days="01/10/2025,31/03/2026"), care("X01000009"), care("X01000009", count="21"),
    )  # fmt: skip
    words = ["no area code", "no kind known", "neither a whole", "neither a whole", "more different",
             "what was counted", "age band", "ends before", "not over yet", "twice", "twice"]  # fmt: skip
    assert len(reasons) == len(words)
    assert [word for word, reason in zip(words, reasons, strict=True) if word not in reason] == []


def test_a_corrected_count_is_a_revision_of_the_same_key(tmp_path: Path) -> None:
    first, _ = parse(tmp_path, "social_care", CARE, care(count="20"))
    second, _ = parse(tmp_path, "social_care", CARE, care(count="22"))
    assert first.select("key_hi", "key_lo").equals(second.select("key_hi", "key_lo"))
    assert first["content"][0] != second["content"][0]


def test_convictions_are_known_a_quarter_after_their_year(tmp_path: Path) -> None:
    rows, _ = parse(
        tmp_path, "known_offending", HURT, hurt(shared="01/02/2024"), hurt("X02000002", shared="01/06/2024")
    )
    assert rows.sort("area")["available_at"].to_list() == [
        datetime(2024, 3, 31, 23, tzinfo=UTC), datetime(2024, 6, 1, 23, tzinfo=UTC)
    ]  # fmt: skip
    early, _ = parse(tmp_path, "known_offending", HURT, hurt(), available_at=datetime(2024, 1, 2, tzinfo=UTC))
    assert early["available_at"][0] == datetime(2024, 3, 31, 23, tzinfo=UTC)
    assert (rows["scope"] == "display").all()


@pytest.mark.parametrize(("changed", "words"), [
    ({"by": "Home of offender"}, "where people live"),
    ({"band": "under 18"}, "nothing known of a child"),
])  # fmt: skip
def test_convictions_by_home_or_of_children_refuse_the_file(
    tmp_path: Path, changed: dict[str, str], words: str
) -> None:
    with pytest.raises(Refused, match=words):
        parse(tmp_path, "known_offending", HURT, hurt(), hurt("X02000002", **changed))


@pytest.mark.parametrize(("changed", "words"), [
    ({"area": "X05000001"}, "LSOA or MSOA only"), ({"area": "E23000001"}, "LSOA or MSOA only"),
    ({"by": ""}, "place of offence"), ({"days": "01/01/2023,30/11/2023"}, "12 whole months"),
    ({"days": "01/01/2022,31/12/2023"}, "12 whole months"), ({"share": "80"}, "from 0 to 1"),
])  # fmt: skip
def test_convictions_put_aside(tmp_path: Path, changed: dict[str, str], words: str) -> None:
    rows, reasons = parse(tmp_path, "known_offending", HURT, hurt("X02000009"), hurt(**changed))
    assert rows.height == 1
    assert len(reasons) == 1
    assert words in reasons[0]


@pytest.mark.parametrize(("share", "kept"), [("0", True), ("0.5", True), ("0.51", False), ("", False)])
def test_areas_that_count_mainly_an_institution_are_withheld(tmp_path: Path, share: str, kept: bool) -> None:
    rows, _ = parse(tmp_path, "known_offending", HURT, hurt(share=share))
    assert rows["suppressed"][0] is not kept


def mapped(tmp_path: Path, feed: str, old: str, new: str) -> str:
    text = shipped_path(feed).read_text("utf-8")
    assert old in text
    path = tmp_path / "mapping.yaml"
    path.write_text(text.replace(old, new), "utf-8")
    return str(path)


def test_listed_institutions_are_withheld(tmp_path: Path) -> None:
    mapping = mapped(tmp_path, "known_offending", "  institution_share: Institution Share\n", "")
    with pytest.raises(Misuse, match="neither institution_share nor institutions"):
        parse(tmp_path, "known_offending", HURT, hurt(), mapping=mapping)
    path = Path(mapping)
    path.write_text(path.read_text() + "institutions: [X02000001]\n")
    rows, _ = parse(tmp_path, "known_offending", HURT, hurt(), hurt("X02000002"), mapping=mapping)
    assert rows.sort("area")["count"].to_list() == [None, 30]


@pytest.mark.parametrize("column", ["distinct: Families", "count: Count", "measure: Measure"])
def test_a_mapping_without_what_the_floor_needs_is_a_misuse(tmp_path: Path, column: str) -> None:
    name = column.split(":")[0]
    mapping = mapped(tmp_path, "social_care", f"  {column}\n", "")
    with pytest.raises(Misuse, match=f"does not say {name}"):
        parse(tmp_path, "social_care", CARE, care(), mapping=mapping)


cell = st.one_of(
    st.integers(-5, 60).map(str), st.sampled_from(["*", "<5", "", "c", "12.0", "1,200", "x9", "NaN"])
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(1, 4), cell, cell, st.sampled_from(["0", "0.4", "0.9", ""])),
        min_size=1,
        max_size=12,
    )
)
def test_nothing_under_the_floor_is_ever_held(tmp_path: Path, cells: list[tuple[int, str, str, str]]) -> None:
    """Whatever the numbers: what is held has 10 different adults, is no institution's, and is in one bin."""
    lines = [hurt(f"X0200000{k}", count, adults, share=share) for k, count, adults, share in cells]
    quoted = [line.replace("1,200", '"1,200"') for line in lines]
    rows, reasons = parse(tmp_path, "known_offending", HURT, *quoted)
    assert rows.height + len(reasons) == len(cells)
    for number, count in rows.filter(pl.col("count").is_not_null()).select("row", "count").iter_rows():
        _, said, adults, share = cells[number - 1]
        assert int(float(said.replace(",", ""))) == count
        assert float(adults.replace(",", "")) >= 10
        assert float(share) <= 0.5
