"""Warnings: raised, raised again, lived through; nothing lost between two who step at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest

from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.errors import NotFound, Refused
from peelian.domain.warning import EarlyWarning
from peelian.domain.warning_card import card_of, warning_of
from peelian.domain.warning_delivery import Delivery, Recipient
from peelian.domain.warning_life import step_of
from peelian.store.audit import list_audit
from peelian.store.outbox import list_messages
from peelian.store.warning_life import steps_of, take_step
from peelian.store.warning_records import get_warning, list_warnings, list_watched
from peelian.store.warning_settings import read_delivery, write_delivery
from peelian.store.warnings import Kept, Watched, keep_warnings
from peelian.store.workspace import Workspace
from tests.warnings_made import made, repeats

WEEK = timedelta(weeks=1)
SEE = step_of("seen", reason="read at the meeting")
CLOSE = step_of("closed", reason="checked on site", outcome="nothing found")


def keep(ws: Workspace, *warnings: EarlyWarning) -> Kept:
    return keep_warnings(ws, LOCAL_ANALYST, "prevention", warnings)


def test_a_card_comes_back_as_it_was() -> None:
    odd = made(strength=float("inf"), strength_distinct=None, counts=())
    assert warning_of(card_of(odd)) == odd
    assert warning_of(card_of(made())) == made()


def test_a_warning_is_kept_once(ws: Workspace) -> None:
    assert keep(ws, made()).new == ("w1",)
    assert keep(ws, made()).unchanged == ("w1",)
    held = get_warning(ws, "w1")
    assert (held.state, held.version, held.card) == ("new", 0, made())
    assert [one.step for one in steps_of(ws, "w1")] == ["raised"]
    assert "1 new of 1" in list_audit(ws, last=2)[1].what


def test_a_card_without_a_point_is_held_as_it_is(ws: Workspace) -> None:
    bare = repeats(places=(), names=(), easting=float("nan"), northing=float("nan"), support="area")
    assert keep(ws, bare).new == ("r1",)
    assert keep(ws, bare).unchanged == ("r1",)
    assert keep(ws, replace(bare, observed=40.0)).again == ("r1",)


def test_raised_again_it_moves_on_and_keeps_its_state_and_history(ws: Workspace) -> None:
    keep(ws, made())
    take_step(ws, LOCAL_ANALYST, "prevention", "w1", SEE)
    later = made("another", as_of=made().as_of + WEEK, places=("101", "102"), observed=50.0)
    kept = keep(ws, later)
    assert (kept.new, kept.again, kept.ids) == ((), ("w1",), (("another", "w1"),))
    held = get_warning(ws, "w1")
    assert (held.state, held.version) == ("seen", 2)
    assert held.card == replace(later, id="w1")
    cards = [one.detail["card"]["observed"] for one in steps_of(ws, "w1") if "card" in one.detail]
    assert cards == [35.0, 50.0]
    assert [one.step for one in steps_of(ws, "w1")] == ["raised", "seen", "again"]
    assert keep(ws, made()).unchanged == ("w1",)  # an older raising changes nothing
    assert get_warning(ws, "w1").card.observed == 50.0


@pytest.mark.parametrize(
    "other",
    [
        {"target": "robbery"}, {"kind": "escalation"}, {"area": "ELSE"}, {"places": ("7", "8")},
        {"support": "lsoa"}, {"as_of": date(2027, 3, 1)},
    ],
)  # fmt: skip
def test_another_place_kind_or_time_is_another_warning(ws: Workspace, other: dict[str, object]) -> None:
    keep(ws, made())
    assert keep(ws, made("w2", **other)).new == ("w2",)


def test_a_closed_warning_stays_closed_and_comes_back_by_a_new_id(ws: Workspace) -> None:
    keep(ws, made())
    take_step(ws, LOCAL_ANALYST, "prevention", "w1", SEE)
    take_step(ws, LOCAL_ANALYST, "prevention", "w1", CLOSE)
    assert keep(ws, made(as_of=made().as_of + WEEK)).closed == ("w1",)
    assert get_warning(ws, "w1").card.as_of == made().as_of
    assert keep(ws, made("w2", as_of=made().as_of + WEEK)).new == ("w2",)


def test_repeats_are_never_plannable(ws: Workspace) -> None:
    keep(ws, repeats(plannable=True))
    assert not get_warning(ws, "r1").plannable


def test_two_who_raise_the_same_at_once_keep_one(ws: Workspace) -> None:
    with ThreadPoolExecutor(4) as pool:
        kept = list(pool.map(lambda _: keep(ws, made()), range(4)))
    assert sorted(one.new for one in kept) == [(), (), (), ("w1",)]


def test_of_two_who_step_at_once_one_is_told(ws: Workspace) -> None:
    keep(ws, made())

    def step(_: int) -> str:
        try:
            take_step(ws, LOCAL_ANALYST, "prevention", "w1", SEE, version=0)
        except Refused as error:
            return error.what
        return "taken"

    with ThreadPoolExecutor(4) as pool:
        said = sorted(pool.map(step, range(4)))
    assert said == ["taken", *["the warning has changed since you looked at it"] * 3]
    assert [one.step for one in steps_of(ws, "w1")] == ["raised", "seen"]


def test_a_step_and_its_audit_row_stand_or_fall_together(ws: Workspace) -> None:
    keep(ws, made())
    before = len(list_audit(ws))
    with pytest.raises(Refused, match="cannot become closed"):
        take_step(ws, LOCAL_ANALYST, "prevention", "w1", CLOSE)
    with pytest.raises(NotFound):
        take_step(ws, LOCAL_ANALYST, "prevention", "none", SEE)
    assert len(list_audit(ws)) == before
    take_step(ws, LOCAL_ANALYST, "prevention", "w1", SEE)
    assert list_audit(ws)[0].what == "warning w1: new to seen"


def test_a_warning_and_its_messages_stand_or_fall_together(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("peelian.store.warnings.enqueue", fail)
    with pytest.raises(ZeroDivisionError):
        keep(ws, made())
    assert (list_warnings(ws).total, steps_of(ws, "w1"), list_audit(ws)) == (0, [], [])


def test_lists_are_cut_and_ordered(ws: Workspace) -> None:
    keep(ws, *(made(f"w{k}", places=(str(k),), strength=float(k), area=f"A{k % 2}") for k in range(6)))
    take_step(ws, LOCAL_ANALYST, "prevention", "w5", SEE)
    take_step(ws, LOCAL_ANALYST, "prevention", "w5", CLOSE)
    assert [one.id for one in list_warnings(ws).rows] == ["w4", "w3", "w2", "w1", "w0", "w5"]
    page = list_warnings(ws, area="A0", last=2, skip=1)
    assert ([one.id for one in page.rows], page.total) == (["w2", "w0"], 3)
    assert list_warnings(ws, state="open").total == 5
    assert [one.id for one in list_warnings(ws, state="closed").rows] == ["w5"]
    assert list_warnings(ws, target="robbery").total == 0


def test_what_was_watched_is_known_though_nothing_was_found(ws: Workspace) -> None:
    for places in (10, 12):
        looked = [Watched("SIM", "asb", date(2026, 10, 19), places)]
        keep_warnings(ws, LOCAL_ANALYST, "prevention", [], watched=looked)
    assert [(one.area, one.places) for one in list_watched(ws)] == [("SIM", 12)]


def test_teams_are_told_of_new_warnings_by_the_settings(ws: Workspace) -> None:
    write_delivery(ws, Delivery((
        Recipient("north", "neighbourhood team", "email", "north@force.example"),
        Recipient("asb", "asb lead", "email", "asb@council.example", kinds=("repeats",)),
        Recipient("other", "desk", "webhook", "https://desk.example/in", targets=("robbery",)),
    )))  # fmt: skip
    assert len(read_delivery(ws).recipients) == 3
    keep(ws, made(), repeats())
    keep(ws, made(as_of=made().as_of + WEEK))
    told = {(one.warning, one.recipient, one.key) for one in list_messages(ws)}
    assert told == {("w1", "north", "w1:raised"), ("r1", "asb", "r1:raised")}
    said = next(one.body for one in list_messages(ws, warning="r1"))
    assert "Mill Lane" not in str(said)
    assert "easting" not in said["data"]
    assert "does NOT mean" in said["text"]
