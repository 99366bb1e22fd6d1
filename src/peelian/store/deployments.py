"""The register of deployments: who answers for one, on what basis, whether it may go on. Only added to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import insert, select

from peelian.domain.actor import Actor, AuditEntry, Purpose
from peelian.domain.errors import Misuse
from peelian.store import audit
from peelian.store.catalogue import now, reading, transaction
from peelian.store.stopped import EVERY, Stops, stops
from peelian.store.trust_tables import deployment
from peelian.store.workspace import Workspace

__all__ = [
    "EVERY", "STATUSES", "Deployment", "deployments", "discontinued", "set_deployment", "stopped_now",
]  # fmt: skip
STATUSES: Final = ("proposed", "approved", "conditional", "discontinued")


@dataclass(frozen=True)
class Deployment:
    """What the register says of an area (`*`: of every one). `senior_owner` is a post, never a name."""

    area: str
    status: str
    senior_owner: str
    lawful_basis: str
    ethics: str
    why: str
    at: datetime
    by: str


def set_deployment(
    ws: Workspace, actor: Actor, purpose: Purpose, area: str, status: str, *, senior_owner: str = "",
    lawful_basis: str = "", ethics: str = "", why: str = "",
) -> None:  # fmt: skip
    """Add what holds from now on, with its audit row; earlier rows stay.

    Raises:
        Misuse: an unknown status, or a status that lets it run without owner, lawful basis and ethics.
    """
    said = {"senior_owner": senior_owner, "lawful_basis": lawful_basis, "ethics": ethics}
    if status not in STATUSES:
        raise Misuse("there is no such status", expected=", ".join(STATUSES))
    missing = [name.replace("_", " ") for name, text in said.items() if not text.strip()]
    if status in ("approved", "conditional") and missing:
        raise Misuse(f"the register lacks {', '.join(missing)}", do="say all three, or status proposed")
    with transaction(ws) as conn:
        row = {"area": area, "status": status, "why": why, "at": now(), "by": actor.id, **said}
        conn.execute(insert(deployment).values(row))
        audit.append(conn, actor, purpose, AuditEntry("alteration", f"deployment {status}", area))


def deployments(ws: Workspace) -> dict[str, Deployment]:
    """Give what holds now, by area."""
    c = deployment.c
    asked = select(
        c.area, c.status, c.senior_owner, c.lawful_basis, c.ethics, c.why, c.at, c.by
    ).order_by(c.id)  # fmt: skip
    with reading(ws) as conn:
        return {row.area: Deployment(*row) for row in conn.execute(asked)}


def stopped_now(ws: Workspace) -> Stops:
    """Give the areas that no forecast may be served of, and why."""
    with reading(ws) as conn:
        return stops(conn)


def discontinued(ws: Workspace) -> frozenset[str]:
    """Give the areas whose use was ended; `*` is every one."""
    return frozenset(area for area, one in deployments(ws).items() if one.status == "discontinued")
