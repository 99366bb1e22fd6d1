"""The example notebook runs against a real server, cell by cell, and its numbers are the forecast's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from peelian.store.workspace import Workspace

from .conftest import RUN
from .test_ogc import served

__all__ = ["served"]

NOTEBOOK = Path(__file__).resolve().parents[2] / "docs" / "examples" / "peelian.ipynb"


def test_every_cell_runs(
    served: str, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PEELIAN", served)
    book = json.loads(NOTEBOOK.read_text("utf-8"))
    assert (book["nbformat"], len({cell["id"] for cell in book["cells"]})) == (4, len(book["cells"]))
    names: dict[str, Any] = {}
    for cell in book["cells"]:
        assert cell.get("outputs", []) == []  # no numbers are kept in the repository
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), NOTEBOOK.name, "exec"), names)
    said = capsys.readouterr().out
    assert RUN in said
    assert "1.1.0" in said
    file = pl.read_parquet(workspace.runs / RUN / "forecast.parquet").filter(pl.col("support") == "cell")
    assert names["table"]["expected"].max() == file["mean"].max()
    assert 0 < names["concentration"].loc["top 1 %", "expected"] < 1
    assert len(names["around"]) == names["near"]["numberReturned"] > 0
