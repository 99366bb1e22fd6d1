"""A job is the work of whoever queued it: their line, their reach, as both stand when it starts."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from peelian.domain.actor import Actor
from peelian.domain.agreement import Agreement
from peelian.domain.errors import NotFound
from peelian.domain.time import london_midnight
from peelian.govern import policy
from peelian.govern.access_table import LINES
from peelian.govern.roles import PURPOSES_OF, ROLES, Role
from peelian.pipeline import jobs as worker
from peelian.pipeline.areas import resolve_area
from peelian.pipeline.context import Context
from peelian.store import jobs
from peelian.store.accounts import Account, add_account, revoke, set_reach
from peelian.store.agreements import add_agreement, change_term, today
from peelian.store.audit import list_audit
from peelian.store.catalogue import transaction
from peelian.store.row_cut import Reader, reader_now, reading_as
from peelian.store.runs import add_run, list_runs
from tests.workspaces import fresh


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Actor, list[str]]]:
    """What each job saw: who it is, and which runs it may read."""
    found: list[tuple[Actor, list[str]]] = []

    def look(ctx: Context, _arguments: dict[str, Any], tick: Any) -> str:
        ctx.consult("combination", "forecast violence")
        tick("half way", 0.5)
        found.append((ctx.actor, [row.run_id for row in list_runs(ctx.ws)]))
        return "looked"

    monkeypatch.setattr(worker, "KINDS", dict.fromkeys(worker.KINDS, look))
    return found


def queued(ctx: Context, one: Account, kind: str = "forecast") -> int:
    role: Role = one.role  # type: ignore[assignment]
    return jobs.create(ctx.ws, kind, {}, actor=one.actor, purpose=min(PURPOSES_OF[role]))


def added(ctx: Context, id_: str, role: str = "analyst", force: str = "kent") -> Account:
    one = Account(id_, role, force, "Council", ("*",), ("*",), ("*",))
    with transaction(ctx.ws) as conn:
        add_account(conn, one)
    return one


@pytest.fixture
def at_home(tmp_path: Path) -> Context:
    return Context(fresh(tmp_path / "home"))


@pytest.mark.parametrize("role", ROLES)
def test_a_role_has_only_the_jobs_done_that_its_lines_name(
    at_home: Context, seen: list[Any], role: Role
) -> None:
    one = added(at_home, f"one-{role}", role)
    mine = {kind: queued(at_home, one, kind) for kind in worker.KINDS}
    assert worker.work(at_home) == len(mine)
    lines = {line.what: line.roles for line in LINES if line.verb == "alteration"}
    for kind, id_ in mine.items():
        job = jobs.get(at_home.ws, id_)
        assert job.state == ("done" if role in lines[f"job {kind}"] else "failed"), (role, kind, job.message)
        if job.state == "failed":
            assert f"no rule lets the role {role} do alteration of job {kind}" in job.message
    assert reader_now() is None


def test_one_who_was_revoked_or_lost_the_role_since_is_refused(at_home: Context, seen: list[Any]) -> None:
    gone, moved, never = added(at_home, "gone"), added(at_home, "moved"), Account("never", "analyst", "kent")
    asked = [queued(at_home, one) for one in (gone, moved, never)]
    with transaction(at_home.ws) as conn:
        revoke(conn, "gone")
        set_reach(conn, Account("moved", "officer", "kent", "", ("*",), ("*",), ("*",)))
    worker.work(at_home)
    said = [jobs.get(at_home.ws, id_) for id_ in asked]
    assert {job.state for job in said} == {"failed"}
    assert "revoked" in said[0].message
    assert "role officer" in said[1].message
    assert "no account" in said[2].message
    assert seen == []


@pytest.mark.parametrize("how", ["revoked", "another role", "less reach", "an agreement's end"])
def test_a_job_under_way_stops_when_its_ground_goes(
    at_home: Context, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    reached: list[str] = []

    def work(ctx: Context, _arguments: dict[str, Any], tick: Any) -> str:
        tick("nothing has changed", 0.2)
        reached.append("begun")
        with reading_as(None), transaction(ctx.ws) as conn:
            match how:
                case "revoked":
                    revoke(conn, "gone")
                case "another role":
                    set_reach(conn, Account("gone", "officer", "kent", "", ("*",), ("*",), ("*",)))
                case "less reach":
                    set_reach(conn, Account("gone", "analyst", "kent", "Council", ("a",), ("*",), ("*",)))
                case _:
                    change_term(conn, "isa", ended=today() - timedelta(days=1))
        tick("its ground has gone", 0.5)
        reached.append("went on")
        return "done"

    monkeypatch.setattr(worker, "KINDS", {"forecast": work})
    monkeypatch.setattr("peelian.pipeline.job_actor.AGAIN_S", 0.0)
    day = today() - timedelta(days=30)
    parts = ("cda-s115", ("analysis",), ("Council",), ("*",), day, day + timedelta(days=90))
    with transaction(at_home.ws) as conn:
        add_agreement(conn, Agreement("isa", "A sharing agreement", "Ambulance", *parts), force="kent")
    id_ = queued(at_home, added(at_home, "gone"))
    worker.work(at_home)
    assert reached == ["begun"]
    job = jobs.get(at_home.ws, id_)
    assert job.state == "failed"
    assert {"revoked": "revoked", "another role": "role officer"}.get(how, "changed while") in job.message


def test_a_job_reads_what_its_queuer_may_read_and_is_written_down_as_theirs(
    at_home: Context, seen: list[tuple[Actor, list[str]]]
) -> None:
    for force in ("kent", "essex"):
        add_run(at_home.ws, force, {"area": {"code": "a"}, "target": "x", "every": "week"}, force=force)
    queued(at_home, added(at_home, "k1001", force="kent"))
    queued(at_home, added(at_home, "e1001", force="essex"))
    jobs.create(at_home.ws, "forecast", {})
    worker.work(at_home)
    assert [(actor.id, sorted(runs)) for actor, runs in seen] == [
        ("k1001", ["kent"]), ("e1001", ["essex"]), ("local", ["essex", "kent"]),
    ]  # fmt: skip
    assert [row.actor for row in list_audit(at_home.ws, last=3)] == ["local", "e1001", "k1001"]


def test_a_job_lets_its_work_do_nothing_where_its_own_line_does_not(at_home: Context) -> None:
    officer = Context(at_home.ws, Actor("o", "officer", "kent", purposes=("*",)), "prevention", "forecast")
    with pytest.raises(policy.Forbidden):
        officer.allow("consultation", "plans")


def test_a_slip_in_an_areas_name_tells_no_area_of_another_force(at_home: Context) -> None:
    at_home.ws.areas.mkdir(parents=True, exist_ok=True)
    for force in ("kent", "essex"):
        told = {"code": f"{force}-town", "name": "a town", "forces": [force]}
        (at_home.ws.areas / f"{force}-town.json").write_text(json.dumps(told))
    with reading_as(Reader(("kent",), ("*",))), pytest.raises(NotFound) as said:
        resolve_area(at_home, "kent-twon", london_midnight(date(2026, 1, 1)))
    assert said.value.expected == "kent-town"
