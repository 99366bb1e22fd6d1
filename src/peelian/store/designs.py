"""Designs of evaluations, locked by hash before the result is known; a changed one is detected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select
from sqlalchemy.exc import IntegrityError

from peelian.domain.actor import Actor, AuditEntry, Purpose
from peelian.domain.canonical import digest_of
from peelian.domain.errors import Fault, Misuse, NotFound, Refused
from peelian.store import audit
from peelian.store.catalogue import now, reading
from peelian.store.decision_tables import intervention as intervention_row
from peelian.store.decision_tables import study_design
from peelian.store.owning import of_row
from peelian.store.workspace import Workspace


@dataclass(frozen=True)
class LockedDesign:
    """A design as it was locked: `sha256` is of the design's canonical JSON."""

    id: str
    intervention: str  # "" for a design made before the intervention is in the register
    sha256: str
    design: dict[str, Any]
    locked: datetime
    by_role: str


def lock_design(
    conn: Connection, actor: Actor, purpose: Purpose, design_id: str, design: dict[str, Any], *,
    by_role: str, intervention: str = "",
) -> LockedDesign:  # fmt: skip
    """Lock a design: nothing can change it after. The same design under the same id is locked once.

    Raises:
        Misuse: no id, no role, or a design that is no JSON map.
        Refused: another design is locked under that id.
    """
    if not design_id or len(design_id) > 80 or not by_role.strip():
        raise Misuse("the design lacks an id or the role that locks it", expected="both, in words")
    digest = digest_of(design)
    held = conn.execute(select(study_design).where(study_design.c.id == design_id)).one_or_none()
    if held is not None:
        if held.sha256 == digest and held.intervention == intervention:
            return _locked(held)
        raise _other()
    row = {
        "id": design_id, "intervention": intervention, "sha256": digest, "design": design, "locked": now(),
        "by_role": by_role.strip()[:120], **of_row(conn, intervention_row, intervention).columns,
    }  # fmt: skip
    try:
        conn.execute(insert(study_design).values(row))
    except IntegrityError:  # held by a force that the present reader does not see
        raise _other() from None
    said = f"study design {design_id} locked: sha256 {digest}"
    audit.append(conn, actor, purpose, AuditEntry("collection", said))
    return get_design(conn, design_id)


def get_design(where: Workspace | Connection, design_id: str) -> LockedDesign:
    """Give a locked design.

    Raises:
        NotFound: there is none of that id.
        Fault: what is held is not what was locked: the catalogue was changed from outside.
    """
    if isinstance(where, Workspace):
        with reading(where) as conn:
            return get_design(conn, design_id)
    row = where.execute(select(study_design).where(study_design.c.id == design_id)).one_or_none()
    if row is None:
        raise NotFound("there is no such design here", do="lock it before the result is known")
    found = _locked(row)
    if digest_of(found.design) != found.sha256:
        raise Fault(
            f"the design {design_id} is not the one that was locked: its hash differs",
            do="do not evaluate by it; look in the audit trail and restore the catalogue from a copy",
        )
    return found


def check_design(where: Workspace | Connection, design_id: str, design: dict[str, Any]) -> LockedDesign:
    """Give the locked design when `design` is the same.

    Raises:
        NotFound: there is none of that id.
        Refused: the two differ; says which parts, never their content.
        Fault: what is held is not what was locked.
    """
    found = get_design(where, design_id)
    if digest_of(design) == found.sha256:
        return found
    keys = sorted(found.design.keys() | design.keys())
    changed = [key for key in keys if _part(found.design, key) != _part(design, key)]
    raise Refused(
        f"this is not the design that was locked: {', '.join(changed)} changed",
        expected=f"the design whose sha256 is {found.sha256}",
        do="evaluate by the locked one, and say the change as a departure from it",
    )


def list_designs(ws: Workspace, intervention: str | None = None) -> list[LockedDesign]:
    """List locked designs, of one intervention or all, the newest first."""
    query = select(study_design).order_by(study_design.c.locked.desc(), study_design.c.id)
    if intervention is not None:
        query = query.where(study_design.c.intervention == intervention)
    with reading(ws) as conn:
        return [_locked(row) for row in conn.execute(query)]


def _other() -> Refused:
    return Refused("another design is locked under this id", do="lock the new one under an id of its own")


def _part(design: dict[str, Any], key: str) -> str | None:
    return digest_of(design[key]) if key in design else None


def _locked(row: Row[Any]) -> LockedDesign:
    return LockedDesign(row.id, row.intervention, row.sha256, row.design, row.locked, row.by_role)
