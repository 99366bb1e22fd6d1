"""Verdicts in words, and costs."""

from __future__ import annotations

from peelian.plan.effects.cost import cost_per_harm
from peelian.plan.effects.verdict_words import cost_words, headline, lines
from peelian.plan.effects.wdd import wdd

_FALL = wdd((400, 200), (400, 390))
_NULL = wdd((40, 38), (40, 41))


def test_a_fall_is_said_with_its_range() -> None:
    said = headline(_FALL, "violence")
    assert said.startswith("Violence fell more than chance explains: -49 %")
    assert any("Not drawn by lot" in one or "not drawn by lot" in one for one in lines(_FALL, "violence"))


def test_a_null_is_not_said_to_be_no_effect() -> None:
    said = headline(_NULL, "robbery")
    assert "not proof of no effect" in said
    assert "fell" not in said


def test_a_rise_is_said_to_be_one() -> None:
    assert "rose" in headline(wdd((200, 400), (400, 390)), "violence")


def test_cost_by_hand() -> None:
    made = cost_per_harm(19_000.0, _FALL)
    assert made.each == 100.0
    assert made.low is not None
    assert made.high is not None
    assert made.low < 100 < made.high
    assert cost_words(made).startswith("£100 for each event avoided")


def test_cost_without_an_upper_end_and_without_any() -> None:
    null = cost_per_harm(900.0, _NULL)
    assert null.each == 300.0
    assert null.high is None
    assert "no upper end" in cost_words(null)
    worse = cost_per_harm(900.0, wdd((40, 60), (40, 41)))
    assert worse.each is None
    assert "cannot be given" in cost_words(worse)
