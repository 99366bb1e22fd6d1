"""Words typed about acting, from a form, a request, a file or a command: looked at, then kept.

One way in for all of them: none may hold a person's data, each says what is missing, and the change and its
audit row are one transaction. Who may do it is asked before, by the route or the pipeline's entry.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from peelian.domain.actor import Actor, Purpose
from peelian.domain.decision import decision_of
from peelian.domain.errors import Misuse
from peelian.domain.intervention import Entry
from peelian.domain.problem import LONGEST, action_of, part_of, words_of
from peelian.domain.register_rules import check_entry, entry_of
from peelian.domain.time import LONDON
from peelian.domain.typed_day import typed_day
from peelian.guard.acting import no_person
from peelian.store.actions import HeldAction, add_action, finish_action
from peelian.store.catalogue import now, transaction
from peelian.store.decisions import HeldDecision, add_decision, second
from peelian.store.interventions import HeldEntry, add_entry, withdraw_entry
from peelian.store.known_areas import check_cells, known_areas
from peelian.store.problems import HeldProblem, close_problem, get_problem, write_part
from peelian.store.workspace import Workspace

_YES = frozenset({"yes", "true", "on", "1"})


@dataclass(frozen=True)
class Desk:
    """Where it is kept, by whom and why."""

    ws: Workspace
    actor: Actor
    purpose: Purpose


def today() -> date:
    """Give the present day in London."""
    return now().astimezone(LONDON).date()


def sound_entry(ws: Workspace, typed: Mapping[str, str], areas: Collection[str]) -> Entry:
    """Give the entry that was typed, when the register may hold it.

    Raises:
        Misuse: no date, no number, too long, or a person's data stand in it.
        Refused: see `register_rules.check_entry`.
    """
    entry = entry_of(typed)
    no_person(
        title=entry.title, agency=entry.agency, reason=entry.reason, decision_maker=entry.decision_maker,
        legal_reference=entry.legal_reference,
    )  # fmt: skip
    check_entry(entry, today=today(), areas=areas)
    if entry.area_kind == "cell":
        check_cells(ws, entry.area, entry.places)
    return entry


def enter(desk: Desk, typed: Mapping[str, str]) -> HeldEntry:
    """Enter an intervention as done; `problem` may name the problem it belongs to.

    Raises:
        Misuse, Refused: see `sound_entry` and `add_entry`.
        NotFound: there is no such problem.
    """
    entry = sound_entry(desk.ws, typed, known_areas(desk.ws))
    problem = number(typed.get("problem", ""), "problem", needed=False)
    with transaction(desk.ws) as conn:
        if problem is not None:
            get_problem(conn, problem)
        return add_entry(conn, desk.actor, desk.purpose, entry, problem=problem)


def withdraw(desk: Desk, id_: str, why: str) -> HeldEntry:
    """Withdraw an entry with a reason.

    Raises:
        Misuse, Refused, NotFound: see `withdraw_entry`.
    """
    said = _sound("reason", why, LONGEST["why"])
    with transaction(desk.ws) as conn:
        return withdraw_entry(conn, desk.actor, desk.purpose, id_, said)


def write(desk: Desk, problem: int, part: str, text: str, version: int | None) -> HeldProblem:
    """Write one part of a problem's record.

    Raises:
        Misuse, Refused, NotFound: see `part_of` and `write_part`.
    """
    name, said = part_of(part, text)
    no_person(**{name: said})
    with transaction(desk.ws) as conn:
        return write_part(conn, desk.actor, desk.purpose, problem, name, said, version=version)


def close(desk: Desk, problem: int, why: str, version: int | None) -> HeldProblem:
    """Close a problem.

    Raises:
        Misuse, Refused, NotFound: see `close_problem`.
    """
    said = _sound("reason", why, LONGEST["why"])
    with transaction(desk.ws) as conn:
        return close_problem(conn, desk.actor, desk.purpose, problem, said, version=version)


def task(desk: Desk, problem: int, typed: Mapping[str, str]) -> HeldAction:
    """Give an agency something to do by a day, after a decision.

    Raises:
        Misuse, Refused, NotFound: see `action_of` and `add_action`.
    """
    decision = number(typed.get("decision", ""), "decision")
    assert decision is not None
    due = typed_day(typed.get("due", ""), "due day")
    new = action_of(typed.get("what", ""), typed.get("agency", ""), due, decision)
    no_person(action=new.what, agency=new.agency)
    with transaction(desk.ws) as conn:
        return add_action(conn, desk.actor, desk.purpose, problem, new)


def finish(desk: Desk, action: int, outcome: str) -> HeldAction:
    """Say how an action ended.

    Raises:
        Misuse, Refused, NotFound: see `finish_action`.
    """
    said = _sound("outcome", outcome, LONGEST["outcome"])
    with transaction(desk.ws) as conn:
        return finish_action(conn, desk.actor, desk.purpose, action, today(), said)


def decide(desk: Desk, typed: Mapping[str, str]) -> HeldDecision:
    """Keep a decision; `options` are lines of text.

    Raises:
        Misuse, NotFound: see `decision_of` and `add_decision`.
    """
    taken = decision_of(
        typed.get("about_kind", ""), typed.get("about", "").strip(), decided=typed.get("decided", ""),
        by_role=typed.get("by_role", ""), why=typed.get("why", ""), kind=typed.get("kind", ""),
        options=tuple(typed.get("options", "").splitlines()), refused=_yes(typed.get("refused", "")),
        cites_forecast=_yes(typed.get("cites_forecast", "")),
        problem=number(typed.get("problem", ""), "problem", needed=False),
    )  # fmt: skip
    no_person(decision=taken.decided, role=taken.by_role, reason=taken.why, options="; ".join(taken.options))
    with transaction(desk.ws) as conn:
        return add_decision(conn, desk.actor, desk.purpose, taken)


def complete(desk: Desk, decision: int, typed: Mapping[str, str]) -> HeldDecision:
    """Speak as the second approver, for (`approve`) or against.

    Raises:
        Misuse, Refused, NotFound: see `second`.
    """
    why = _sound("reason", typed.get("why", ""), LONGEST["why"])
    role, approve = typed.get("role", ""), typed.get("approve", "")
    no_person(role=role)
    if approve not in ("yes", "no"):
        raise Misuse("the second approver does not say for or against", expected="yes or no")
    with transaction(desk.ws) as conn:
        return second(conn, desk.actor, desk.purpose, decision, role=role, why=why, approve=approve == "yes")


def number(text: str, name: str, *, needed: bool = True) -> int | None:
    """Read a whole number as typed; None for nothing where none is needed.

    Raises:
        Misuse: it is none.
    """
    said = text.strip()
    if not said and not needed:
        return None
    if not (said.isascii() and said.isdecimal() and len(said) <= 9):
        raise Misuse(f"the {name} is missing or no number", expected="its number, as its page shows it")
    return int(said)


def _yes(text: str) -> bool:
    return text.strip().lower() in _YES


def _sound(name: str, text: str, most: int) -> str:
    said = words_of(text, name, most)
    no_person(**{name: said})
    return said
