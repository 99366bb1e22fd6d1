"""The one policy function: may this actor, for this purpose, do this to that? Denied unless a rule says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from peelian.domain.actor import LOCAL_ANALYST, PURPOSES, Actor, Purpose, Verb
from peelian.domain.errors import Forbidden

VERBS: Final[tuple[Verb, ...]] = (
    "collection", "alteration", "consultation", "disclosure", "combination", "erasure",
)  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """What a role may do: these verbs, for these purposes, to anything."""

    role: str
    verbs: frozenset[Verb]
    purposes: frozenset[Purpose]
    actors: frozenset[str]  # ids: for now a role alone opens nothing


@dataclass(frozen=True)
class Decision:
    """The answer, and why."""

    allowed: bool
    reason: str


RULES: Final[tuple[Rule, ...]] = (
    Rule(LOCAL_ANALYST.role, frozenset(VERBS), frozenset(PURPOSES), frozenset({LOCAL_ANALYST.id})),
)
"""For now one person at one machine, who may do all: the workspace is served on loopback only."""


def decide(actor: Actor, purpose: Purpose, verb: Verb, what: str) -> Decision:
    """Say whether the actor may, and why. `what` names a kind of thing (`events`, `runs`), never its content.

    >>> decide(LOCAL_ANALYST, "analysis", "consultation", "events").allowed
    True
    >>> decide(Actor("someone", "visitor"), "analysis", "consultation", "events").reason
    'no rule lets the role visitor do consultation of events for analysis'
    """
    for rule in RULES:
        if (
            rule.role == actor.role
            and actor.id in rule.actors
            and verb in rule.verbs
            and purpose in rule.purposes
        ):
            return Decision(True, f"the role {rule.role} may do {verb} for {purpose}")
    return Decision(False, f"no rule lets the role {actor.role} do {verb} of {what} for {purpose}")


def check(actor: Actor, purpose: Purpose, verb: Verb, what: str) -> None:
    """Do nothing when allowed.

    Raises:
        Forbidden: with the reason.
    """
    decision = decide(actor, purpose, verb, what)
    if not decision.allowed:
        raise Forbidden(decision.reason, do="ask whoever keeps this workspace")
