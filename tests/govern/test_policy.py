"""The policy: denied unless a rule says so."""

from __future__ import annotations

import pytest

from peelian.domain.actor import LOCAL_ANALYST, PURPOSES, Actor
from peelian.domain.errors import Forbidden
from peelian.govern.policy import VERBS, check, decide


def test_the_local_analyst_may_do_all() -> None:
    assert all(decide(LOCAL_ANALYST, p, v, "events").allowed for p in PURPOSES for v in VERBS)


@pytest.mark.parametrize(
    "actor",
    [Actor("local", "visitor"), Actor("other", "analyst"), Actor("", ""), Actor("x", "admin", "kent")],
)
def test_anyone_else_is_denied_everything(actor: Actor) -> None:
    assert not any(decide(actor, p, v, "events").allowed for p in PURPOSES for v in VERBS)
    with pytest.raises(Forbidden, match="no rule"):
        check(actor, "analysis", "consultation", "events")


def test_an_unknown_purpose_or_verb_is_denied() -> None:
    assert not decide(LOCAL_ANALYST, "curiosity", "consultation", "events").allowed  # type: ignore[arg-type]
    assert not decide(LOCAL_ANALYST, "analysis", "sale", "events").allowed  # type: ignore[arg-type]
