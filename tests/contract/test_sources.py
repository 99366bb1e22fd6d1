"""Every registered source, on small synthetic files: what a plug must hold to. A new source adds a sample."""

from __future__ import annotations

import re
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from peelian.domain.contracts import ParsedBatch
from peelian.domain.event import OUTCOME_SCHEMA, PARSED_SCHEMA
from peelian.domain.offence import ENFORCEMENT_GROUPS
from peelian.domain.records import AREA_COUNT_SCHEMA, PATROL_SCHEMA, SITE_SCHEMA
from peelian.sources import SOURCES

DATA = Path(__file__).resolve().parents[1] / "sources" / "data"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
SCHEMAS = {
    "events": PARSED_SCHEMA, "outcomes": OUTCOME_SCHEMA, "area_counts": AREA_COUNT_SCHEMA,
    "patrols": PATROL_SCHEMA, "sites": SITE_SCHEMA,
}  # fmt: skip
EXTRA = {"retracted", "nominal"}  # what the ingest room needs to know of a row and does not keep
REJECTS = {"row": pl.UInt64, "reason": pl.String}
PERSON = re.compile(
    r"name|surname|dob|birth|age$|gender|sex$|ethnic|address|postcode|phone|email|person|offender|suspect"
    r"|victim|vehicle|vrm|urn|pnc|nhs|officer$|free_?text|note|description",
    re.I,
)


def options_of(source: str, folder: Path) -> dict[str, Any]:
    options: dict[str, Any] = {"now": NOW, "notice": lambda _sentence: None}
    if SOURCES[source].SPEC.needs_mapping:
        options["mapping"] = str(next(folder.glob("*.yaml")))
    return options


def batches_of(source: str, landing: Path) -> list[ParsedBatch]:
    folder = DATA / source
    options = options_of(source, folder)
    return [
        b
        for raw in SOURCES[source].land([folder], landing, options)
        for b in SOURCES[source].parse(raw, options)
    ]


@pytest.fixture(params=sorted(SOURCES))
def source(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give each source in turn, with the network blocked."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a source used the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return str(request.param)


@pytest.fixture
def batches(source: str, tmp_path: Path) -> list[ParsedBatch]:
    return batches_of(source, tmp_path / "landing")


def test_the_sample_has_rows_of_both_kinds(batches: list[ParsedBatch]) -> None:
    assert sum(b.rows.height for b in batches) > 0
    assert sum(b.rejects.height for b in batches) > 0


def test_spec_says_what_the_feed_is(source: str) -> None:
    spec = SOURCES[source].SPEC
    assert spec.id == source
    assert all((spec.title, spec.controller, spec.licence, spec.cadence, spec.caveats))


def test_rows_have_the_schema_and_no_column_for_a_person(batches: list[ParsedBatch]) -> None:
    for batch in batches:
        schema = SCHEMAS[batch.table]
        ours = [name for name in batch.rows.columns if name not in EXTRA]
        assert ours == [*schema, "row", "has_id"]
        assert dict(list(batch.rows.schema.items())[: len(schema)]) == schema
        assert not [c for c in batch.rows.columns if PERSON.search(c)]
        assert batch.rows["has_id"].dtype == pl.Boolean
        assert (batch.rows.height + batch.rejects.height, batch.read <= 250_000) == (batch.read, True)


def test_times_are_half_open_and_known_no_earlier_than_they_begin(batches: list[ParsedBatch]) -> None:
    for batch in batches:
        rows = batch.rows
        assert (rows["start"] < rows["end"]).all()
        assert (rows["available_at"] >= rows["start"]).all()
        assert rows.select("start", "end", "available_at").null_count().sum_horizontal().item() == 0


def test_places_are_whole_and_finite(batches: list[ParsedBatch]) -> None:
    for batch in (b for b in batches if "easting" in SCHEMAS[b.table]):
        rows = batch.rows
        assert (rows["easting"].is_null() == rows["northing"].is_null()).all()
        assert rows["easting"].is_finite().fill_null(True).all()
        assert batch.crs.startswith("EPSG:")


def test_scope_is_what_the_allow_list_says(batches: list[ParsedBatch]) -> None:
    """What enforcement produces is shown at most; counts of areas are never targets."""
    for rows in (b.rows for b in batches if b.table == "events"):
        barred = rows["group"].cast(pl.String).is_in(list(ENFORCEMENT_GROUPS))
        barred |= rows["discovered_by"] == "officer"
        assert (rows["scope"].filter(barred) == "display").all()
        assert (rows["scope"].filter(~barred) == "target").all()
    for rows in (b.rows for b in batches if b.table == "area_counts"):
        assert rows["scope"].is_in(["feature", "display"]).all()


def test_what_is_withheld_is_missing_never_zero(batches: list[ParsedBatch]) -> None:
    for rows in (b.rows for b in batches if b.table == "area_counts"):
        assert (rows["count"].is_null() == rows["suppressed"]).all()


def test_reasons_are_sentences_without_values(batches: list[ParsedBatch], source: str) -> None:
    folder = DATA / source
    values = {
        cell.strip('"')
        for path in folder.rglob("*.csv")
        for line in path.read_text("utf-8").splitlines()[1:]
        for cell in line.split(",")
        if len(cell) > 3
    }
    for batch in batches:
        assert dict(batch.rejects.drop("fields", strict=False).schema) == REJECTS
        for reason in batch.rejects["reason"]:
            assert len(reason.split()) >= 4
            assert not [value for value in values if value in reason]


def test_twice_gives_the_same_keys(batches: list[ParsedBatch], source: str, tmp_path: Path) -> None:
    again = batches_of(source, tmp_path / "again")
    assert len(again) == len(batches)
    for one, other in zip(batches, again, strict=True):
        assert one.rows.equals(other.rows)
        assert one.edition == other.edition


def keys(batch: ParsedBatch) -> list[tuple[int, ...]]:
    return batch.rows.select("key_hi", "key_lo", "content").rows()


def test_row_order_changes_no_key(source: str, batches: list[ParsedBatch], tmp_path: Path) -> None:
    """The same lines backwards give the same set of keys and contents."""
    folder = DATA / source
    turned = tmp_path / "turned"
    for path in (p for p in folder.rglob("*") if p.is_file()):
        copy = turned / path.relative_to(folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        head, *lines = path.read_text("utf-8").splitlines()
        copy.write_text(
            "\n".join([head, *(reversed(lines) if path.suffix == ".csv" else lines)]) + "\n", "utf-8"
        )
    options = options_of(source, turned)
    given = [
        b
        for raw in SOURCES[source].land([turned], tmp_path / "l", options)
        for b in SOURCES[source].parse(raw, options)
    ]
    assert sorted(k for b in given for k in keys(b)) == sorted(k for b in batches for k in keys(b))
