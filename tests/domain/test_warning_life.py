"""The one table of a warning's life, and what each step must say."""

from __future__ import annotations

import itertools
import math

import pytest
from tests.warnings_made import made, repeats

from peelian.domain import warning_words as words
from peelian.domain.errors import Misuse, Refused
from peelian.domain.warning import STATES
from peelian.domain.warning_life import NEXT, check_step, step_of

LEGAL = {
    ("new", "seen"), ("seen", "assigned"), ("seen", "closed"), ("assigned", "assigned"),
    ("assigned", "acted"), ("assigned", "closed"), ("acted", "assigned"), ("acted", "acted"),
    ("acted", "closed"),
}  # fmt: skip


@pytest.mark.parametrize(("state", "to"), list(itertools.product(STATES, STATES)))
def test_only_the_steps_of_the_table_may_follow(state: str, to: str) -> None:
    if (state, to) in LEGAL:
        check_step(state, to)  # type: ignore[arg-type]
        return
    with pytest.raises(Refused):
        check_step(state, to)  # type: ignore[arg-type]


def test_every_state_can_be_reached_and_ends_closed() -> None:
    reached = {"new"}
    for _ in STATES:
        reached |= {to for state in reached for to in NEXT[state]}  # type: ignore[index]
    assert reached == set(STATES)
    assert NEXT["closed"] == ()
    assert all("closed" in NEXT[state] for state in STATES if state not in ("new", "closed"))


@pytest.mark.parametrize(
    ("to", "said", "missing"),
    [
        ("seen", {}, "reason"), ("seen", {"reason": "  "}, "reason"),
        ("assigned", {"agency": "council"}, "team"),
        ("assigned", {"team": "ASB"}, "agency"), ("acted", {"agency": "council"}, "intervention"),
        ("closed", {}, "outcome"), ("seen", {"reason": "x" * 1001}, "too long"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(to: str, said: dict[str, str], missing: str) -> None:
    given = said if "reason" in said or missing == "reason" else said | {"reason": "why"}
    with pytest.raises(Misuse, match=missing):
        step_of(to, **given)


@pytest.mark.parametrize("to", ["new", "lost", ""])
def test_no_one_can_make_a_warning_new_again(to: str) -> None:
    with pytest.raises(Misuse, match="no such step"):
        step_of(to, reason="why")


def test_a_warning_ends_in_one_of_the_outcomes() -> None:
    with pytest.raises(Misuse, match="cannot end so"):
        step_of("closed", reason="why", outcome="arrest made")
    assert step_of("closed", reason=" it  fell\nback ", outcome="nothing found").reason == "it fell back"


def test_repeats_show_nothing_below_lsoa() -> None:
    by_cell = words.shown(repeats(support="cell", places=("77",), names=("Mill Lane",)))
    assert (by_cell.places, by_cell.names, by_cell.title, by_cell.counts) == ((), (), "", ())
    assert math.isnan(by_cell.easting)
    by_lsoa = words.shown(repeats())
    assert (by_lsoa.places, by_lsoa.title) == (("E01000001",), "")
    assert words.shown(made()) == made()
    for one in (repeats(), repeats(support="cell", names=("12 Mill Lane",))):
        assert "Mill Lane" not in words.text(one, "link") + words.subject(one)
