"""The ledger of releases: proposed by one, approved by another, never changed; withdrawn ones stay told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select, true, update

from peelian.domain.actor import Actor, AuditEntry, Purpose
from peelian.domain.errors import Forbidden, NotFound, Refused
from peelian.store import audit
from peelian.store.catalogue import now, reading
from peelian.store.chain_tables import release
from peelian.store.owning import SEVERAL, of_area
from peelian.store.row_cut import reading_as
from peelian.store.stopped import check_running, say_if_stopped, stopped_too
from peelian.store.workspace import Workspace

PUBLIC: Final = "the public"


def propose(conn: Connection, actor: Actor, purpose: Purpose, values: Mapping[str, Any]) -> None:
    """Keep a proposed release.

    Raises:
        Refused: the same figures were released already: a second table of them could only tell more.
        Forbidden: the area lies outside what the present reader reaches.
    """
    check_running(conn, str(values["area"]))
    owned = of_area(conn, values["area"])
    key = select(release.c.id).where(
        release.c.area == values["area"], release.c.target == values["target"],
        release.c.tier == values["tier"], release.c.kind == values["kind"],
        release.c.start < values["end"], release.c.end > values["start"],
        release.c.state.in_(["proposed", "approved", "withdrawn"]),
    )  # fmt: skip
    found = conn.execute(key).scalar()
    if found is not None:
        raise Refused(
            "these days were released or proposed already", expected="one table of a window, once",
            do=f"see it with: peelian release show {found}",
        )  # fmt: skip
    row = {**values, **owned.columns, "state": "proposed", "proposed_by": actor.id, "proposed_at": now()}
    conn.execute(insert(release).values(row))
    said = f"release {values['id']} proposed"
    audit.append(conn, actor, purpose, AuditEntry("alteration", said, values["area"]))


def decide(conn: Connection, actor: Actor, purpose: Purpose, release_id: str, state: str, why: str) -> None:
    """Approve or refuse a proposed release, or withdraw an approved one.

    Raises:
        NotFound: no such release.
        Forbidden: who proposed it may not approve it: two people release anything public.
        Refused: it is not in a state from which this can be done, or is to be approved of a stopped area.
    """
    with stopped_too():  # what is out may be withdrawn all the same
        held = conn.execute(select(release).where(release.c.id == release_id).with_for_update()).first()
    if held is None:
        raise NotFound("there is no such release", do="list them: peelian release list")
    if held.state != {"approved": "proposed", "refused": "proposed", "withdrawn": "approved"}[state]:
        raise Refused(f"this release is {held.state}", do="list them: peelian release list")
    if state == "approved":
        check_running(conn, held.area)
    if state == "approved" and actor.id == held.proposed_by:
        raise Forbidden(
            "who proposed a release may not approve it", expected="a second person",
            do="ask a colleague to approve it from an account of their own",
        )  # fmt: skip
    values = {"state": state, "why": why[:2_000], "second_by": actor.id, "second_at": now()}
    conn.execute(update(release).where(release.c.id == release_id).values(values))
    verb, to = ("disclosure", PUBLIC) if state == "approved" else ("alteration", "")
    entry = AuditEntry(verb, f"release {release_id} {state}", held.area, f"{held.start} to {held.end}", to)  # type: ignore[arg-type]
    audit.append(conn, actor, purpose, entry)


def list_releases(ws: Workspace, *, state: str | None = None, area: str | None = None) -> Sequence[Row[Any]]:
    """List releases, newest window first; approved ones are the public's, so whoever asks is given them."""
    asked = select(release).order_by(release.c.end.desc(), release.c.id)
    asked = asked if state is None else asked.where(release.c.state == state)
    asked = asked if area is None else asked.where(release.c.area == area)
    with reading_as(None) if state == "approved" else nullcontext(), reading(ws) as conn:
        return conn.execute(asked).all()


def get_release(ws: Workspace, release_id: str) -> Row[Any]:
    """Give a release.

    Raises:
        NotFound: no such release.
        Refused: its area is stopped.
    """
    with reading(ws) as conn:
        held = conn.execute(select(release).where(release.c.id == release_id)).first()
        if held is None:
            say_if_stopped(conn, release, release_id)
    if held is None:
        raise NotFound("there is no such release", do="list them: peelian release list")
    return held


def told_so_far(conn: Connection, area: str) -> list[Any]:
    """Give what every release of an area told, withdrawn ones too: they were seen."""
    asked = select(release.c.told).where(
        release.c.area == area, release.c.state.in_(["proposed", "approved", "withdrawn"])
    )
    with stopped_too(), reading_as(None):  # an attacker holds what other people released, too
        return [one for told in conn.execute(asked).scalars() for one in told]


def told_elsewhere(conn: Connection, area: str) -> list[Any]:
    """Give what releases of other areas told that may count the same force's events; withdrawn ones too."""
    mine, nobodys = of_area(conn, area).force, ["", SEVERAL]
    alike = true() if mine in nobodys else release.c.force.in_([mine, *nobodys])
    asked = select(release.c.told).where(
        release.c.area != area, release.c.state.in_(["proposed", "approved", "withdrawn"]), alike
    )  # fmt: skip
    with stopped_too(), reading_as(None):
        return [one for told in conn.execute(asked).scalars() for one in told]
