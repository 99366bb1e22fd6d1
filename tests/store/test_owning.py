"""Two forces in one workspace: what is one's, the other neither reads, changes nor loses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, text

from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.errors import Forbidden, NotFound, Refused
from peelian.store import tables
from peelian.store.catalogue import now, reading, transaction
from peelian.store.decision_tables import decision, intervention, numbering
from peelian.store.decisions import list_decisions, second
from peelian.store.designs import lock_design
from peelian.store.interventions import list_entries
from peelian.store.migrate import build, migrate
from peelian.store.migrations.versions import v0009_owners
from peelian.store.place_remarks import get_remark, list_remarks
from peelian.store.plans import get_plan, list_plans, read_visits
from peelian.store.problems import get_problem, list_problems
from peelian.store.releases import decide, list_releases
from peelian.store.row_cut import Reader, reading_as
from peelian.store.runs import add_run
from peelian.store.warning_records import get_warning, list_warnings
from peelian.store.workspace import Workspace, at_rest
from tests.acting_made import added, decided, opened
from tests.store.test_plans import VISITS, keep, made
from tests.two_forces import ACTED, FORCES, act, area_of, areas_seen, owners_seen

ME = (LOCAL_ANALYST, "prevention")


@contextmanager
def read_by(force: str, *areas: str) -> Iterator[None]:
    with reading_as(Reader((force,), areas or ("*",))):
        yield


@pytest.fixture
def both(ws: Workspace) -> Workspace:
    for force in FORCES:
        act(ws, force)
    return ws


def test_no_row_of_acting_or_warning_names_no_force_or_area(both: Workspace) -> None:
    with reading(both) as conn:
        seen = owners_seen(conn)
        areas = areas_seen(conn)
    assert {name: seen[name] for name in ACTED} == {key: set(FORCES) for key in ACTED}
    assert areas == {area_of(force) for force in FORCES}


@pytest.mark.parametrize("mine", FORCES)
def test_a_force_reads_its_own_and_all_of_its_own(both: Workspace, mine: str) -> None:
    (theirs,) = set(FORCES) - {mine}
    with read_by(mine):
        with reading(both) as conn:
            seen = owners_seen(conn)
        assert {name: owners for name, owners in seen.items() if owners} == {key: {mine} for key in ACTED}
        assert [one.id for one in list_plans(both)] == [f"plan-{mine}"]
        assert [one.id for one in list_warnings(both).rows] == [f"w-{mine}"]
        assert len(list_problems(both)) == len(list_entries(both)) == len(list_remarks(both)) == 1
        assert len(list_decisions(both)) == 2
        for ask in (get_plan, get_warning):
            with pytest.raises(NotFound):
                ask(both, f"{'plan' if ask is get_plan else 'w'}-{theirs}")
        for about in (("plan", f"plan-{theirs}"), ("warning", f"w-{theirs}"), ("run", f"run-{theirs}")):
            with pytest.raises(NotFound):
                decided(both, *about)
    with read_by(theirs):
        hidden = list_remarks(both)[0].id
    with read_by(mine), pytest.raises(NotFound):
        get_remark(both, hidden)


def test_an_account_of_one_area_reads_nothing_of_another(both: Workspace) -> None:
    with read_by("kent", "kent-coast"), reading(both) as conn:
        assert {name for name, owners in owners_seen(conn).items() if owners} == set()
    with read_by("kent", "kent-coast"), pytest.raises(Forbidden, match="outside"):
        opened(both, area=area_of("kent"))


def test_what_an_account_writes_is_its_forces_and_meets_nothing_of_another(both: Workspace) -> None:
    with reading(both) as conn:
        theirs = conn.execute(select(intervention.c.id).where(intervention.c.force == "essex")).scalar()
    with read_by("kent", area_of("kent"), ""):
        assert added(both, kind="lighting", area=area_of("kent")).entry.id not in {theirs, "i1"}
        with pytest.raises(Refused, match="held already"):
            keep(both, made("plan-essex", area=area_of("kent"), run="run-kent"))
        with pytest.raises(Refused, match="under this id"), transaction(both) as conn:
            lock_design(conn, *ME, "design-essex", {"b": 2}, by_role="analyst")
        waiting = decided(both, "plan", "plan-kent", decided="deploy live facial recognition")
    with read_by("essex"), pytest.raises(NotFound), transaction(both) as conn:
        second(conn, *ME, waiting.id, role="ethics panel", why="looked", approve=True)
    assert read_visits(both, "plan-essex").equals(VISITS)  # the folder is its owner's still
    with reading(both) as conn:
        assert set(conn.execute(select(intervention.c.force)).scalars()) == set(FORCES)
        asked = select(decision.c.force, decision.c.area).where(decision.c.id == waiting.id)
        assert tuple(conn.execute(asked).one()) == ("kent", area_of("kent"))


def test_an_approved_release_is_everyones_and_a_proposed_one_its_forces(both: Workspace) -> None:
    with read_by("essex"), pytest.raises(NotFound), transaction(both) as conn:
        decide(conn, *ME, "release-kent", "refused", "not ours")
    with reading_as(Reader()):  # the public
        assert list_releases(both) == []
    other = LOCAL_ANALYST.__class__("colleague", "supervisor")
    with transaction(both) as conn:
        decide(conn, other, "prevention", "release-kent", "approved", "checked")
    with reading_as(Reader()):
        assert [one.id for one in list_releases(both, state="approved")] == ["release-kent"]


def test_an_area_whose_code_two_forces_share_is_neithers(ws: Workspace) -> None:
    for force in FORCES:
        add_run(ws, f"r-{force}", {"area": {"code": "SIM1"}, "target": "asb", "every": "week"}, force=force)
    held = opened(ws)
    assert held.force == "several"
    for force in FORCES:
        with read_by(force), pytest.raises(NotFound):
            get_problem(ws, held.id)
        with read_by(force):
            assert opened(ws).force == force  # who acts for one force writes its own


def test_rows_of_an_older_workspace_take_the_force_of_what_they_came_from(
    tmp_path: Path, empty_database: str | None
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    old = at_rest(home, empty_database)
    with old.engine.begin() as conn:
        build(conn, "0008")
        for force in FORCES:
            _older(conn, force)
    migrate(old.engine)
    with reading(old) as conn:
        seen = owners_seen(conn)
        wanted = {"plan", "problem", "action", "decision", "intervention", "effect_verdict", "warning",
                  "warning_step", "gate_verdict", "release", "run"}  # fmt: skip
        assert {name: seen[name] for name in wanted} == {key: set(FORCES) for key in wanted}
        assert areas_seen(conn) == {area_of(force) for force in FORCES}
        assert conn.execute(select(numbering.c.last)).scalar() == 2
    old.engine.dispose()
    assert v0009_owners.revision == "0009"


def _older(conn: Any, force: str) -> None:
    """Rows as version 0008 wrote them: no force but the run's; a release with its area's code for a force."""
    n, area, day, at = FORCES.index(force) + 1, area_of(force), "2026-01-01", 1
    card = {"area": {"code": area}}
    conn.execute(insert(tables.run).values(
        id=f"r{n}", force=force, area=area, target="asb", every="week", created=now(), card=card
    ))  # fmt: skip
    for table, columns, values in (
        ("plan", "id, area, target, run, start, \"end\", created, state, card",
         f"'p{n}', '{area}', 'asb', 'r{n}', '{day}', '{day}', {at}, 'draft', '{{}}'"),
        ("problem", "id, title, area, target, state, owner_agency, card, opened",
         f"{n}, 't', '{area}', 'asb', 'open', 'council', '{{}}', {at}"),
        ("action", "id, problem, what, agency, decision, due", f"{n}, {n}, 'w', 'council', {n}, '{day}'"),
        ("decision", "id, about_kind, about, decided, refused, by_role, why, options, cites_forecast, "
         "needs_second, at", f"{n}, 'problem', '{n}', 'd', false, 'chair', 'w', '[]', false, false, {at}"),
        ("intervention", "id, kind, area, start, \"end\", agency, dose, card, added",
         f"'i{n}', 'lighting', '{area}', '{day}', '{day}', 'council', 1, '{{}}', {at}"),
        ("effect_verdict", "id, intervention, method, verdict, at", f"{n}, 'i{n}', 'wdd', '{{}}', {at}"),
        ("warning", "id, area, target, kind, as_of, raised, changed, state, plannable, strength, card",
         f"'w{n}', '{area}', 'asb', 'rise', '{day}', {at}, {at}, 'new', true, 1, '{{}}'"),
        ("warning_step", "id, warning, step, actor, reason, detail, at",
         f"{n}, 'w{n}', 'raised', 'a', 'r', '{{}}', {at}"),
        ("gate_verdict", "id, area, target, every, horizon, \"window\", served_model, verdict, at",
         f"{n}, '{area}', 'asb', 'week', 1, 1, 'plain', '{{}}', {at}"),
        ("release", "id, force, tier, kind, area, target, start, \"end\", state, proposed_by, proposed_at, "
         "\"table\", told", f"'x{n}', '{area}', 'public', 'counts', '{area}', 'asb', '{day}', '{day}', "
         f"'proposed', 'a', {at}, '{{}}', '[]'"),
    ):  # fmt: skip
        conn.execute(text(f"insert into {table} ({columns}) values ({values})"))
