"""The one policy function: may this actor, for this purpose, do this to that? Denied unless a line says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from peelian.domain.actor import ANY, LOCAL_ANALYST, PURPOSES, Actor, Purpose, Verb
from peelian.domain.errors import Forbidden
from peelian.govern.access_table import LINES, Line, purposes_of
from peelian.govern.roles import ROLES, Role

VERBS: Final[tuple[Verb, ...]] = (
    "collection", "alteration", "consultation", "disclosure", "combination", "erasure",
)  # fmt: skip
TABLE: Final[Mapping[tuple[Verb, str], Line]] = {(line.verb, line.what): line for line in LINES}


@dataclass(frozen=True)
class Decision:
    """The answer, and why."""

    allowed: bool
    reason: str


@dataclass(frozen=True)
class Target:
    """Whose records are asked for: every force and agreement that went into them, and their area.

    `open_agreements` are the agreements that let this actor read today, for this purpose.
    """

    forces: tuple[str, ...] = ()
    area: str = ""
    agreements: tuple[str, ...] = ()
    open_agreements: frozenset[str] = frozenset()


def decide(actor: Actor, purpose: Purpose, verb: Verb, what: str, target: Target | None = None) -> Decision:
    """Say whether the actor may, and why. `what` names a kind of thing (`events`, `runs`), never its content.

    The local analyst is the one person at one machine (loopback only) and may do all.

    >>> decide(LOCAL_ANALYST, "analysis", "consultation", "events").allowed
    True
    >>> decide(Actor("someone", "visitor"), "analysis", "consultation", "events").reason
    'no rule lets the role visitor do consultation of events for analysis'
    """
    if actor == LOCAL_ANALYST and verb in VERBS and purpose in PURPOSES:
        return Decision(True, "the local analyst may do all on this machine")
    line = TABLE.get((verb, what))
    role = _role(actor)
    if line is None or role is None or role not in line.roles or purpose not in purposes_of(line, role):
        return Decision(False, f"no rule lets the role {actor.role} do {verb} of {what} for {purpose}")
    if role != "public" and not _holds(actor.purposes, purpose):
        return Decision(False, f"the account may not act for {purpose}")
    if line.reach == "scope":
        beyond = beyond_scope(actor, target)
        if beyond:
            return Decision(False, beyond)
    return Decision(True, f"the role {role} may do {verb} of {what} for {purpose}")


def check(actor: Actor, purpose: Purpose, verb: Verb, what: str, target: Target | None = None) -> None:
    """Do nothing when allowed.

    Raises:
        Forbidden: with the reason.
    """
    decision = decide(actor, purpose, verb, what, target)
    if not decision.allowed:
        raise Forbidden(decision.reason, do="ask whoever keeps this workspace")


def _role(actor: Actor) -> Role | None:
    return next((role for role in ROLES if role == actor.role), None)


def beyond_scope(actor: Actor, target: Target | None) -> str:
    """Say in what way an actor's scope does not reach what is asked for; empty when it does."""
    if not actor.force:
        return "the account belongs to no force"
    if actor.role == "partner" and not actor.agency:
        return "the account belongs to no agency"
    if target is None:
        return ""
    if actor.force != ANY and not (target.forces and set(target.forces) <= {actor.force}):
        return "it belongs to another force"
    if not _holds(actor.areas, target.area):
        return "it lies outside the areas of this account"
    shut = set(target.agreements) - target.open_agreements
    if shut or not all(_holds(actor.agreements, one) for one in target.agreements):
        return "a sharing agreement it rests on does not let this account read it now"
    return ""


def _holds(scope: tuple[str, ...], one: str) -> bool:
    return ANY in scope or one in scope
