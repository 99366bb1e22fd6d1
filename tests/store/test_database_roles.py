"""PostgreSQL's own wall: what a login that owns nothing sees; and what a model may never read, on both."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import create_engine, insert, select, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from peelian.domain.actor import LOCAL_ANALYST, AuditEntry
from peelian.store import tables
from peelian.store.access_tables import EVERYONES, audit_only
from peelian.store.audit import append
from peelian.store.catalogue import now, reading, transaction
from peelian.store.database_roles import APP, create_roles
from peelian.store.row_cut import Reader, reading_as
from peelian.store.runs import add_run, list_runs
from peelian.store.training import as_training
from peelian.store.training import learning as training_door
from peelian.store.workspace import Workspace, open_workspace
from tests.two_forces import ACTED, act
from tests.two_forces import FORCES as TWO
from tests.walled import walled
from tests.workspaces import database_url

FORCES = [f"f{n:02}" for n in range(20)]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, Workspace]]:
    """Runs of twenty forces and of none, and all that two more act by."""
    with walled(tmp_path_factory.mktemp("roles")) as (owner, served):
        for n, force in enumerate((*FORCES, "")):
            add_run(owner, f"r{n}", {"area": {"code": "north"}, "target": "x", "every": "week"}, force=force)
        for force in TWO:
            act(owner, force)
        yield owner, served


@pytest.mark.postgres
def test_every_table_of_records_is_behind_its_policy(server: tuple[Workspace, Workspace]) -> None:
    owner, _ = server
    with reading(owner) as conn:
        walled = set(conn.execute(text(
            "select c.relname from pg_class c join pg_policy p on p.polrelid = c.oid "
            "where c.relrowsecurity and c.relnamespace = current_schema()::regnamespace"
        )).scalars())  # fmt: skip
        asked = "select count(*) from pg_roles where rolname like 'peelian_%' and (rolsuper or rolbypassrls)"
        bypass = conn.execute(text(asked)).scalar()
    wanted = {name for name, one in tables.METADATA.tables.items() if "force" in one.c} - EVERYONES
    assert wanted <= walled
    assert bypass == 0


@pytest.mark.postgres
def test_raw_sql_of_the_served_login_sees_its_force_only(server: tuple[Workspace, Workspace]) -> None:
    _, served = server
    everything = text("select force from run order by force")
    for forces, seen in (
        (("f03",), ["f03"]), (("f03", "f04"), ["f03", "f04"]), (("f03", ""), ["", "f03"]), ((), []),
        (("", ), [""]), (("*",), sorted(["", *FORCES, *TWO])), (("f03' or true --",), []),
    ):  # fmt: skip
        with reading_as(Reader(forces, ("*",))), reading(served) as conn:
            assert conn.execute(everything).scalars().all() == seen, forces
    with reading_as(Reader(("f03",), ("south",))), reading(served) as conn:
        assert conn.execute(everything).scalars().all() == []


@pytest.mark.postgres
@pytest.mark.parametrize("table", ACTED)
def test_raw_sql_sees_nothing_that_another_force_acts_by(
    server: tuple[Workspace, Workspace], table: str
) -> None:
    _, served = server
    raw = text(f'select distinct force from "{table}" order by force')
    with reading_as(Reader(("kent",), ("*",))), reading(served) as conn:
        assert conn.execute(raw).scalars().all() == ["kent"]
    with reading_as(Reader(("kent",), ("elsewhere", ""))), reading(served) as conn:
        assert conn.execute(raw).scalars().all() == []
    with reading_as(Reader(("*",), ("*",))), transaction(served) as conn:
        conn.execute(text("select set_config('peelian.force', 'kent', true)"))
        with pytest.raises(DBAPIError, match="row-level security"):
            conn.execute(text(f"update \"{table}\" set force = 'essex'"))


@pytest.mark.postgres
def test_without_a_setting_nothing_is_seen_or_written(server: tuple[Workspace, Workspace]) -> None:
    _, served = server
    bare = create_engine(served.engine.url)  # a client that knows nothing of our setting
    with bare.connect() as conn:
        assert conn.execute(text("select count(*) from run")).scalar() == 0
        for act in ("update run set area = 'x'", "delete from run"):
            assert conn.execute(text(act)).rowcount == 0
        with pytest.raises(DBAPIError, match="row-level security"):
            conn.execute(text(
                "insert into job (kind, arguments, actor, state, progress, message, created, force) "
                "values ('x', '{}', '{}', 'queued', 0, '', 0, 'f01')"
            ))  # fmt: skip
    bare.dispose()


@pytest.mark.postgres
def test_another_forces_row_cannot_be_written(server: tuple[Workspace, Workspace]) -> None:
    """By the program it is refused before (`test_write_cut`); the database refuses it whoever asks."""
    _, served = server
    forged = text(
        "insert into run (id, area, target, every, created, card, force)"
        " values ('forged', 'north', 'x', 'week', 0, '{}', 'f02')"
    )
    with (
        reading_as(Reader(("f01",), ("*",))),
        pytest.raises(DBAPIError, match="row-level security"),
        transaction(served) as conn,
    ):
        conn.execute(forged)


@pytest.mark.postgres
def test_the_served_login_owns_nothing_and_cannot_change_the_audit(
    server: tuple[Workspace, Workspace],
) -> None:
    _, served = server
    with transaction(served) as conn:
        append(conn, LOCAL_ANALYST, "analysis", AuditEntry("consultation", "runs"))
    for statement in (
        "update audit set what = ''",
        "delete from audit",
        "set role postgres",
        "set role peelian_training",
        "alter table run disable row level security",
        "drop policy peelian_force on run",
    ):
        with pytest.raises(DBAPIError), transaction(served) as conn:
            conn.execute(text(statement))


@pytest.mark.postgres
@pytest.mark.parametrize("requests", [1000, pytest.param(10_000, marks=pytest.mark.soak)])
def test_interleaved_requests_through_five_connections_see_no_foreign_row(
    server: tuple[Workspace, Workspace], requests: int
) -> None:
    _, served = server
    raw = text("select force from run")

    def ask(n: int) -> tuple[str, list[str]]:
        force = FORCES[(n * 7) % len(FORCES)]
        with reading_as(Reader((force,), ("*",))):
            if n % 10 == 0:
                return force, [row.force for row in list_runs(served)]
            with reading(served) as conn:
                seen = list(conn.execute(raw).scalars())
                if n % 3 == 0:
                    conn.rollback()
                return force, seen

    with ThreadPoolExecutor(12) as pool:
        foreign = [n for n, (force, seen) in enumerate(pool.map(ask, range(requests))) if seen != [force]]
    assert foreign == []


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def learner(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Workspace, Workspace]]:
    for url in database_url(request.param):
        ws = open_workspace(tmp_path / "home", url)
        if request.param == "postgres":
            with transaction(ws) as conn:
                create_roles(conn)
        learning = as_training(ws)
        yield ws, learning
        learning.engine.dispose()
        if request.param == "postgres":
            with transaction(ws) as conn:
                for role in (APP, "peelian_training"):
                    conn.execute(text(f"drop owned by {role}"))
        ws.engine.dispose()


def test_the_training_role_cannot_read_audit_only_tables(learner: tuple[Workspace, Workspace]) -> None:
    owner, learning = learner
    assert {"account", "session", "passkey", "audit"} <= set(audit_only())
    for name in audit_only():
        if name not in tables.METADATA.tables:
            continue
        table = tables.METADATA.tables[name]
        first = next(column for column in table.c if column.name not in {"id", "seq", "hash"})
        with reading(owner) as conn:
            conn.execute(select(first)).all()
        joined = f'select count(*) from run, "{name}" x where x.{first.name} is null'
        for statement in (select(first), text(f'select {first.name} from "{name}"'), text(joined)):
            with pytest.raises((ProgrammingError, DBAPIError)), reading(learning) as conn:
                conn.execute(statement).all()


def test_the_training_role_reads_records_and_writes_what_it_did(
    learner: tuple[Workspace, Workspace],
) -> None:
    owner, learning = learner
    with transaction(learning) as conn:
        append(conn, LOCAL_ANALYST, "analysis", AuditEntry("combination", "forecast"))
        conn.execute(insert(tables.snapshot).values(id=1, at=now(), actor="x", what="y"))
    add_run(learning, "r1", {"area": {"code": "a"}, "target": "x", "every": "week"})
    assert [row.run_id for row in list_runs(learning)] == ["r1"]
    with reading(owner) as conn:
        assert conn.execute(select(tables.audit.c.what)).scalars().all() == ["forecast"]


@pytest.mark.postgres
def test_roles_made_for_another_database_of_the_server_shut_nothing_here(tmp_path: Path) -> None:
    for other in database_url("postgres"):
        for own in database_url("postgres"):
            theirs, ours = open_workspace(tmp_path / "theirs", other), open_workspace(tmp_path / "ours", own)
            with transaction(theirs) as conn:
                create_roles(conn)
            with training_door(ours) as ws, reading(ws) as conn:
                assert conn.execute(select(tables.run.c.id)).all() == []
            with transaction(theirs) as conn:
                for role in (APP, "peelian_training"):
                    conn.execute(text(f"drop owned by {role}"))
            for one in (theirs, ours):
                one.engine.dispose()
