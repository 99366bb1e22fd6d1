"""Whose a new record is: its force and area, told from what it is of, never left to whoever writes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Table, select

from peelian.domain.errors import Forbidden
from peelian.store.row_cut import own_force, reaches, shut_too
from peelian.store.stopped import stopped_too
from peelian.store.tables import delivery, run

SEVERAL: Final = "several"
"""The force of what rests on several: no account of one force reads it."""


@dataclass(frozen=True)
class Owned:
    """A record's owner: the columns `force` (empty: the workspace's own) and `area`."""

    force: str
    area: str

    @property
    def columns(self) -> dict[str, str]:
        """Give both, as a row's values."""
        return {"force": self.force, "area": self.area}


def of_area(conn: Connection, area: str) -> Owned:
    """Give the owner of something new in an area.

    Who may act for one force only writes that force's. Else it is the force that the area's runs are of, or
    the force of that code if its events are held; where runs of several forces share a code it is nobody's
    but theirs who see all.

    Raises:
        Forbidden: the area lies outside what the present reader reaches.
    """
    return _reached(Owned(own_force() or _force_of(conn, area), area))


def of_run(conn: Connection, run_id: str, area: str) -> Owned:
    """Give the owner of something made from a run; by its area where the run is gone or names no force.

    Raises:
        Forbidden: as `of_area`.
    """
    with stopped_too(), shut_too():  # whose a record is does not change with what may be shown
        force = conn.execute(select(run.c.force).where(run.c.id == run_id)).scalar()
    return _reached(Owned(str(force), area)) if force else of_area(conn, area)


def of_row(conn: Connection, table: Table, id_: object, fallback: str = "") -> Owned:
    """Give the owner of what belongs to a row of a table that has both columns; by `fallback` (an area) else.

    Raises:
        Forbidden: as `of_area`.
    """
    with stopped_too(), shut_too():
        row = conn.execute(select(table.c.force, table.c.area).where(table.c.id == id_)).first()
    return of_area(conn, fallback) if row is None else Owned(str(row.force), str(row.area))


def _force_of(conn: Connection, area: str) -> str:
    asked = select(run.c.force).where(run.c.area == area, run.c.force != "").distinct()
    with stopped_too(), shut_too():
        forces = list(conn.execute(asked.limit(2)).scalars())
    if forces:
        return str(forces[0]) if len(forces) == 1 else SEVERAL
    told = conn.execute(select(delivery.c.force).where(delivery.c.force == area).limit(1)).scalar()
    return str(told or "")


def _reached(owned: Owned) -> Owned:
    if not reaches(owned.force, owned.area):
        raise Forbidden(
            "the area lies outside what this account reaches", do="ask whoever keeps this workspace"
        )
    return owned
