"""What an actor may read today: forces, areas, agreements and controllers, as a `Reader`."""

from __future__ import annotations

from sqlalchemy import Connection

from peelian.domain.actor import ANY, Actor, Purpose
from peelian.domain.agreement import BUILT_IN, Agreement
from peelian.store.agreements import list_agreements, today
from peelian.store.row_cut import Reader


def reader_of(conn: Connection, actor: Actor, purpose: Purpose, home: str) -> Reader:
    """Give what an actor may read today for a purpose.

    `home` is the workspace's own force: rows that name no force are its rows.
    """
    forces = (ANY,) if actor.force == ANY else (actor.force,) if actor.force else ()
    if home and home in forces:
        forces = (*forces, "")
    areas = actor.areas if ANY in actor.areas or not actor.areas else (*actor.areas, "")
    able = open_agreements(conn, actor, purpose, home)
    controllers = {one.controller for one in able} | ({actor.agency} if actor.agency else set())
    return Reader(forces, areas, frozenset(one.id for one in able), frozenset(controllers))


def open_agreements(conn: Connection, actor: Actor, purpose: Purpose, home: str) -> list[Agreement]:
    """Give the agreements under which an actor may read today, for this purpose.

    In force today, for the purpose, within the account's own list, and naming the actor: by agency among the
    recipients (or as controller), as anyone, or as staff (no partner) of the force it is with.
    """
    registered = list_agreements(conn)
    every = [*((one, "") for one in BUILT_IN.values()), *registered]
    return [one for one, force in every if _lets(one, force or home, actor, purpose)]


def _lets(one: Agreement, force: str, actor: Actor, purpose: Purpose) -> bool:
    if not one.holds_on(today()) or purpose not in one.purposes:
        return False
    if ANY not in actor.agreements and one.id not in actor.agreements:
        return False
    named = actor.agency and actor.agency in (*one.recipients, one.controller)
    staff = actor.role != "partner" and bool(force) and actor.force in (force, ANY)
    return bool("anyone" in one.recipients or named or staff)
