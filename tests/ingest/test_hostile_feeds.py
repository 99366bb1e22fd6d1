"""50 feeds about people and 40 of barred kinds: all refused, and nothing of them is anywhere afterwards."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.errors import Misuse
from peelian.ingest.run import IngestReport, PartlyRefused, ingest
from peelian.sources import SOURCES
from peelian.store.intake import list_files
from peelian.store.ledger import read_events
from peelian.store.workspace import Workspace
from tests.ingest.hostile_kinds import BARRED, BarredFeed
from tests.ingest.hostile_people import PEOPLE, Hostile
from tests.workspaces import fresh

ROWS = 6
BASE: dict[str, list[Any]] = {
    "incident": [f"SIM{k}" for k in range(ROWS)],
    "when": [f"2025-03-0{k + 1} 21:3{k}" for k in range(ROWS)],
    "x": [510_000 + 50 * k for k in range(ROWS)],
    "y": [270_000 + 50 * k for k in range(ROWS)],
    "what": ["ABH", "ROB", "ABH", "ABH", "ROB", "ABH"],
}


def write(frame: pl.DataFrame, folder: Path, form: str, name: str = "extract") -> Path:
    path = folder / f"{name}.{form}"
    if form == "csv":
        frame.write_csv(path)
    elif form == "parquet":
        frame.write_parquet(path)
    else:
        frame.write_excel(path)
    return path


def mapping_file(folder: Path, **changes: Any) -> Path:
    columns = {"id": "incident", "occurred": "when", "easting": "x", "northing": "y", "offence": "what"}
    columns |= changes.pop("columns", {})
    content = {
        "source": "sim-extract", "force": "simulated-x", "columns": columns,
        "codes": {"ABH": "violence", "ROB": "robbery", "default": "other"},
    } | changes  # fmt: skip
    path = folder / "m.yaml"
    path.write_text(yaml.safe_dump(content))
    return path


def take(ws: Workspace, path: Path, mapping: Path) -> IngestReport:
    return ingest(
        ws, SOURCES["table"], [path], options={"mapping": str(mapping)}, actor=LOCAL_ANALYST,
        purpose="analysis",
    )  # fmt: skip


def refused(ws: Workspace, path: Path, mapping: Path) -> str:
    with pytest.raises(PartlyRefused) as caught:
        take(ws, path, mapping)
    assert caught.value.exit_code == 3
    return caught.value.sentence


def nothing_left(ws: Workspace, canaries: list[str]) -> None:
    """No row, no segment, no staged or landed file, and no canary in any byte of the workspace."""
    assert read_events(ws).is_empty()
    for folder in (ws.segments, ws.staging, ws.landing):
        assert not [one for one in folder.rglob("*") if one.is_file()]
    with sqlite3.connect(ws.home / "catalogue.db") as db:
        assert db.execute("select count(*) from quarantine").fetchone() == (0,)
        assert db.execute("select count(*) from segment").fetchone() == (0,)
        assert db.execute("select count(*), sum(read) from ingest_file").fetchone() == (1, 0)
    for file in ws.home.rglob("*"):
        held = file.read_bytes() if file.is_file() else b""
        assert not [c for c in canaries if c.encode() in held or c.encode("utf-16-le") in held]


@pytest.mark.parametrize("feed", PEOPLE, ids=lambda feed: f"{feed.header}-{feed.kind}")
def test_a_feed_about_people_is_refused_whole(feed: Hostile, tmp_path: Path) -> None:
    ws = fresh(tmp_path / "home")
    path = write(pl.DataFrame(BASE | {feed.header: feed.values}), tmp_path, feed.form)
    columns = {feed.mapped: feed.header} if feed.mapped else {}
    sentence = refused(ws, path, mapping_file(tmp_path, columns=columns))
    assert feed.kind in sentence
    assert feed.header in sentence
    assert "`discard: {" in sentence
    assert not [value for value in feed.values if value in sentence]
    nothing_left(ws, feed.values)
    (row,) = list_files(ws)
    assert feed.header in row.rules["refused"]["found"]
    assert row.sha256


@pytest.mark.parametrize("feed", [f for f in PEOPLE if not f.mapped], ids=lambda feed: feed.header)
def test_what_is_discarded_is_dropped_and_the_rest_taken(feed: Hostile, tmp_path: Path) -> None:
    ws = fresh(tmp_path / "home")
    path = write(pl.DataFrame(BASE | {feed.header: feed.values}), tmp_path, feed.form)
    report = take(ws, path, mapping_file(tmp_path, discard={feed.header: "about people"}))
    assert (report.total.accepted, report.total.quarantined) == (ROWS, 0)
    assert any(feed.header in one and "about people" in one for one in report.notices)
    (row,) = list_files(ws)
    assert row.rules["discarded"] == {feed.header: "about people"}
    for file in ws.home.rglob("*"):
        held = file.read_bytes() if file.is_file() else b""
        assert not [value for value in feed.values if len(value) > 4 and value.encode() in held]


@pytest.mark.parametrize("feed", BARRED, ids=lambda feed: f"{feed.kind}-{BARRED.index(feed)}")
def test_a_barred_kind_is_refused_by_name_under_a_harmless_mapping(feed: BarredFeed, tmp_path: Path) -> None:
    ws = fresh(tmp_path / "home")
    extra = {name: [f"canary{k % 3}" for k in range(ROWS)] for name in feed.columns}
    if feed.called:
        extra["Category"] = [feed.called] * (ROWS - 1) + ["Other"]
    path = write(pl.DataFrame(BASE | extra), tmp_path, "csv", feed.file)
    mapping = mapping_file(
        tmp_path, source=feed.source, title=feed.title, discard=dict.fromkeys(feed.discard, "not needed")
    )
    sentence = refused(ws, path, mapping)
    assert "which Peelian never takes: " in sentence
    nothing_left(ws, ["canary0"])
    (row,) = list_files(ws)
    assert row.rules["refused"]["found"] == {"the feed": f"{feed.kind}, of a barred kind"}


def test_there_are_as_many_as_promised() -> None:
    assert (len(PEOPLE), len(BARRED)) == (50, 40)
    assert len({f.kind for f in BARRED}) >= 19


def test_what_was_staged_of_a_file_refused_later_is_gone(tmp_path: Path) -> None:
    """The first 200,000 rows are harmless and go to disk; the names come in the third chunk."""
    rows, ws = 210_000, fresh(tmp_path / "home")
    late = pl.Series(
        ["Zquorn"] * 200_000 + [f"Aisha Zquorn{'abcdefghij'[k % 10]} Khan" for k in range(10_000)]
    )
    frame = pl.DataFrame({"incident": range(rows), "what": "ABH", "tag": late}).with_columns(
        when=pl.lit("2025-03-01 12:00"), x=pl.lit(510_000), y=pl.lit(270_000)
    )
    sentence = refused(ws, write(frame, tmp_path, "parquet"), mapping_file(tmp_path))
    assert "'tag' (by its values: name)" in sentence
    nothing_left(ws, ["Zquorn"])


def test_a_refused_file_is_looked_at_again_when_it_comes_again(tmp_path: Path) -> None:
    ws = fresh(tmp_path / "home")
    path = write(pl.DataFrame(BASE | {"Surname": SURNAMES_ONLY}), tmp_path, "csv")
    for _ in range(2):
        refused(ws, path, mapping_file(tmp_path))
    assert take(ws, path, mapping_file(tmp_path, discard={"Surname": "x"})).total.accepted == ROWS


SURNAMES_ONLY = ["a", "b", "c", "d", "e", "f"]


def test_a_column_cannot_be_read_and_discarded(tmp_path: Path) -> None:
    ws = fresh(tmp_path / "home")
    path = write(pl.DataFrame(BASE), tmp_path, "csv")
    with pytest.raises(Misuse, match="both reads and discards what"):
        take(ws, path, mapping_file(tmp_path, discard={"what": "no"}))


def test_a_file_without_a_header_gives_no_value_away(tmp_path: Path) -> None:
    ws = fresh(tmp_path / "home")
    rows = {"Aisha Khan": ["Piotr Kowalski"], "14/07/1984": ["08/08/1999"], "07700 900123": ["07700 900456"]}
    for form in ("csv", "parquet", "xlsx"):
        sentence = refused(ws, write(pl.DataFrame(rows), tmp_path, form, form), mapping_file(tmp_path))
        assert not [value for value in rows if value in sentence]


def test_a_person_as_a_column_name_is_refused_and_not_repeated(tmp_path: Path) -> None:
    ws = fresh(tmp_path / "home")
    path = write(pl.DataFrame(BASE | {"Aisha Khan": [1] * ROWS}), tmp_path, "csv")
    assert "'column 6' (by its name: name)" in refused(ws, path, mapping_file(tmp_path))
    nothing_left(ws, ["Aisha"])


def test_a_refusal_on_both_databases(ws: Workspace, tmp_path: Path) -> None:
    path = write(pl.DataFrame(BASE | {"Surname": ["Zquorn"] * ROWS}), tmp_path, "csv")
    refused(ws, path, mapping_file(tmp_path))
    (row,) = list_files(ws)
    assert (row.kind, row.read) == ("refused", 0)
    assert read_events(ws).is_empty()
