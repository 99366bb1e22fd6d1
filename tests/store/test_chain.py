"""The audit's chain on both databases: one chain whoever writes, nothing for what was rolled back."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from peelian.domain.actor import LOCAL_ANALYST, AuditEntry
from peelian.domain.audit_chain import broken
from peelian.store import audit, chain
from peelian.store.catalogue import reading, transaction
from peelian.store.workspace import Workspace

ENTRY = AuditEntry("consultation", "events", recipient="district")
WRITE = """
import sys
from pathlib import Path
from peelian.domain.actor import LOCAL_ANALYST, AuditEntry
from peelian.store import audit
from peelian.store.workspace import open_workspace
ws = open_workspace(Path(sys.argv[1]), sys.argv[2] or None)
for k in range(30):
    audit.record(ws, LOCAL_ANALYST, "analysis", AuditEntry("consultation", f"events {k}"))
"""


def sound(ws: Workspace, rows: int) -> None:
    with reading(ws) as conn:
        links = list(chain.read_links(conn))
        assert list(broken(links)) == []
        assert [link.seq for link, _ in links] == list(range(1, rows + 1))
        assert chain.unlinked(conn) == 0


def test_threads_write_one_chain(ws: Workspace) -> None:
    def write() -> None:
        for _ in range(20):
            audit.record(ws, LOCAL_ANALYST, "analysis", ENTRY)

    threads = [threading.Thread(target=write) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    sound(ws, 160)
    assert audit.list_audit(ws, last=1)[0].recipient == "district"


def test_processes_write_one_chain(ws: Workspace, database: str | None) -> None:
    command = [sys.executable, "-c", WRITE, str(ws.home), database or ""]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    assert [(process.communicate()[1], process.returncode) for process in running] == [("", 0)] * 3
    sound(ws, 90)


def test_what_is_rolled_back_leaves_no_link(ws: Workspace) -> None:
    def fail() -> None:
        with transaction(ws) as conn:
            audit.append_all(conn, LOCAL_ANALYST, "analysis", [ENTRY] * 3)
            raise ZeroDivisionError

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            fail()
        audit.record(ws, LOCAL_ANALYST, "analysis", ENTRY)
    sound(ws, 2)


@pytest.mark.parametrize("table", ["audit", "audit_link", "audit_checkpoint"])
@pytest.mark.parametrize("act", ["update {} set controller = 'x'", "delete from {}"])
def test_nothing_written_is_changed_or_taken_away(ws: Workspace, table: str, act: str) -> None:
    audit.record(ws, LOCAL_ANALYST, "analysis", ENTRY)
    with transaction(ws) as conn:
        chain.add_checkpoint(
            conn, {"seq": 1, "hash": "h", "at": audit.now(), "key": "k", "before": "", "signature": "s"}
        )

    def attack() -> None:
        with transaction(ws) as conn:
            conn.execute(text(act.format(table)))

    with pytest.raises(DBAPIError, match="only appended to"):
        attack()
    sound(ws, 1)


def test_a_writer_that_fails_tells_all_who_waited(ws: Workspace) -> None:
    from peelian.store.audit_together import Together

    told: list[str] = []

    def fail(rows: list[dict[str, object]]) -> None:
        raise OSError(f"no room for {len(rows)}")

    group = Together(fail)

    def put() -> None:
        try:
            group.put({})
        except OSError as error:
            told.append(str(error))

    threads = [threading.Thread(target=put) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(10)
    assert len(told) == 6
