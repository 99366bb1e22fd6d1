"""The policy: denied unless a line says so; never beyond force, area, agreement or purpose."""

from __future__ import annotations

from itertools import product

import pytest

from peelian.domain.actor import ANONYMOUS, LOCAL_ANALYST, PURPOSES, Actor
from peelian.domain.errors import Forbidden
from peelian.govern.access_table import LINES, purposes_of
from peelian.govern.policy import TABLE, VERBS, Target, check, decide
from peelian.govern.roles import PURPOSES_OF, ROLES


def test_the_local_analyst_may_do_all() -> None:
    assert all(decide(LOCAL_ANALYST, p, v, "events").allowed for p in PURPOSES for v in VERBS)


@pytest.mark.parametrize(
    "actor",
    [Actor("local", "visitor"), Actor("other", "analyst"), Actor("", ""), Actor("x", "admin", "kent"),
     Actor("local", "analyst", "kent"), Actor("x", "administrator", "*", purposes=("*",))],
)  # fmt: skip
def test_anyone_else_is_denied_what_has_no_line(actor: Actor) -> None:
    assert not any(decide(actor, p, v, "events").allowed for p in PURPOSES for v in VERBS)
    with pytest.raises(Forbidden, match="no rule"):
        check(actor, "analysis", "consultation", "events")


def test_an_unknown_purpose_or_verb_is_denied() -> None:
    assert not decide(LOCAL_ANALYST, "curiosity", "consultation", "events").allowed  # type: ignore[arg-type]
    assert not decide(LOCAL_ANALYST, "analysis", "sale", "events").allowed  # type: ignore[arg-type]


def test_each_line_stands_once() -> None:
    assert len(TABLE) == len(LINES)
    assert all(line.roles <= set(ROLES) and line.verb in VERBS for line in LINES)


def test_an_account_without_reach_reads_nothing() -> None:
    bare = Actor("x", "analyst", "kent")
    assert not decide(bare, "analysis", "consultation", "map page").allowed
    placed = Actor("x", "analyst", "", purposes=("*",))
    assert "no force" in decide(placed, "analysis", "consultation", "map page").reason
    agencyless = Actor("x", "partner", "kent", purposes=("*",))
    assert "no agency" in decide(agencyless, "analysis", "consultation", "problems page").reason


def test_the_public_reaches_no_records() -> None:
    open_to_all = {(line.verb, line.what) for line in LINES if "public" in line.roles}
    assert all(TABLE[key].reach == "anywhere" for key in open_to_all)
    for (verb, what), purpose in product(TABLE, PURPOSES):
        expected = (verb, what) in open_to_all and purpose == "prevention"
        assert decide(ANONYMOUS, purpose, verb, what).allowed == expected


FORCES = ("", "kent", "essex", "*")
AGENCIES = ("", "ambulance", "council")
AREAS = ((), ("north",), ("south",), ("north", "south"), ("*",))
AGREEMENTS = ((), ("isa1",), ("isa2",), ("isa1", "isa2"), ("*",))
TARGETS = [
    Target(forces, area, agreements, frozenset(able))
    for forces in ((), ("kent",), ("essex",), ("kent", "essex"))
    for area in ("", "north", "south")
    for agreements in ((), ("isa1",), ("isa1", "isa2"))
    for able in ((), ("isa1",), ("isa1", "isa2"))
]


def test_no_leak_in_any_combination_of_role_force_agency_area_and_agreement() -> None:
    """Each decision is compared with the rules as the issue says them, written anew."""
    leaks, let_in, looked = 0, 0, 0
    for role, force, agency, areas, agreements in product(ROLES, FORCES, AGENCIES, AREAS, AGREEMENTS):
        actor = Actor("x", role, force, agency, areas, agreements, ("*",))
        purpose = min(PURPOSES_OF[role])
        for target in TARGETS:
            said = decide(actor, purpose, "consultation", "problems page", target).allowed
            may = (
                role in {"analyst", "supervisor", "officer", "partner", "audit"}
                and force != ""
                and (role != "partner" or agency != "")
                and (force == "*" or target.forces == (force,))
                and ("*" in areas or target.area in areas)
                and all(one in target.open_agreements for one in target.agreements)
                and all("*" in agreements or one in agreements for one in target.agreements)
            )
            leaks += said and not may
            let_in += said
            looked += 1
            assert said == may, (actor, target)
    assert leaks == 0
    assert looked == 7 * 4 * 3 * 5 * 5 * len(TARGETS)
    assert 0 < let_in < looked / 4


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.verb} {line.what}")
def test_each_line_lets_in_its_roles_for_their_purposes_only(line) -> None:  # type: ignore[no-untyped-def]
    for role, purpose in product(ROLES, PURPOSES):
        actor = ANONYMOUS if role == "public" else Actor("x", role, "kent", "council", purposes=("*",))
        said = decide(actor, purpose, line.verb, line.what).allowed
        assert said == (role in line.roles and purpose in purposes_of(line, role))
        if role != "public" and said:
            narrow = Actor("x", role, "kent", "council", purposes=tuple(set(PURPOSES) - {purpose}))
            assert not decide(narrow, purpose, line.verb, line.what).allowed


def test_what_leaves_and_who_reads_the_audit_is_written_here_too() -> None:
    """The other tests take the table's word; a line let out here must be let out twice."""
    desk, field = {"analyst", "supervisor"}, {"analyst", "supervisor", "officer"}
    leaves = {one.what: set(one.roles) for one in LINES if one.verb == "disclosure"}
    assert leaves == {
        "export": desk, "return file": desk, "OGC features": desk, "release": desk, "tasking pack": field,
        "plan export": field, "plan for printing": field, "briefing": field, "audit": {"audit"},
    }  # fmt: skip
    read = {one.what: set(one.roles) for one in LINES if one.verb == "consultation"}
    assert read["audit"] == read["audit page"] == {"audit"}
    assert read["live cells"] == desk
