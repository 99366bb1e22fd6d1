"""The register, problems, actions and decisions on both databases: each change with its audit row."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import numpy as np
import pytest

from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.errors import NotFound, Refused
from peelian.domain.problem import action_of
from peelian.store.actions import HeldAction, add_action, finish_action, list_actions
from peelian.store.audit import list_audit
from peelian.store.catalogue import transaction
from peelian.store.decisions import list_decisions, must_be_decided, second
from peelian.store.interventions import get_entry, list_entries, withdraw_entry
from peelian.store.known_areas import check_cells, known_areas
from peelian.store.plans import get_plan
from peelian.store.problems import close_problem, get_problem, list_problems, write_part
from peelian.store.warnings import keep_warnings
from peelian.store.workspace import Workspace
from tests.acting_made import TODAY, added, decided, entry, opened
from tests.store.test_plans import keep as keep_plan
from tests.store.test_plans import made as made_plan
from tests.warnings_made import made as made_warning

ME = (LOCAL_ANALYST, "prevention")


def withdraw(ws: Workspace, id_: str) -> None:
    with transaction(ws) as conn:
        withdraw_entry(conn, LOCAL_ANALYST, "prevention", id_, "entered twice")


def write(ws: Workspace, part: str, *, version: int | None = None) -> int:
    with transaction(ws) as conn:
        return write_part(
            conn, LOCAL_ANALYST, "prevention", 1, part, "words", version=version,  # type: ignore[arg-type]
        ).version  # fmt: skip


def act(ws: Workspace, problem: int, decision: int, what: str = "repair the lamps") -> HeldAction:
    with transaction(ws) as conn:
        new = action_of(what, "council", date(2026, 12, 1), decision)
        return add_action(conn, LOCAL_ANALYST, "prevention", problem, new)


def approve(ws: Workspace, id_: int, role: str = "ethics panel", approve: bool = True) -> None:
    with transaction(ws) as conn:
        second(conn, LOCAL_ANALYST, "prevention", id_, role=role, why="looked at it", approve=approve)


def test_an_entry_comes_back_as_it_was_entered(ws: Workspace) -> None:
    held = added(ws)
    assert held.entry.id == "i1"
    assert vars(get_entry(ws, "i1").entry) == vars(entry()) | {"id": "i1"}
    assert list_audit(ws)[0].what == "intervention i1 entered: street-outreach"
    assert list_audit(ws)[0].window == "2026-10-01/2026-11-01"
    with pytest.raises(NotFound):
        get_entry(ws, "i2")


def test_an_overlap_is_refused_and_leaves_nothing(ws: Workspace) -> None:
    added(ws)
    before = len(list_audit(ws))
    with pytest.raises(Refused, match="overlaps entry i1"):
        added(ws, start="2026-10-31", end="2026-11-10", places="101")
    assert len(list_audit(ws)) == before
    assert added(ws, start="2026-11-01", end="2026-11-10").entry.id == "i2"
    assert added(ws, places="7").entry.id == "i3"


def test_of_two_who_enter_the_same_at_once_one_is_refused(ws: Workspace) -> None:
    def enter(_: int) -> str:
        try:
            return added(ws).entry.id
        except Refused as error:
            return error.what

    with ThreadPoolExecutor(4) as pool:
        said = sorted(pool.map(enter, range(4)))
    assert said == ["i1", *["the entry overlaps entry i1 of the same kind and places"] * 3]


def test_what_is_withdrawn_stays_readable_and_counts_no_more(ws: Workspace) -> None:
    added(ws)
    withdraw(ws, "i1")
    held = get_entry(ws, "i1")
    assert held.withdrawn is not None
    assert held.withdrawn_why == "entered twice"
    assert (list_entries(ws), len(list_entries(ws, withdrawn=True))) == ([], 1)
    with pytest.raises(Refused, match="withdrawn before"):
        withdraw(ws, "i1")
    assert added(ws).entry.id == "i2"  # no longer an overlap
    assert [row.verb for row in list_audit(ws)] == ["collection", "alteration", "collection"]


def test_entries_are_listed_by_area_kind_problem_and_days(ws: Workspace) -> None:
    opened(ws)
    added(ws, problem=1)
    added(ws, kind="lighting", start="2026-11-05", end="2026-11-20")
    assert [one.entry.id for one in list_entries(ws)] == ["i2", "i1"]
    assert [one.entry.id for one in list_entries(ws, problem=1)] == ["i1"]
    assert [one.entry.id for one in list_entries(ws, kind="lighting", area="SIM1")] == ["i2"]
    days = {"start": date(2026, 11, 1), "end": date(2026, 11, 5)}
    assert list_entries(ws, **days) == []  # both ends are exclusive
    assert [one.entry.id for one in list_entries(ws, start=date(2026, 10, 31))] == ["i2", "i1"]


def test_areas_known_are_frozen_ones_runs_and_warnings(ws: Workspace) -> None:
    assert known_areas(ws) == frozenset()
    keep_warnings(ws, LOCAL_ANALYST, "prevention", [made_warning(area="WARNED")])
    (ws.areas / "sim1.json").write_text('{"code": "SIM1"}')
    assert known_areas(ws) == {"WARNED", "SIM1"}
    check_cells(ws, "SIM1", ["9"])  # its squares are not held: nobody can say
    np.save(ws.areas / "sim1.npy", np.array([[100, 101], [0, 0]]))
    check_cells(ws, "SIM1", ["100", "101"])
    with pytest.raises(Refused, match="2 of 3 places are no squares"):
        check_cells(ws, "SIM1", ["100", "7", "High Street"])


def test_a_problem_is_written_part_by_part_and_closed_with_an_assessment(ws: Workspace) -> None:
    assert opened(ws).stage == "objective"
    assert [write(ws, part) for part in ("objective", "scanning")] == [1, 2]
    assert get_problem(ws, 1).stage == "analysis"
    with pytest.raises(Refused, match="has changed since"):
        write(ws, "analysis", version=1)
    with pytest.raises(Refused, match="no assessment"), transaction(ws) as conn:
        close_problem(conn, LOCAL_ANALYST, "prevention", 1, "over")
    write(ws, "assessment")
    act(ws, 1, decided(ws, "problem", 1).id)
    with pytest.raises(Refused, match="1 of its actions"), transaction(ws) as conn:
        close_problem(conn, LOCAL_ANALYST, "prevention", 1, "over")
    with transaction(ws) as conn:
        finish_action(conn, LOCAL_ANALYST, "prevention", 1, TODAY, "done, lamps burn")
        close_problem(conn, LOCAL_ANALYST, "prevention", 1, "reports fell back")
    held = get_problem(ws, 1)
    assert (held.state, held.stage, held.closed_why) == ("closed", "closed", "reports fell back")
    with pytest.raises(Refused, match="is closed"):
        write(ws, "analysis")
    opened(ws, title="Another")
    assert [one.id for one in list_problems(ws)] == [2, 1]
    assert [one.id for one in list_problems(ws, state="closed", area="SIM1")] == [1]


def test_a_problem_joins_warnings_of_its_area(ws: Workspace) -> None:
    keep_warnings(ws, LOCAL_ANALYST, "prevention", [made_warning(), made_warning("w2", area="ELSE")])
    assert opened(ws, warnings=("w1",)).problem.warnings == ("w1",)
    with pytest.raises(Refused, match="another area"):
        opened(ws, warnings=("w2",))
    with pytest.raises(NotFound):
        opened(ws, warnings=("none",))


def test_no_action_without_a_decision_that_stands(ws: Workspace) -> None:
    opened(ws)
    opened(ws, title="Another")
    with pytest.raises(NotFound, match="no such decision"):
        act(ws, 1, 7)
    refused = decided(ws, "problem", 1, refused=True, decided="do nothing for now")
    with pytest.raises(Refused, match="not to act"):
        act(ws, 1, refused.id)
    other = decided(ws, "problem", 2)
    with pytest.raises(Refused, match="about something else"):
        act(ws, 1, other.id)
    assert list_actions(ws) == []
    assert get_problem(ws, 1).version == 0  # what was refused left nothing
    first = act(ws, 1, decided(ws, "problem", 1).id)
    assert [one.id for one in list_actions(ws, waiting=True, area="SIM1", agency="council")] == [first.id]
    with transaction(ws) as conn:
        finish_action(conn, LOCAL_ANALYST, "prevention", first.id, TODAY, "done")
    assert list_actions(ws, waiting=True) == []
    with pytest.raises(Refused, match="over already"), transaction(ws) as conn:
        finish_action(conn, LOCAL_ANALYST, "prevention", first.id, TODAY, "again")


def test_a_decision_taken_within_a_problem_stands_for_it(ws: Workspace) -> None:
    keep_plan(ws, made_plan())
    opened(ws)
    assert act(ws, 1, decided(ws, "plan", "p1", problem=1).id).decision == 1
    assert [one.id for one in list_decisions(ws, problem=1)] == [1]


def test_a_decision_is_about_something_that_is_here(ws: Workspace) -> None:
    for kind, about in (("plan", "p9"), ("warning", "w9"), ("run", "r9"), ("intervention", "i9"),
                        ("problem", "9"), ("problem", "nine")):  # fmt: skip
        with pytest.raises(NotFound):
            decided(ws, kind, about)
    assert (list_decisions(ws), list_audit(ws)) == ([], [])


def test_a_plan_leaves_only_by_a_decision_about_it(ws: Workspace) -> None:
    keep_plan(ws, made_plan())
    keep_plan(ws, made_plan("p2"))
    with pytest.raises(Refused, match="none was named"):
        must_be_decided(ws, "plan", "p1", None)
    no = decided(ws, "plan", "p1", refused=True)
    assert get_plan(ws, "p1").state == "refused"
    with pytest.raises(Refused, match="not to act"):
        must_be_decided(ws, "plan", "p1", no.id)
    yes = decided(ws, "plan", "p1")
    assert get_plan(ws, "p1").state == "decided"
    assert must_be_decided(ws, "plan", "p1", yes.id).id == yes.id
    with pytest.raises(Refused, match="something else"):
        must_be_decided(ws, "plan", "p2", yes.id)


def test_a_power_where_a_forecast_points_waits_for_another_role_and_is_never_exported(ws: Workspace) -> None:
    keep_plan(ws, made_plan())
    held = decided(ws, "plan", "p1", decided="deploy live facial recognition")
    assert (held.queue, held.waits, held.stands, get_plan(ws, "p1").state) == ("ethics", True, False, "draft")
    with pytest.raises(Refused, match="waits for its second"):
        must_be_decided(ws, "plan", "p1", held.id)
    with pytest.raises(Refused, match="the role that decided"):
        approve(ws, held.id, role="Partnership chair")
    approve(ws, held.id)
    (done,) = list_decisions(ws, queue="ethics")
    assert (done.stands, done.second_role, done.second_why) == (True, "ethics panel", "looked at it")
    with pytest.raises(Refused, match="recorded and evaluated only"):
        must_be_decided(ws, "plan", "p1", held.id)
    with pytest.raises(Refused, match="waits for no second"):
        approve(ws, held.id)
    assert "second approver approves" in list_audit(ws)[0].what


def test_a_second_approver_may_say_no(ws: Workspace) -> None:
    keep_plan(ws, made_plan())
    held = decided(ws, "plan", "p1", kind="section-60")
    approve(ws, held.id, approve=False)
    assert get_plan(ws, "p1").state == "refused"
    with pytest.raises(Refused, match="not approved"):
        must_be_decided(ws, "plan", "p1", held.id)


def test_a_decision_on_a_recorded_power_within_a_warned_problem_cites_the_warnings(ws: Workspace) -> None:
    keep_warnings(ws, LOCAL_ANALYST, "prevention", [made_warning()])
    opened(ws, warnings=("w1",))
    added(ws, problem=1, kind="section-60", legal_reference="the 1994 Act, section 60")
    assert decided(ws, "problem", 1).decision.cites_forecast
    assert decided(ws, "intervention", "i1").waits
    added(ws, kind="section-60", legal_reference="the same", places="7")
    alone = decided(ws, "intervention", "i2")
    assert (alone.waits, alone.decision.kind) == (False, "section-60")
