"""Plans and locked designs: kept once, found again, a changed design detected."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest
from sqlalchemy import update

from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.canonical import canonical_json, digest_of
from peelian.domain.errors import Fault, Misuse, NotFound, Refused
from peelian.store.audit import list_audit
from peelian.store.catalogue import transaction
from peelian.store.decision_tables import study_design
from peelian.store.designs import LockedDesign, check_design, list_designs, lock_design
from peelian.store.effect_verdicts import add_verdict, list_verdicts
from peelian.store.plans import HeldPlan, get_plan, keep_plan, list_plans, read_visits, set_plan_state
from peelian.store.workspace import Workspace

VISITS = pl.DataFrame(
    {"place": ["100", "101"], "slot": ["Friday night", "Friday night"], "minutes": [15, 15]}
)
DESIGN = {"method": "wdd", "treated": ["a", "b"], "control": ["c", "d"], "from": "2026-01-01", "alpha": 0.05}


def made(id_: str = "p1", **changes: Any) -> HeldPlan:
    one = HeldPlan(
        id_, "SIM1", "asb", "r1", date(2026, 11, 2), date(2026, 11, 9), {"gap": 0.0},
        datetime(2000, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    return replace(one, **changes)


def keep(ws: Workspace, one: HeldPlan) -> HeldPlan:
    return keep_plan(ws, LOCAL_ANALYST, "prevention", one, VISITS)


def lock(ws: Workspace, id_: str = "d1", design: dict[str, object] = DESIGN) -> LockedDesign:
    with transaction(ws) as conn:
        return lock_design(
            conn, LOCAL_ANALYST, "evaluation", id_, design, by_role="analyst", intervention="i1"
        )


def test_a_plan_is_kept_as_a_draft_with_its_visits(ws: Workspace) -> None:
    held = keep(ws, made(state="decided"))
    assert (held.state, held.created.year > 2020) == ("draft", True)
    assert get_plan(ws, "p1") == held
    assert read_visits(ws, "p1").equals(VISITS)
    assert list_audit(ws)[0].what == "plan p1 made: a draft"
    with pytest.raises(Refused, match="held already"):
        keep(ws, made())


def test_plans_are_listed_newest_first_and_cut(ws: Workspace) -> None:
    keep(ws, made())
    keep(ws, made("p2", area="SIM2"))
    assert [one.id for one in list_plans(ws)] == ["p2", "p1"]
    assert [one.id for one in list_plans(ws, area="SIM1", target="asb")] == ["p1"]
    with transaction(ws) as conn:
        set_plan_state(conn, "p1", "decided")
    assert [one.id for one in list_plans(ws, state="decided")] == ["p1"]
    with pytest.raises(NotFound), transaction(ws) as conn:
        set_plan_state(conn, "none", "decided")


@pytest.mark.parametrize("bad", ["../runs", "a/b", "", "."])
def test_a_plan_never_leaves_its_folder(ws: Workspace, bad: str) -> None:
    with pytest.raises(NotFound):
        keep(ws, made(bad))
    with pytest.raises(NotFound):
        read_visits(ws, bad)


def test_a_folder_left_by_a_plan_never_recorded_is_written_again(ws: Workspace) -> None:
    (ws.home / "plans" / "p1").mkdir(parents=True)
    assert keep(ws, made()).id == "p1"


def test_the_same_content_has_the_same_hash_whatever_its_order() -> None:
    # computed by hand: printf '{"a":[1,2.5],"b":"x"}' | sha256sum
    assert digest_of({"b": "x", "a": [1, 2.5]}) == digest_of({"a": [1, 2.5], "b": "x"})
    assert canonical_json({"b": "x", "a": [1, 2.5]}) == '{"a":[1,2.5],"b":"x"}'
    assert (
        digest_of({"b": "x", "a": [1, 2.5]})
        == "5cefae54a95b31dc660d6cbbb2198f0811fc70ee37b1cc85b1989870cd293ffb"
    )
    for bad in (float("nan"), {1: "a"}, date(2026, 1, 1), [{"a": {2: 1}}]):
        with pytest.raises(Misuse):
            digest_of(bad)


def test_a_changed_design_is_detected_and_said_by_its_parts(ws: Workspace) -> None:
    locked = lock(ws)
    assert check_design(ws, "d1", dict(reversed(DESIGN.items()))) == locked
    assert locked.sha256 in list_audit(ws)[0].what
    with pytest.raises(Refused, match="alpha, control changed") as caught:
        check_design(ws, "d1", DESIGN | {"alpha": 0.1, "control": ["c", "secret place"]})
    assert "secret" not in caught.value.sentence
    with pytest.raises(Refused, match="extra changed"):
        check_design(ws, "d1", DESIGN | {"extra": 1})
    with pytest.raises(NotFound):
        check_design(ws, "none", DESIGN)


def test_a_design_is_locked_once(ws: Workspace) -> None:
    first = lock(ws)
    assert lock(ws) == first
    with pytest.raises(Refused, match="another design is locked"):
        lock(ws, design=DESIGN | {"alpha": 0.1})
    assert list_designs(ws, "i1") == [first]
    assert list_designs(ws, "other") == []
    with pytest.raises(Misuse):
        lock(ws, "d2", DESIGN | {"alpha": float("nan")})


def test_a_design_changed_behind_our_back_is_detected(ws: Workspace) -> None:
    lock(ws)
    with transaction(ws) as conn:
        conn.execute(update(study_design).values(design=DESIGN | {"alpha": 0.5}))
    with pytest.raises(Fault, match="its hash differs"):
        check_design(ws, "d1", DESIGN | {"alpha": 0.5})


def test_verdicts_are_added_never_replaced(ws: Workspace) -> None:
    with transaction(ws) as conn:
        for effect in (-3.0, 0.0):
            add_verdict(conn, LOCAL_ANALYST, "evaluation", "i1", "wdd", {"effect": effect}, design="d1")
    assert [one.verdict["effect"] for one in list_verdicts(ws, "i1")] == [0.0, -3.0]
    assert list_verdicts(ws, "i2") == []
