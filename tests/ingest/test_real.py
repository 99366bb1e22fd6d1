"""The Bedfordshire archive, whole: the counts and states the main job promises."""

from __future__ import annotations

import zipfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from peelian.domain.actor import LOCAL_ANALYST
from peelian.ingest.run import Bins, IngestReport, ingest
from peelian.sources import SOURCES
from peelian.store.coverage import coverage
from peelian.store.ledger import read_events, state
from peelian.store.workspace import Workspace
from tests.workspaces import fresh

pytestmark = pytest.mark.realdata


@pytest.fixture(scope="module")
def archive(shared_data: Path) -> Path:
    return shared_data / "police-uk" / "bedfordshire-2021-03-to-2023-10.zip"


def take(ws: Workspace, path: Path) -> IngestReport:
    options = {"now": datetime.now(UTC)}
    return ingest(ws, SOURCES["police_uk"], [path], options=options, actor=LOCAL_ANALYST, purpose="analysis")


def lines(archive: Path) -> Counter[str]:
    """Count data lines by kind, with nothing of ours."""
    count: Counter[str] = Counter()
    with zipfile.ZipFile(archive) as members:
        for name in members.namelist():
            kind = "street" if name.endswith("-street.csv") else "outcomes"
            with members.open(name) as file:
                count[kind] += sum(1 for _ in file) - 1
    return count


def test_every_line_is_in_one_bin_and_a_second_ingest_takes_nothing(archive: Path, tmp_path: Path) -> None:
    ws = fresh(tmp_path / "home")
    report = take(ws, archive)
    read: Counter[str] = Counter()
    for one in report.files:
        assert one.bins.balanced
        read[one.kind] += one.bins.read
    assert read == lines(archive)
    assert read_events(ws, columns=["start"]).height == report.total.accepted - state(ws, "outcomes").height
    held = coverage(ws)
    assert (held.height, str(held["start"].min()), str(held["end"].max())) == (32, "2021-03-01", "2023-11-01")
    before = state(ws)
    again = take(ws, archive).total
    aside = report.total.quarantined
    assert again == Bins(read=report.total.read, duplicate=report.total.read - aside, quarantined=aside)
    assert state(ws).equals(before)


def test_the_first_twenty_months_then_all_is_as_all_at_once(archive: Path, tmp_path: Path) -> None:
    part = tmp_path / "first.zip"
    with zipfile.ZipFile(archive) as members, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as out:
        for month in sorted({name[:7] for name in members.namelist()})[:20]:
            for name in members.namelist():
                if name.startswith(month):
                    out.writestr(name, members.read(name))
    stepwise, at_once = fresh(tmp_path / "stepwise"), fresh(tmp_path / "at-once")
    take(stepwise, part)
    later = take(stepwise, archive).total
    assert (later.revised, later.retracted) == (0, 0)
    take(at_once, archive)
    for records in ("events", "outcomes"):
        assert state(stepwise, records).equals(state(at_once, records))
    assert coverage(stepwise).equals(coverage(at_once))
