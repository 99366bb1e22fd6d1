"""Decisions as taken: added, completed by a second role where one is needed, never changed.

Nothing goes from a forecast to tasking without one: whoever exports a plan or a tasking pack asks
`must_be_decided` first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from peelian.domain.actor import Actor, AuditEntry, Purpose
from peelian.domain.decision import AboutKind, Decision, check_second
from peelian.domain.errors import NotFound, Refused
from peelian.domain.problem import refused_power
from peelian.domain.recorded_only import names_power
from peelian.store import audit
from peelian.store.catalogue import now, reading
from peelian.store.decision_subjects import joins_warnings, of_subject, subject_kind
from peelian.store.decision_tables import decision
from peelian.store.plans import set_plan_state
from peelian.store.workspace import Workspace


@dataclass(frozen=True)
class HeldDecision:
    """A decision as held. `queue` is `ethics` where a panel must see it, whatever became of it."""

    id: int
    decision: Decision
    needs_second: bool
    second_role: str | None
    second_approved: bool | None
    second_why: str
    second_at: datetime | None
    queue: str
    at: datetime
    force: str

    @property
    def waits(self) -> bool:
        """Whether a second role has still to speak."""
        return self.needs_second and self.second_approved is None

    @property
    def stands(self) -> bool:
        """Whether something may be done by it: not a refusal, and a second role approved where needed."""
        return not self.decision.refused and (not self.needs_second or self.second_approved is True)


def add_decision(conn: Connection, actor: Actor, purpose: Purpose, taken: Decision) -> HeldDecision:
    """Keep a decision; one that needs a second approver goes to the ethics queue and waits.

    Raises:
        NotFound: what it is about, or its problem, is not here.
    """
    owned = of_subject(conn, taken.about_kind, taken.about, taken.problem)
    kind = taken.kind or subject_kind(conn, taken.about_kind, taken.about)
    cites = taken.cites_forecast or joins_warnings(conn, taken)
    whole = replace(taken, kind=kind, cites_forecast=cites)
    needs = whole.needs_second
    row = vars(whole) | {
        "options": list(whole.options), "needs_second": needs, "queue": "ethics" if needs else "",
        "at": now(), **owned.columns,
    }  # fmt: skip
    key = conn.execute(insert(decision).values(row)).inserted_primary_key
    assert key is not None
    ended = "refused" if whole.refused else "waits for a second approver" if needs else "taken"
    said = f"decision {key[0]} about {taken.about_kind} {taken.about}: {ended}"
    audit.append(conn, actor, purpose, AuditEntry("alteration", said, owned.area))
    held = get_decision(conn, int(key[0]))
    _tell_plan(conn, held)
    return held


def second(
    conn: Connection, actor: Actor, purpose: Purpose, id_: int, *, role: str, why: str, approve: bool
) -> HeldDecision:
    """Complete a decision as its second approver, for or against.

    Raises:
        NotFound: there is none of that id.
        Misuse: no role is said.
        Refused: it needs no second, was completed before, or the role is the one that decided.
    """
    held = get_decision(conn, id_)
    if not held.waits:
        raise Refused(
            "the decision waits for no second approver", expected="one in the ethics queue that waits"
        )
    role = check_second(held.decision.by_role, role)
    mine = (decision.c.id == id_) & decision.c.second_approved.is_(None)
    values = {"second_role": role, "second_approved": approve, "second_why": why, "second_at": now()}
    if not conn.execute(update(decision).where(mine).values(values)).rowcount:
        raise Refused("another second approver has just completed it", do="look at it again")
    said = f"decision {id_}: second approver {'approves' if approve else 'does not approve'}"
    audit.append(conn, actor, purpose, AuditEntry("alteration", said))
    done = get_decision(conn, id_)
    _tell_plan(conn, done)
    return done


def must_be_decided(
    where: Workspace | Connection, about_kind: AboutKind, about: str, decision_id: int | None
) -> HeldDecision:
    """Give the decision by which something may leave: about it, not a refusal, complete, and no such power.

    A decision taken within a problem stands for that problem too.

    Raises:
        NotFound: there is no such decision.
        Refused: it does not stand, is about something else, or uses a power that is recorded only.
    """
    if decision_id is None:
        raise Refused(
            f"nothing leaves without a decision, and none was named for this {about_kind}",
            do=f"decide about it (`peelian decide {about_kind} ID`, or its page), then name the decision",
        )
    held = get_decision(where, decision_id)
    taken = held.decision
    within = about_kind == "problem" and str(taken.problem) == about
    if (taken.about_kind, taken.about) != (about_kind, about) and not within:
        raise Refused(
            f"decision {decision_id} is about something else", expected=f"one about this {about_kind}"
        )
    if taken.refused:
        raise Refused(
            f"decision {decision_id} was not to act", do="a new decision may say otherwise, and why"
        )
    if held.waits:
        raise Refused(f"decision {decision_id} waits for its second approver", do="see the ethics queue")
    if not held.stands:
        raise Refused(f"decision {decision_id} was not approved by its second approver")
    if names_power(taken.kind, taken.decided):
        raise refused_power(f"decision {decision_id}")
    _check_newest(where, held)
    return held


def _check_newest(where: Workspace | Connection, held: HeldDecision) -> None:
    """A later refusal about the same thing takes the earlier decision's place."""
    taken = held.decision
    for later in list_decisions(where, about_kind=taken.about_kind, about=taken.about):
        if later.id > held.id and later.decision.refused:
            raise Refused(
                f"decision {held.id} was followed by decision {later.id}, which was not to act",
                do="a new decision may say otherwise, and why",
            )


def get_decision(where: Workspace | Connection, id_: int) -> HeldDecision:
    """Give one decision.

    Raises:
        NotFound: there is none of that id.
    """
    if isinstance(where, Workspace):
        with reading(where) as conn:
            return get_decision(conn, id_)
    row = where.execute(select(decision).where(decision.c.id == id_)).one_or_none()
    if row is None:
        raise NotFound("there is no such decision here", expected="a number that the page of decisions shows")
    return _held(row)


def list_decisions(
    where: Workspace | Connection, *, about_kind: str | None = None, about: str | None = None,
    problem: int | None = None, queue: str | None = None, last: int = 200,
) -> list[HeldDecision]:  # fmt: skip
    """List decisions, the newest first; `problem` gives those about it and those taken within it."""
    if isinstance(where, Workspace):
        with reading(where) as conn:
            return list_decisions(
                conn, about_kind=about_kind, about=about, problem=problem, queue=queue, last=last
            )  # fmt: skip
    c = decision.c
    query = select(decision).order_by(c.id.desc()).limit(last)
    for column, value in ((c.about_kind, about_kind), (c.about, about), (c.queue, queue)):
        if value is not None:
            query = query.where(column == value)
    if problem is not None:
        about_it = (c.about_kind == "problem") & (c.about == str(problem))
        query = query.where(about_it | (c.problem == problem))
    return [_held(row) for row in where.execute(query)]


def _tell_plan(conn: Connection, held: HeldDecision) -> None:
    if held.decision.about_kind == "plan" and not held.waits:
        set_plan_state(conn, held.decision.about, "decided" if held.stands else "refused")


def _held(row: Row[Any]) -> HeldDecision:
    taken = Decision(
        row.about_kind, row.about, row.decided, row.by_role, row.why, tuple(row.options), row.refused,
        row.cites_forecast, row.kind, row.problem,
    )  # fmt: skip
    return HeldDecision(
        row.id, taken, row.needs_second, row.second_role, row.second_approved, row.second_why or "",
        row.second_at, row.queue, row.at, row.force,
    )  # fmt: skip
