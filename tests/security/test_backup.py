"""A backup made while others write comes back equal, on both databases; one changed byte is found."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from peelian.domain.actor import LOCAL_ANALYST, AuditEntry
from peelian.domain.backup import FILES, MANIFEST, RECORDS, read_manifest
from peelian.domain.errors import Misuse, NotFound, Refused
from peelian.ingest.run import ingest
from peelian.pipeline.auditing import checkpoint, verify_held
from peelian.pipeline.backing_up import BackedUp, back_up
from peelian.pipeline.context import Context
from peelian.pipeline.restoring import Restored, restore
from peelian.store import audit
from peelian.store.catalogue import transaction
from peelian.store.ledger import state
from peelian.store.table_lines import digest, frozen_view, held_tables
from peelian.store.workspace import Workspace, open_workspace
from tests.acting_made import added, opened
from tests.api.run_folder import write_run
from tests.ingest.killing import history
from tests.tiny_source import Tiny
from tests.workspaces import database_url

RUN = "sim1-violence-20261102"
BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture
def ctx(ws: Workspace, tmp_path: Path) -> Context:
    """A workspace with two editions of records, a run, records of acting, a signed audit and a setting."""
    from peelian.store.runs import add_run

    for path in history(tmp_path, files=3, rows=40, seed=5):
        ingest(ws, Tiny(), [path], options={}, actor=LOCAL_ANALYST, purpose="analysis")
    add_run(ws, RUN, write_run(ws.runs / RUN))
    added(ws, opened(ws).id)
    (ws.home / "settings").mkdir(exist_ok=True)
    (ws.home / "settings" / "x.json").write_text('{"ü": 1}')
    (ws.runs / "half-made").mkdir()
    (ws.runs / "half-made" / "run.json").write_text("{}")
    ctx = Context(ws, LOCAL_ANALYST, "administration")
    checkpoint(ctx)
    return ctx


def tables_of(ws: Workspace) -> dict[str, object]:
    with frozen_view(ws.engine) as conn:
        return {table.name: digest(conn, table) for table in held_tables(conn)}


@pytest.mark.parametrize("kind", BOTH)
def test_what_comes_back_is_what_was_there(ctx: Context, tmp_path: Path, kind: str) -> None:
    made = back_up(ctx, tmp_path / "backup")
    before, rows = tables_of(ctx.ws), state(ctx.ws)
    for url in database_url(kind):
        back = restore(made.path, tmp_path / "back", url, expect=made.sha256)
        ws = open_workspace(tmp_path / "back", url)
        try:
            same_again(ctx, made, back, ws)
            after = tables_of(ws)
            changed = {name for name in before if before[name] != after[name]}
            assert changed == {"audit", "audit_link"}  # the restore itself is written down
            assert state(ws).equals(rows)
            assert_still_appended_only(ws)
            opened(ws)  # numbering goes on behind what was put in
        finally:
            ws.engine.dispose()


def same_again(ctx: Context, made: BackedUp, back: Restored, ws: Workspace) -> None:
    assert back.audit.found == 0
    assert back.audit.checkpoints == 1
    assert verify_held(Context(ws)).found == 0
    newest = audit.list_audit(ws, last=1)[0]
    assert newest.what == "restored from a backup"
    for name in made.manifest.files:
        assert (ws.home / name).read_bytes() == (ctx.ws.home / name).read_bytes(), name
    assert "settings/x.json" in made.manifest.files
    assert not [name for name in made.manifest.files if "half-made" in name or name.startswith("landing")]


def assert_still_appended_only(ws: Workspace) -> None:
    for statement in ("delete from audit_link", "update audit set actor = 'x'"):
        with pytest.raises(DBAPIError), transaction(ws) as conn:
            conn.execute(text(statement))


def test_a_backup_made_while_others_write_is_of_one_instant(ctx: Context, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        k = 0
        while not stop.is_set():
            audit.record(ctx.ws, LOCAL_ANALYST, "analysis", AuditEntry("consultation", f"events {k}"))
            k += 1

    writers = [threading.Thread(target=write) for _ in range(2)]
    for one in writers:
        one.start()
    try:
        made = [back_up(ctx, tmp_path / f"backup-{k}") for k in range(3)]
    finally:
        stop.set()
        for one in writers:
            one.join()
    for k, one in enumerate(made):
        back = restore(one.path, tmp_path / f"back-{k}")
        assert back.audit.found == 0
        assert back.audit.rows == one.manifest.audit_rows


def flip(path: Path, at: float = 0.5) -> None:
    body = bytearray(path.read_bytes())
    body[int(len(body) * at)] ^= 1
    path.write_bytes(body)


def test_one_changed_byte_anywhere_is_found_and_nothing_is_left(ctx: Context, tmp_path: Path) -> None:
    made = back_up(ctx, tmp_path / "backup")
    victims = [
        *sorted((made.path / FILES).rglob("*.parquet"))[:2],
        made.path / FILES / "settings" / "x.json",
        made.path / RECORDS / "audit.jsonl.gz",
        made.path / RECORDS / "segment.jsonl.gz",
        made.path / MANIFEST,
    ]
    for victim in victims:
        whole = victim.read_bytes()
        flip(victim)
        with pytest.raises(Refused):
            restore(made.path, tmp_path / "back", expect=made.sha256)
        assert not (tmp_path / "back").exists()
        assert not list(tmp_path.glob(".back*"))
        victim.write_bytes(whole)
        victim.unlink()
        with pytest.raises((Refused, NotFound)):
            restore(made.path, tmp_path / "back", expect=made.sha256)
        victim.write_bytes(whole)
    restore(made.path, tmp_path / "back", expect=made.sha256)


def test_a_manifest_rewritten_to_fit_is_found_by_the_line_kept(ctx: Context, tmp_path: Path) -> None:
    made = back_up(ctx, tmp_path / "backup")
    said = json.loads((made.path / MANIFEST).read_text())
    setting = made.path / FILES / "settings" / "x.json"
    setting.write_text("{}")
    import hashlib

    said["files"]["settings/x.json"] = [2, hashlib.sha256(b"{}").hexdigest()]
    (made.path / MANIFEST).write_text(json.dumps(said))
    with pytest.raises(Refused, match="another than the one expected"):
        restore(made.path, tmp_path / "back", expect=made.sha256)


@pytest.mark.parametrize("path", ["../out", "/etc/x", "a//b", "a/../../b", "a\\b", "", "a/\0"])
def test_no_path_of_a_manifest_leads_outside(path: str) -> None:
    said = {"form": "peelian-backup-1", "version": "1", "schema": "0008", "made": "", "snapshot": 0,
            "audit_rows": 0, "audit_head": "", "events": 0, "tables": {},
            "files": {path: [1, "0"]}}  # fmt: skip
    with pytest.raises(ValueError):
        read_manifest(json.dumps(said))


def test_only_an_empty_place_is_restored_to(ctx: Context, tmp_path: Path, database: str | None) -> None:
    made = back_up(ctx, tmp_path / "backup")
    with pytest.raises(Misuse, match="already there"):
        back_up(ctx, tmp_path / "backup")
    with pytest.raises(Misuse, match="inside"):
        back_up(ctx, ctx.ws.home / "backup")
    with pytest.raises(Misuse, match="not empty"):
        restore(made.path, ctx.ws.home)
    held = tables_of(ctx.ws)
    if database:
        with pytest.raises(Misuse, match="database"):
            restore(made.path, tmp_path / "other", database)
        assert not (tmp_path / "other").exists()
    assert tables_of(ctx.ws) == held
    with pytest.raises(NotFound):
        restore(tmp_path / "nothing", tmp_path / "back")
