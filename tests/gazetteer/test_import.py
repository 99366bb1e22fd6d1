"""`context import` and `context list`: kept with their hash, replaced by kind, audited, whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from peelian.domain.actor import Actor
from peelian.domain.errors import Forbidden, Misuse, Refused
from peelian.gazetteer.entries import read_entries
from peelian.pipeline.context import Context
from peelian.pipeline.gazetteers import import_context, listed
from peelian.store.audit import list_audit
from peelian.store.workspace import Workspace
from tests.workspaces import database, ws

__all__ = ["database", "ws"]


def test_each_kind_is_kept_and_reading_one_again_replaces_it(ws: Workspace, files: dict[str, Path]) -> None:
    ctx = Context(ws)
    first = import_context(ctx, "premises", files["premises"])
    assert (first.rows, first.replaced, first.places) == (52, False, {"premises": 52})
    import_context(ctx, "postcodes", files["postcodes"])
    again = import_context(ctx, "premises", files["premises"], (449_000, 161_000, 452_000, 165_000))
    assert again.replaced
    assert again.sha256 == first.sha256
    held = read_entries(ws.gazetteer)
    assert dict(held["source"].value_counts().iter_rows()) == {"premises": 16, "postcodes": 6}
    rows = listed(ctx)
    assert [(row["kind"], row["rows"]) for row in rows] == [("postcodes", 6), ("premises", 16)]
    assert rows[1]["sha256"] == first.sha256[:16]
    said = [row.what for row in list_audit(ws)]
    assert said == ["place names", "16 place names of premises", "6 place names of postcodes",
                    "52 place names of premises"]  # fmt: skip


def test_what_is_refused_changes_nothing(ws: Workspace, files: dict[str, Path], tmp_path: Path) -> None:
    ctx = Context(ws)
    import_context(ctx, "premises", files["premises"])
    before = ws.gazetteer.read_bytes()
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b\n1,2\n")
    with pytest.raises(Refused):
        import_context(ctx, "premises", bad)
    with pytest.raises(Refused, match="in the box"):
        import_context(ctx, "premises", files["premises"], (1, 1, 2, 2))
    with pytest.raises(Misuse, match="not a box"):
        import_context(ctx, "premises", files["premises"], (5, 5, 1, 1))
    with pytest.raises(Forbidden):
        import_context(Context(ws, Actor("x", "visitor")), "premises", files["premises"])
    assert ws.gazetteer.read_bytes() == before
    assert len(listed(ctx)) == 1
