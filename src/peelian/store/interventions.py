"""The register: interventions as they were done. An entry is withdrawn with a reason, never deleted."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from peelian.domain.actor import Actor, AuditEntry, Purpose
from peelian.domain.errors import NotFound, Refused
from peelian.domain.intervention import Entry
from peelian.domain.register_rules import numbered, overlaps
from peelian.store import audit
from peelian.store.acting_lock import alone, next_number
from peelian.store.catalogue import now, reading
from peelian.store.decision_tables import intervention
from peelian.store.owning import of_area
from peelian.store.workspace import Workspace


@dataclass(frozen=True)
class HeldEntry:
    """An entry as held: of which problem, when added, and when and why it was withdrawn."""

    entry: Entry
    problem: int | None
    added: datetime
    withdrawn: datetime | None
    withdrawn_why: str
    force: str


def add_entry(
    conn: Connection, actor: Actor, purpose: Purpose, entry: Entry, *, problem: int | None = None
) -> HeldEntry:
    """Add an entry that `register_rules.check_entry` let through, under the next id: i1, i2 and so on.

    Raises:
        Refused: an entry that stands is of the same kind, touches the same places and shares a day.
        Forbidden: the area lies outside what the present reader reaches.
    """
    alone(conn)
    owned = of_area(conn, entry.area)
    same = (intervention.c.kind == entry.kind) & (intervention.c.area == entry.area)
    near = same & (intervention.c.start < entry.end) & (intervention.c.end > entry.start)
    standing = select(intervention).where(near, intervention.c.withdrawn.is_(None))
    for row in conn.execute(standing):
        if overlaps(held := _held(row).entry, entry):
            raise Refused(
                f"the entry overlaps entry {held.id} of the same kind and places",
                do=f"withdraw {held.id} first, or enter only the days it does not hold",
            )
    done = numbered(entry, f"i{next_number(conn, 'intervention')}")
    conn.execute(
        insert(intervention).values(
            id=done.id, kind=done.kind, start=done.start, end=done.end, agency=done.agency, dose=done.dose,
            cost=done.cost, card=_card(done), problem=problem, added=now(), **owned.columns,
        )
    )  # fmt: skip
    said = AuditEntry("collection", f"intervention {done.id} entered: {done.kind}", done.area, _days(done))
    audit.append(conn, actor, purpose, said)
    return get_entry(conn, done.id)


def withdraw_entry(conn: Connection, actor: Actor, purpose: Purpose, id_: str, why: str) -> HeldEntry:
    """Withdraw an entry; it stays readable with the reason, and nothing counts it any more.

    Raises:
        NotFound: there is none of that id.
        Refused: it was withdrawn before.
    """
    held = get_entry(conn, id_)
    mine = (intervention.c.id == id_) & intervention.c.withdrawn.is_(None)
    card = _card(held.entry) | {"withdrawn_why": why}
    if not conn.execute(update(intervention).where(mine).values(withdrawn=now(), card=card)).rowcount:
        raise Refused("the entry was withdrawn before", do="enter it again if it was right")
    entry = held.entry
    said = AuditEntry("alteration", f"intervention {id_} withdrawn: {entry.kind}", entry.area, _days(entry))
    audit.append(conn, actor, purpose, said)
    return get_entry(conn, id_)


def get_entry(where: Workspace | Connection, id_: str) -> HeldEntry:
    """Give one entry, withdrawn or not.

    Raises:
        NotFound: there is none of that id.
    """
    if isinstance(where, Workspace):
        with reading(where) as conn:
            return get_entry(conn, id_)
    row = where.execute(select(intervention).where(intervention.c.id == id_)).one_or_none()
    if row is None:
        raise NotFound(
            "there is no such entry in the register", expected="an id that `peelian intervention list` shows"
        )
    return _held(row)


def list_entries(
    where: Workspace | Connection, *, area: str | None = None, kind: str | None = None,
    problem: int | None = None, start: date | None = None, end: date | None = None,
    withdrawn: bool = False, last: int | None = None,
) -> list[HeldEntry]:  # fmt: skip
    """List entries, the newest days first: those that stand, or with `withdrawn` all.

    `start` and `end` (exclusive) keep those that share a day with them; what is None is not asked for.
    """
    if isinstance(where, Workspace):
        with reading(where) as conn:
            return list_entries(
                conn, area=area, kind=kind, problem=problem, start=start, end=end,
                withdrawn=withdrawn, last=last,
            )  # fmt: skip
    c = intervention.c
    query = select(intervention).order_by(c.start.desc(), c.added.desc(), c.id).limit(last)
    for column, value in ((c.area, area), (c.kind, kind), (c.problem, problem)):
        if value is not None:
            query = query.where(column == value)
    if start is not None:
        query = query.where(c.end > start)
    if end is not None:
        query = query.where(c.start < end)
    if not withdrawn:
        query = query.where(c.withdrawn.is_(None))
    return [_held(row) for row in where.execute(query)]


def _card(entry: Entry) -> dict[str, Any]:
    return asdict(entry) | {"places": list(entry.places), "start": str(entry.start), "end": str(entry.end)}


def _held(row: Row[Any]) -> HeldEntry:
    card = dict(row.card)
    why = str(card.pop("withdrawn_why", ""))
    card |= {"places": tuple(card["places"]), "start": row.start, "end": row.end}
    return HeldEntry(Entry(**card), row.problem, row.added, row.withdrawn, why, row.force)


def _days(entry: Entry) -> str:
    return f"{entry.start}/{entry.end}"
