"""No cell of any CSV or workbook that leaves begins a formula, whatever a name or a note says."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from peelian.api import plan_leaving
from peelian.api.export_files import to_csv
from peelian.api.places import PlaceRow
from peelian.api.routes import table
from peelian.domain.actor import Actor, AuditEntry
from peelian.domain.spreadsheet_text import harmless
from peelian.pipeline.returning.workbook import write_xlsx
from peelian.store import audit
from peelian.store.workspace import Workspace

HOSTILE = (
    "=HYPERLINK(\"http://evil.example\",\"click\")", "+1+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0", "\t=1+1", "\r=1+1", "\n=1", "  =1+1", "\x00=1", "＝1+1",
    "＋1", "－1", "＠A1",
)  # fmt: skip
SOURCES = Path(__file__).resolve().parents[2] / "src" / "peelian"
WRITES = re.compile(r"csv\.(writer|DictWriter)|\.write_csv\(|import xlsxwriter|openpyxl")
FILES_OF_ITS_OWN = {"simulate", "gazetteer"}
"""Rooms that write made-up feeds, or tables only this program reads."""


def formula(cell: str) -> bool:
    """Whether a spreadsheet might run it: a plain number is none."""
    try:
        float(cell)
    except ValueError:
        return cell.lstrip(" ").startswith(tuple("=+-@\t\r\n\x00＝＋－＠"))
    return False


def cells(text: str) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]


def test_every_module_that_writes_a_table_makes_its_texts_harmless() -> None:
    writers = [
        path for path in SOURCES.rglob("*.py")
        if WRITES.search(path.read_text()) and path.relative_to(SOURCES).parts[0] not in FILES_OF_ITS_OWN
    ]  # fmt: skip
    assert len(writers) >= 5
    without = [
        str(path) for path in writers if "peelian.domain.spreadsheet_text import" not in path.read_text()
    ]
    assert without == []


@given(st.text(max_size=30))
def test_a_text_is_harmless_or_gets_an_apostrophe(text: str) -> None:
    made = harmless(text)
    assert not made.lstrip(" ").startswith(tuple("=+-@\t\r\n\x00＝＋－＠"))
    assert made in (text, f"'{text}")


def test_the_list() -> None:
    held = {one.name: 1 for one in fields(PlaceRow)}
    rows = [PlaceRow(**{**held, "name": text, "words": text}) for text in HOSTILE]  # type: ignore[arg-type]
    for title in HOSTILE:
        assert not [one for one in cells(table._csv(rows, title)) if formula(one)]


def test_the_export_of_a_run() -> None:
    frame = pl.DataFrame({"name": HOSTILE, "notice": HOSTILE, "value": [-1.5] * len(HOSTILE)})
    made = to_csv(frame).decode()
    assert not [one for one in cells(made) if formula(one)]
    assert made.count("-1.5") == len(HOSTILE)  # a number stays one


def test_a_plan() -> None:
    rows = [dict.fromkeys(plan_leaving.COLUMNS, text) for text in HOSTILE]
    assert not [one for one in cells(plan_leaving._csv({"rows": rows})) if formula(one)]


def test_the_audit(client: TestClient, workspace: Workspace) -> None:
    for text in HOSTILE:
        said = text.replace("\x00", "")  # PostgreSQL holds no NUL, nor does a header
        audit.record(
            workspace, Actor(said, said), "analysis", AuditEntry("consultation", said, said, said, said)
        )
    found = cells(client.get("/api/v1/audit.csv").text)
    assert sum("cmd|" in one for one in found) >= 10
    assert not [one for one in found if formula(one)]


@pytest.mark.parametrize("text", [one for one in HOSTILE if "\x00" not in one])
def test_a_return(text: str, tmp_path: Path) -> None:
    names = ("title", "text", "area_name", "area", "period", "audience", "rules", "notice", "id", "made",
             "run", "template")  # fmt: skip
    line = {**dict.fromkeys(("what", "period", "source", "coverage", "note"), text),
            "figures": [{"state": "known", "value": -3}, {"state": "held back", "said": text}]}  # fmt: skip
    heads = [{"name": text, "kind": "count"}, {"name": text, "kind": "count"}]
    body: dict[str, Any] = {
        **dict.fromkeys(names, text), "snapshot": 1, "read": [text], "simulated": True,
        "blocks": [{"title": text, "text": text, "heads": heads, "lines": [line]}],
    }  # fmt: skip
    write_xlsx(body, tmp_path / "return.xlsx")
    book = openpyxl.load_workbook(tmp_path / "return.xlsx")
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert len(found) > 20
    assert not [cell for cell in found if cell.data_type == "f" or cell.hyperlink]
    assert not [cell for cell in found if isinstance(cell.value, str) and formula(cell.value)]
