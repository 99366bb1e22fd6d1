"""The catalogue: migrations, opening, transactions, the small records."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, inspect, select

from peelian.domain.actor import LOCAL_ANALYST, AuditEntry
from peelian.domain.errors import Fault, Misuse, NotFound
from peelian.store import (  # noqa: F401
    access_tables,
    audit,
    chain_tables,
    decision_tables,
    live_tables,
    migrate,
    tables,
    trust_tables,
    warning_tables,
)
from peelian.store.catalogue import reading, transaction
from peelian.store.gates import get_gate, set_gate
from peelian.store.runs import add_run, get_run, latest_run, list_runs
from peelian.store.workspace import Workspace, open_workspace

OPEN = """
import sys
from pathlib import Path
from peelian.store.workspace import open_workspace
open_workspace(Path(sys.argv[1]), sys.argv[2] or None)
"""


def test_the_migrations_build_the_tables_the_code_uses(ws: Workspace) -> None:
    with ws.engine.connect() as conn:
        differences = compare_metadata(MigrationContext.configure(conn), tables.METADATA)
    assert [d for d in differences if "alembic_version" not in str(d)] == []


def test_head_is_the_newest_migration() -> None:
    folder = Path(migrate.__file__).parent / "migrations"
    assert ScriptDirectory(str(folder)).get_current_head() == migrate.HEAD


def test_every_records_table_names_controller_and_force(ws: Workspace) -> None:
    looked_at = inspect(ws.engine)
    for name in set(looked_at.get_table_names()) - {"alembic_version"}:
        columns = {column["name"] for column in looked_at.get_columns(name)}
        assert {"controller", "force"} <= columns, name


def test_processes_that_open_a_new_workspace_at_once_all_succeed(
    tmp_path: Path, database: str | None
) -> None:
    command = [sys.executable, "-c", OPEN, str(tmp_path / "home"), database or ""]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    errors = [process.communicate()[1] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], errors


def test_opening_a_current_workspace_does_not_load_alembic(tmp_path: Path) -> None:
    open_workspace(tmp_path / "home").engine.dispose()
    code = OPEN + "sys.exit('alembic' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", code, str(tmp_path / "home"), ""], check=False).returncode == 0
    )


def test_sqlite_is_durable(tmp_path: Path) -> None:
    ws = open_workspace(tmp_path / "home")
    with ws.engine.connect() as conn:
        assert conn.exec_driver_sql("pragma journal_mode").scalar() == "wal"
        assert conn.exec_driver_sql("pragma synchronous").scalar() == 2


def test_a_newer_catalogue_is_refused(ws: Workspace) -> None:
    with transaction(ws) as conn:
        conn.exec_driver_sql("update alembic_version set version_num = '9999'")
    with pytest.raises(Fault, match="newer"):
        migrate.migrate(ws.engine)


@pytest.mark.parametrize("url", ["mysql://here/it", "nonsense"])
def test_a_url_of_another_kind_is_refused_without_showing_it(tmp_path: Path, url: str) -> None:
    with pytest.raises(Misuse) as caught:
        open_workspace(tmp_path / "home", url)
    assert url not in caught.value.sentence


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(Misuse):
        open_workspace(tmp_path / "home")


def test_a_failed_transaction_leaves_nothing(ws: Workspace) -> None:
    entry = AuditEntry("consultation", "events")

    def fail() -> None:
        with transaction(ws) as conn:
            audit.append(conn, LOCAL_ANALYST, "analysis", entry)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert audit.list_audit(ws) == []
    audit.record(ws, LOCAL_ANALYST, "analysis", entry)
    assert [(one.actor, one.verb, one.purpose) for one in audit.list_audit(ws)] == [
        ("local", "consultation", "analysis")
    ]


def test_an_instant_without_a_zone_is_refused(ws: Workspace) -> None:
    row = {"id": 1, "at": datetime(2022, 1, 1), "actor": "", "what": ""}
    with pytest.raises(Exception, match="time zone"), transaction(ws) as conn:
        conn.execute(insert(tables.snapshot).values(**row))


def test_readers_see_nothing_of_an_open_transaction(ws: Workspace) -> None:
    with transaction(ws) as conn:
        audit.append(conn, LOCAL_ANALYST, "analysis", AuditEntry("consultation", "events"))
        with reading(ws) as other:
            assert other.execute(select(tables.audit)).all() == []


def test_runs_are_found_newest_first(ws: Workspace) -> None:
    add_run(ws, "one", {"area": {"code": "A"}, "target": "violence", "every": "month"})
    add_run(ws, "two", {"area": {"code": "B"}, "target": "asb", "every": "week"})
    assert [run.run_id for run in list_runs(ws)] == ["two", "one"]
    newest = latest_run(ws, area="A")
    assert newest is not None
    assert (newest.run_id, newest.folder) == ("one", ws.runs / "one")
    assert latest_run(ws, target="robbery") is None
    add_run(ws, "one", {"area": {"code": "C"}, "target": "violence", "every": "month"})
    assert get_run(ws, "one").area == "C"
    with pytest.raises(NotFound):
        get_run(ws, "three")


def test_a_gate_keeps_the_last_decision(ws: Workspace) -> None:
    key = ("A", "violence", "month", 1, 1)
    assert get_gate(ws, *key) is None
    set_gate(ws, *key, "learner", {"sentence": "better"})
    set_gate(ws, *key, "shrunk-decay", {"sentence": "not better"})
    gate = get_gate(ws, *key)
    assert gate is not None
    assert (gate.served_model, gate.verdict) == ("shrunk-decay", {"sentence": "not better"})


def test_a_workspace_can_move(tmp_path: Path) -> None:
    from peelian.store.ledger import read_events
    from tests.ingest.test_tables import take
    from tests.tiny_source import row, write

    ws = open_workspace(tmp_path / "here")
    take(ws, write(tmp_path / "1.json", [row("a")]))
    ws.engine.dispose()
    shutil.move(tmp_path / "here", tmp_path / "there")
    assert read_events(open_workspace(tmp_path / "there")).height == 1


def test_a_new_workspace_is_its_owners_alone_and_an_old_one_keeps_its_rights(tmp_path: Path) -> None:
    open_workspace(tmp_path / "new" / "home").engine.dispose()
    assert (tmp_path / "new" / "home").stat().st_mode & 0o777 == 0o700
    old = tmp_path / "old"
    old.mkdir(mode=0o750)
    open_workspace(old).engine.dispose()
    assert old.stat().st_mode & 0o777 == 0o750
