"""The run of an ingest: refusals, rows put aside, the audit, the policy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from peelian.domain.actor import LOCAL_ANALYST, Actor
from peelian.domain.contracts import ParsedBatch, RawFile
from peelian.domain.errors import Fault, Forbidden
from peelian.ingest.options import options_digest
from peelian.ingest.run import Bins, PartlyRefused, ingest
from peelian.store import decide
from peelian.store.audit import list_audit
from peelian.store.coverage import coverage
from peelian.store.intake import list_files, list_quarantine
from peelian.store.ledger import read_events, state
from peelian.store.workspace import Workspace
from tests.ingest.test_tables import take
from tests.tiny_source import FIRST, Tiny, row, write


def test_a_refused_file_takes_nothing_and_holds_up_no_other(ws: Workspace, tmp_path: Path) -> None:
    good = [write(tmp_path / f"{k}.json", [row(str(k))]) for k in range(2)]
    bad = tmp_path / "bad.json"
    bad.write_text("no JSON")
    with pytest.raises(PartlyRefused, match=r"bad.json is no JSON; the other 2 files were taken") as caught:
        take(ws, good[0], bad, good[1])
    assert caught.value.exit_code == 3
    assert caught.value.report.total == Bins(read=2, accepted=2)
    assert read_events(ws).height == 2
    assert [one.name for one in list_files(ws)] == ["0.json", "1.json"]


def test_rows_put_aside_are_kept_with_their_reason(ws: Workspace, tmp_path: Path) -> None:
    report = take(ws, write(tmp_path / "1.json", [row("a"), row("b")], rejects=2))
    assert report.reasons == {"it is bad; mend it": 2}
    kept = list_quarantine(ws, sha256=report.files[0].sha256)
    assert sorted(kept.rows()) == [
        (report.files[0].sha256, "events", line, "it is bad; mend it") for line in (3, 4)
    ]


def test_the_json_answer_has_the_promised_shape(ws: Workspace, tmp_path: Path) -> None:
    body = take(ws, write(tmp_path / "1.json", [row("a")], rejects=1)).to_json()
    (one,) = body["files"]
    assert list(one) == [
        "file", "kind", "sha256", "read", "accepted", "duplicate", "revised", "quarantined",
    ]  # fmt: skip
    assert set(body["total"]) == {"read", "accepted", "duplicate", "revised", "retracted", "quarantined"}
    json.dumps(body)


def test_each_file_is_audited_with_its_own_transaction(ws: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path / "1.json", [row("a")])
    take(ws, path)
    take(ws, path)
    rows = list_audit(ws)
    assert [(one.actor, one.verb, one.area, one.controller) for one in rows] == [
        ("local", "collection", "here", "the tests")
    ] * 2
    assert "1 rows of tiny table" in rows[0].what


def test_a_stranger_may_not_ingest(ws: Workspace, tmp_path: Path) -> None:
    path, stranger = write(tmp_path / "1.json", [row("a")]), Actor("x", "visitor")
    with pytest.raises(Forbidden):
        ingest(ws, Tiny(), [path], options={}, actor=stranger, purpose="analysis")
    assert state(ws).is_empty()


class Loses(Tiny):
    """A broken source: it reads more rows than it gives."""

    def parse(self, raw: RawFile, options: dict[str, Any]) -> Iterator[ParsedBatch]:
        for batch in super().parse(raw, options):
            lost = batch.rows.head(batch.rows.height - 1)
            yield ParsedBatch("events", lost, batch.rejects, batch.read, batch.force, batch.crs)


def test_a_source_that_loses_a_row_is_a_fault_and_nothing_is_taken(ws: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path / "1.json", [row("a"), row("b")])
    with pytest.raises(Fault, match="another number of rows"):
        ingest(ws, Loses(), [path], options={}, actor=LOCAL_ANALYST, purpose="analysis")
    assert state(ws).is_empty()
    assert not list(ws.segments.rglob("*.parquet"))


def test_an_id_with_too_many_versions_is_put_aside(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decide, "_MOST_VERSIONS", 2)
    rows = [row("a", words) for words in "abcdef"] + [row("b")]
    report = take(ws, write(tmp_path / "1.json", rows))
    assert report.total == Bins(read=7, accepted=2, revised=2, quarantined=3)
    assert next(iter(report.reasons)).startswith("its id already has 65,535 versions")


def test_a_feed_of_rows_covers_its_days_each_from_its_own_end(ws: Workspace, tmp_path: Path) -> None:
    take(ws, write(tmp_path / "1.json", [row("a", day=0), row("b", day=3)]))
    held = coverage(ws)
    assert [str(day) for day in held["start"]] == ["2022-01-10", "2022-01-11", "2022-01-12", "2022-01-13"]
    assert held["available_at"].to_list() == [FIRST + timedelta(days=k) for k in (1, 2, 3, 4)]
    assert held["rows"].sum() == 2


def test_a_mapping_may_say_what_is_covered(ws: Workspace, tmp_path: Path) -> None:
    covers = {"from": "2022-01-01", "to": "2022-02-01"}
    take(ws, write(tmp_path / "1.json", [row("a")], covers=covers))
    assert coverage(ws).height == 31


def test_options_are_the_same_when_they_read_the_same(tmp_path: Path) -> None:
    one, other = tmp_path / "m.yaml", tmp_path / "n.yaml"
    one.write_text("a: 1")
    other.write_text("a: 1")
    assert options_digest({"mapping": one, "now": FIRST}) == options_digest({"mapping": str(other)})
    other.write_text("a: 2")
    assert options_digest({"mapping": one}) != options_digest({"mapping": other})


def test_no_value_of_a_row_reaches_a_record(ws: Workspace, tmp_path: Path) -> None:
    take(ws, write(tmp_path / "1.json", [row("secret-id", "secret-words")], rejects=1))
    with ws.engine.connect() as conn:
        for table in ("audit", "quarantine", "ingest_file", "delivery", "segment", "snapshot"):
            assert "secret" not in str(conn.exec_driver_sql(f"select * from {table}").all())
    stored = pl.read_parquet(next(ws.segments.rglob("*.parquet")))
    assert "secret-id" not in str(stored.to_dicts())  # the source's own id is digested and not kept
