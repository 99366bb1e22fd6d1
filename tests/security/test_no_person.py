"""No field made for a person: in no table, record of the ledger, field of the API, file or log line."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest
from sqlalchemy import inspect

from peelian.api.app import create_app
from peelian.domain.actor import LOCAL_ANALYST
from peelian.guard.header import person_shaped
from peelian.store.migrate import HEAD
from peelian.store.segments import STORED
from peelian.store.workspace import Workspace
from tests.api.run_folder import write_run
from tests.two_forces import act
from tests.workspaces import fresh

SOURCE: Final = Path(__file__).resolve().parents[2] / "src" / "peelian"
EXPLAINED: Final = {
    ("ingest_file", "name"): "of a file", ("context_file", "name"): "of a file",
    ("numbering", "name"): "of a kind of record", ("live_feed", "name"): "of a feed",
    ("warnings.json", "address"): "where a team is told: its webhook or shared mailbox",
    ("area_counts", "age_band"): "a coarse band of a whole count: under 18, under 25, 25 and over",
}  # fmt: skip
"""Fields that the guard would refuse at the door, and what they hold here."""
PLACES: Final = frozenset({"name", "names"})
"""In the API and in files a bare name is a place's, a layer's or a file's."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    ws = fresh(tmp_path_factory.mktemp("nobody") / "home")
    act(ws, "kent")
    write_run(ws.runs / "run-kent")
    return ws


def strange(fields: Iterator[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted({one for one in fields if one not in EXPLAINED and person_shaped(one[1]) is not None})


@pytest.mark.parametrize("name", ["suspect_name", "date_of_birth", "nhs_number", "victim_surname", "vrm"])
def test_the_scanner_finds_what_is_planted(name: str) -> None:
    assert strange(iter([("event", name), ("event", "easting")])) == [("event", name)]


def test_no_table_of_the_catalogue_has_one(home: Workspace) -> None:
    """As migrated, so that no migration can slip one in past the definitions."""
    assert HEAD >= "0009"
    looked = inspect(home.engine)
    tables = looked.get_table_names()
    assert {"account", "audit_link", "challenge", "numbering"} <= set(tables)  # of v0006 to v0009
    columns = ((table, column["name"]) for table in tables for column in looked.get_columns(table))
    assert strange(columns) == []


def test_no_record_of_the_ledger_has_one() -> None:
    assert strange((kind, column) for kind, columns in STORED.items() for column in columns) == []


def test_no_field_of_the_api_has_one(home: Workspace) -> None:
    described = create_app(home, actor=LOCAL_ANALYST, purpose="analysis").openapi()
    fields = list(_fields(described))
    assert len(fields) > 100
    assert strange(one for one in fields if one[1] not in PLACES) == []


def _fields(described: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, schema in described.get("components", {}).get("schemas", {}).items():
        yield from ((name, field) for field in schema.get("properties", {}))
    for path, operations in described["paths"].items():
        for operation in operations.values():
            yield from ((path, one["name"]) for one in operation.get("parameters", ()))


def test_no_file_written_has_one(home: Workspace) -> None:
    fields = [(path.name, key) for path in home.home.rglob("*.*") for key in _columns(path)]
    assert len(fields) > 30
    assert strange(one for one in fields if one[1] not in PLACES) == []


def _columns(path: Path) -> list[str]:
    if path.suffix == ".parquet":
        return pl.scan_parquet(path).collect_schema().names()
    if path.suffix in {".json", ".geojson"}:
        return sorted(_keys(json.loads(path.read_text(encoding="utf-8"))))
    return []


def _keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return {str(key) for key in value} | {key for one in value.values() for key in _keys(one)}
    return {key for one in value for key in _keys(one)} if isinstance(value, list) else set()


def test_no_log_line_has_one() -> None:
    found = [(path.name, key) for path in SOURCE.rglob("*.py") for key in _logged(path)]
    assert len(found) > 20
    assert strange(iter(found)) == []


def _logged(path: Path) -> Iterator[str]:
    """Give the keys of every structlog line of a file."""
    text = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(text)) if "structlog" in text else ():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            of = node.func.value
            if isinstance(of, ast.Name) and of.id in {"log", "_log", "LOG"}:
                yield from (one.arg for one in node.keywords if one.arg)
