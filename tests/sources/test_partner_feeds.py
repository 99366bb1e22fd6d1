"""Partner feeds: each gives only its own groups, by its own mapping; samples come out as by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from peelian.domain.errors import Misuse, Refused
from peelian.domain.offence import GROUPS
from peelian.sources.table.load import load_mapping, shipped_path

DATA = Path(__file__).parent / "data"
EVENTS = {
    "police_crime": set(GROUPS) - {"ambulance-assault", "ed-assault"},
    "police_incidents": {"asb", "other"},
    "council_asb": {"asb", "other"},
    "ambulance": {"ambulance-assault"},
    "emergency_department": {"ed-assault"},
    "fire": {"fire"},
    "cdr_2007": set(GROUPS) - {"ed-assault"},
}
OTHERS = ("social_care", "school_exclusions", "known_offending", "patrols", "sites")


def rows_of(take: Any, feed: str, **options: Any) -> pl.DataFrame:
    rows: pl.DataFrame = take(feed, DATA / feed, **options).rows
    return rows


def changed(tmp_path: Path, feed: str, *pairs: tuple[str, str]) -> str:
    """Write the feed's own mapping with some text changed; give its path."""
    text = shipped_path(feed).read_text("utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "mapping.yaml"
    path.write_text(text, "utf-8")
    return str(path)


def test_each_feed_ships_its_mapping_and_its_page() -> None:
    pages = Path(__file__).parents[2] / "docs" / "sources"
    for feed in (*EVENTS, *OTHERS):
        assert load_mapping(shipped_path(feed))[0].feed == feed
        assert (pages / f"{feed}.md").is_file()


@pytest.mark.parametrize("feed", EVENTS)
@pytest.mark.parametrize("group", GROUPS)
def test_a_feed_gives_its_own_groups_only(take: Any, tmp_path: Path, feed: str, group: str) -> None:
    mapping = changed(tmp_path, feed, ("codes:", f"codes_: {group}\ncodes:"))
    path = Path(mapping)
    path.write_text(path.read_text().replace(f"codes_: {group}\n", ""))
    text = path.read_text()
    mapped = text.replace("codes: {", f"codes: {{zz: {group}, ").replace(
        "codes:\n", f"codes:\n  zz: {group}\n"
    )
    assert mapped != text
    path.write_text(mapped)
    if group in EVENTS[feed]:
        assert take(feed, DATA / feed, mapping=mapping).read > 0
        return
    with pytest.raises(Misuse, match=f"may not give {group}") as caught:
        take(feed, DATA / feed, mapping=mapping)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("feed", [*EVENTS, *OTHERS])
def test_a_mapping_of_another_feed_is_a_misuse(take: Any, tmp_path: Path, feed: str) -> None:
    other = "fire" if feed != "fire" else "ambulance"
    with pytest.raises(Misuse, match="the mapping is of the kind of feed"):
        take(feed, DATA / feed, mapping=str(shipped_path(other)))
    with pytest.raises(Misuse, match=f"command says {feed.replace('_', '-')}|command says table"):
        take("table", DATA / feed, mapping=str(shipped_path(feed)))


def test_a_feed_of_counts_does_not_take_events_nor_the_reverse(take: Any, tmp_path: Path) -> None:
    events = changed(tmp_path, "ambulance", ("feed: ambulance", "feed: social_care"))
    with pytest.raises(Misuse, match="holds area counts"):
        take("social_care", DATA / "social_care", mapping=events)
    counts = changed(tmp_path, "social_care", ("feed: social_care", "feed: ambulance"))
    with pytest.raises(Misuse, match="reads counts of areas"):
        take("ambulance", DATA / "ambulance", mapping=counts)


def test_a_mapping_in_the_current_folder_does_not_stand_in(
    take: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fire").write_text("not: a mapping\n")
    monkeypatch.chdir(tmp_path)
    assert rows_of(take, "fire").height > 0


def test_real_rows_without_a_force_are_refused(take: Any, tmp_path: Path) -> None:
    """Else they would come in as simulated data, and so without a sharing agreement."""
    text = (DATA / "ambulance" / "ambulance.csv").read_text().replace("554830,512570", "354830,312570")
    (tmp_path / "ambulance.csv").write_text(text)
    with pytest.raises(Refused, match="area of the fictional force"):
        take("ambulance", tmp_path / "ambulance.csv")
    with pytest.raises(Refused, match="area of the fictional force"):
        take("ambulance", tmp_path / "ambulance.csv", mapping="ambulance")
    assert take("ambulance", tmp_path / "ambulance.csv", force="simulated-x").read == 6
    care = (DATA / "social_care" / "social_care.csv").read_text().replace("X0", "E0")
    (tmp_path / "care.csv").write_text(care)
    with pytest.raises(Refused, match="area of the fictional force"):
        take("social_care", tmp_path / "care.csv")
    placeless = "\n".join(
        ",".join([*line.split(",")[:-2], "", ""]) if k else line for k, line in enumerate(text.splitlines())
    )
    (tmp_path / "placeless.csv").write_text(placeless + "\n")
    with pytest.raises(Refused, match="area of the fictional force"):
        take("ambulance", tmp_path / "placeless.csv")
    assert take("ambulance", tmp_path / "placeless.csv", mapping="ambulance").read == 6


def test_crimes_have_their_groups_marks_and_scope(take: Any) -> None:
    rows = rows_of(take, "police_crime")
    shown = rows.select("row", "group", "setting", "domestic", "sexual", "discovered_by", "scope").rows()
    assert shown == [
        (1, "violence", "public", "no", "no", "public", "target"),
        (2, "violence", "public", "no", "no", "public", "target"),
        (3, "robbery", "public", "no", "no", "public", "target"),
        (4, "violence", "dwelling", "yes", "no", "public", "target"),
        (5, "weapons-possession", "public", "no", "no", "officer", "display"),
        (6, "violence", "dwelling", "no", "yes", "public", "target"),
        (7, "theft", "other", "no", "no", "public", "target"),
    ]
    assert rows["start"][0] == datetime(2024, 2, 1, 22, 10, tzinfo=UTC)
    assert rows["available_at"][0] == datetime(2024, 2, 2, 8, 15, tzinfo=UTC)


def test_what_did_not_stand_is_taken_back(take: Any) -> None:
    """No crime, duplicate, withdrawn, cancelled, accidental: the feed says so by its status."""
    gone = {"police_crime": [7], "police_incidents": [3], "council_asb": [5], "ambulance": [4], "fire": [3]}
    for feed, rows in gone.items():
        frame = rows_of(take, feed)
        assert frame.filter(pl.col("retracted"))["row"].to_list() == rows, feed


def test_health_feeds_hold_what_the_public_reported(take: Any) -> None:
    for feed in ("ambulance", "emergency_department", "fire"):
        rows = rows_of(take, feed)
        assert (rows["discovered_by"] == "public").all()
        assert (rows["scope"] == "target").all()
    assert rows_of(take, "emergency_department")["end"][0] == datetime(2024, 2, 1, 23, tzinfo=UTC)


def test_a_quarterly_file_speaks_only_of_what_it_holds(take: Any) -> None:
    assert take("cdr_2007", DATA / "cdr_2007").raws[0].options["groups"] == []
    assert take("ambulance", DATA / "ambulance").raws[0].options["groups"] == ["ambulance-assault"]


def test_patrols_have_no_id_and_sites_no_name(take: Any, tmp_path: Path) -> None:
    mapping = changed(tmp_path, "patrols", ("columns:", "columns:\n  id: Call Sign"))
    with pytest.raises(Misuse, match="may not have id"):
        take("patrols", DATA / "patrols", mapping=mapping)
    rows = rows_of(take, "sites")
    text = (DATA / "sites" / "sites.csv").read_text()
    assert "The Lamplighter" in text
    assert "Lamplighter" not in str(rows.to_dicts())
    assert rows.select("group", "weight").rows()[:2] == [
        ("licensed-premises", 180.0),
        ("licensed-premises", 600.0),
    ]


def test_sites_without_dates_stand_as_long_as_the_mapping_says(take: Any, tmp_path: Path) -> None:
    undated = changed(tmp_path, "sites", ("  start: Open From\n  end: Open To\n", ""))
    with pytest.raises(Misuse, match="neither start nor covers"):
        take("sites", DATA / "sites", mapping=undated, force="simulated-x")
    Path(undated).write_text(Path(undated).read_text() + "covers: {from: 2020-01-01, to: 2024-12-31}\n")
    rows = rows_of(take, "sites", mapping=undated, force="simulated-x")
    assert set(rows["start"]) == {datetime(2020, 1, 1, tzinfo=UTC)}


def test_crimes_mostly_reported_by_victims_are_not_a_list_of_victims(take: Any, tmp_path: Path) -> None:
    head, first, *_ = (DATA / "police_crime" / "police_crime.csv").read_text().splitlines()
    lines = [first.replace("000101", f"{k:06d}") for k in range(50)]
    (tmp_path / "police_crime.csv").write_text("\n".join([head, *lines]) + "\n")
    assert take("police_crime", tmp_path / "police_crime.csv").rows.height == 50
