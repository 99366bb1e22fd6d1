"""Rows put aside: find them, mark what became of them, keep every file's counts true."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import Connection, Row, func, select, update
from sqlalchemy.sql.elements import ColumnElement

from peelian.store.catalogue import now, reading
from peelian.store.tables import ingest_file, quarantine
from peelian.store.workspace import Workspace

State = Literal["aside", "replayed", "dropped"]
_AT_ONCE: Final = 500  # parameters of one statement


@dataclass(frozen=True)
class Choice:
    """Which rows: of a source, with these words in their reason, of a file whose hash begins so."""

    source: str | None = None
    reason: str | None = None
    sha256: str | None = None
    state: State = "aside"


@dataclass(frozen=True)
class AsideGroup:
    """Rows of one source and force that were put aside for one reason."""

    source: str
    force: str
    records: str
    reason: str
    rows: int
    files: int
    first: datetime | None
    examples: tuple[int, ...]  # numbers of data lines in the newest file
    file: str  # hash of the newest file
    name: str  # its name


def rows_aside(ws: Workspace, choice: Choice) -> Sequence[Row[Any]]:
    """Give the rows chosen, oldest first: every column of the quarantine."""
    with reading(ws) as conn:
        return conn.execute(
            select(quarantine).where(*_where(choice)).order_by(quarantine.c.id)
        ).all()  # fmt: skip


def groups_aside(ws: Workspace, choice: Choice, *, examples: int = 5) -> list[AsideGroup]:
    """Give what was chosen by source, force and reason, the largest group first."""
    c, f = quarantine.c, ingest_file.c
    key = (c.source, c.force, c.records, c.reason)
    out: list[AsideGroup] = []
    with reading(ws) as conn:
        found = conn.execute(
            select(*key, func.count().label("rows"), func.count(c.sha256.distinct()).label("files"),
                   func.max(c.id).label("last"))
            .where(*_where(choice)).group_by(*key).order_by(func.count().desc(), c.reason)
        ).all()  # fmt: skip
        for one in found:
            newest = conn.execute(select(c.sha256).where(c.id == one.last)).scalar_one()
            file = conn.execute(
                select(f.name, f.at).where(f.sha256 == newest, f.source == one.source).order_by(f.id)
            ).first()
            of_it = (c.sha256 == newest, c.reason == one.reason, c.source == one.source, *_where(choice))
            lines = conn.execute(select(c.row).where(*of_it).order_by(c.row).limit(examples)).scalars()
            out.append(
                AsideGroup(
                    one.source, one.force, one.records, one.reason, one.rows, one.files,
                    file.at if file else None, tuple(lines), newest, file.name if file else "",
                )
            )  # fmt: skip
    return out


def files_of(ws: Workspace, sha256: str, options: str, source: str) -> Sequence[Row[Any]]:
    """Give the intakes of one file under the same options, oldest first."""
    f = ingest_file.c
    with reading(ws) as conn:
        return conn.execute(
            select(ingest_file).where(f.sha256 == sha256, f.options == options, f.source == source)
            .order_by(f.id)
        ).all()  # fmt: skip


def mark(conn: Connection, ids: Sequence[int], state: State) -> int:
    """Say what became of rows that are still aside; give how many were. What was kept of them goes."""
    at, changed = now(), 0
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        changed += conn.execute(
            update(quarantine).where(quarantine.c.id.in_(some), quarantine.c.state == "aside")
            .values(state=state, resolved=at, fields=None)
        ).rowcount  # fmt: skip
    return changed


def new_reason(conn: Connection, ids: Collection[int], reason: str) -> None:
    """Say why rows are still aside after a rule was tried on them."""
    some = sorted(ids)
    for start in range(0, len(some), _AT_ONCE):
        few = some[start : start + _AT_ONCE]
        conn.execute(update(quarantine).where(quarantine.c.id.in_(few)).values(reason=reason))


def recount(
    conn: Connection, *, sha256: str, options: str, source: str, accepted: int, duplicate: int, revised: int,
    retracted: int,
) -> None:  # fmt: skip
    """Move rows out of the quarantined bin of the file's counts; each intake's bins still add up.

    Where the file was given again later, that intake read the same rows: there they are duplicates.
    """
    f = ingest_file.c
    moved = accepted + duplicate + revised
    ids = conn.execute(
        select(f.id).where(f.sha256 == sha256, f.options == options, f.source == source).order_by(f.id)
    ).scalars()
    for place, one in enumerate(ids):
        first = place == 0
        conn.execute(
            update(ingest_file).where(f.id == one).values(
                quarantined=f.quarantined - moved,
                accepted=f.accepted + (accepted if first else 0),
                duplicate=f.duplicate + (duplicate if first else moved),
                revised=f.revised + (revised if first else 0),
                retracted=f.retracted + (retracted if first else 0),
            )
        )  # fmt: skip


def _where(choice: Choice) -> list[ColumnElement[bool]]:
    c = quarantine.c
    tests: list[ColumnElement[bool]] = [c.state == choice.state]
    if choice.source is not None:
        tests.append(c.source == choice.source)
    if choice.reason is not None:
        tests.append(c.reason.contains(choice.reason, autoescape=True))
    if choice.sha256 is not None:
        tests.append(c.sha256.startswith(choice.sha256, autoescape=True))
    return tests
