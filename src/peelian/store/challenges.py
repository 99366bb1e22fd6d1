"""Challenges by the public: kept, tracked to a reply, seen again by their reference code alone."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from sqlalchemy import insert, select, update

from peelian.domain.actor import Actor, AuditEntry, Purpose
from peelian.domain.errors import Misuse, NotFound, Refused
from peelian.store import audit
from peelian.store.catalogue import now, reading, transaction
from peelian.store.owning import of_area
from peelian.store.row_cut import reaches, reading_as
from peelian.store.trust_tables import challenge
from peelian.store.workspace import Workspace

KINDS: Final = ("a place is shown wrongly", "an area is treated unfairly", "how data are used", "other")
_LETTERS: Final = "23456789BCDFGHJKMNPQRSTVWXYZ"
_GET: Final = ("id", "area", "place", "kind", "text", "state", "at", "answer", "answered")


@dataclass(frozen=True)
class Challenge:
    """One challenge; `id` is its reference code. It does not say who sent it: nobody is asked."""

    id: str
    area: str
    place: str
    kind: str
    text: str
    state: str
    at: datetime
    answer: str
    answered: datetime | None


def add_challenge(
    ws: Workspace, actor: Actor, purpose: Purpose, area: str, place: str, kind: str, text: str
) -> str:
    """Keep a challenge with its audit row and give its reference code; the texts are guarded before.

    Raises:
        Misuse: a kind that is none.
    """
    if kind not in KINDS:
        raise Misuse("that is no kind of challenge", expected=", ".join(KINDS))
    code = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
    with reading_as(None), transaction(ws) as conn:  # the public reaches no force, and the area's is kept
        force = of_area(conn, area).force
        row = {
            "id": code,
            "force": force,
            "area": area,
            "place": place,
            "kind": kind,
            "text": text,
            "at": now(),
        }
        conn.execute(insert(challenge).values(state="received", **row))
        audit.append(conn, actor, purpose, AuditEntry("collection", "challenge received", area))
    return code


def get_challenge(ws: Workspace, code: str) -> Challenge:
    """Give one by its code.

    Raises:
        NotFound: none has it.
    """
    asked = select(*(challenge.c[name] for name in _GET)).where(challenge.c.id == code.strip().upper())
    with reading(ws) as conn:
        row = conn.execute(asked).first()
    if row is None:
        raise NotFound("no challenge has this code", expected="the code given when it was sent")
    return Challenge(*row)


def list_challenges(ws: Workspace, last: int = 200) -> list[Challenge]:
    """List those that the present reader's force and areas reach: those that wait first, then the newest.

    `last` counts what is reached: many of another force hide none of one's own.
    """
    asked = select(*(challenge.c[name] for name in _GET), challenge.c.force).order_by(
        challenge.c.state == "answered", challenge.c.at.desc()
    )
    with reading(ws) as conn:
        reached = (row for row in conn.execute(asked) if reaches(row.force, row.area))
        return [Challenge(*row[:-1]) for row in islice(reached, last)]


def _reached(ws: Workspace, code: str) -> Challenge:
    held = get_challenge(ws, code)
    with reading(ws) as conn:
        force = conn.execute(select(challenge.c.force).where(challenge.c.id == held.id)).scalar_one()
    if not reaches(str(force), held.area):
        raise NotFound("no challenge of your areas has this code", expected="one that /challenges shows")
    return held


def consider_challenge(ws: Workspace, actor: Actor, purpose: Purpose, code: str) -> None:
    """Say that one is being looked at.

    Raises:
        NotFound, Refused: none has the code; it is looked at, or answered, already.
    """
    held = _reached(ws, code)
    new = (challenge.c.id == held.id) & (challenge.c.state == "received")
    with transaction(ws) as conn:
        if conn.execute(update(challenge).where(new).values(state="considered")).rowcount != 1:
            raise Refused(f"this challenge is {held.state} already")
        audit.append(conn, actor, purpose, AuditEntry("alteration", "challenge considered", held.area))


def answer_challenge(ws: Workspace, actor: Actor, purpose: Purpose, code: str, text: str) -> None:
    """Answer one; the answer stays.

    Raises:
        NotFound, Refused, Misuse: none has the code; it was answered before; no answer.
    """
    held = _reached(ws, code)
    if not text.strip():
        raise Misuse("the answer is empty", expected="what was found, and what is done about it")
    values = {"state": "answered", "answer": text, "answered": now(), "answered_by": actor.id}
    open_ = (challenge.c.id == held.id) & (challenge.c.state != "answered")
    with transaction(ws) as conn:
        if conn.execute(update(challenge).where(open_).values(values)).rowcount != 1:
            raise Refused("this challenge was answered before")
        audit.append(conn, actor, purpose, AuditEntry("alteration", "challenge answered", held.area))
