"""Long work as rows: created by anyone, claimed by one worker, given back if that worker dies."""

from __future__ import annotations

import builtins
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import Row, and_, insert, or_, select, update

from peelian.domain.actor import Actor, Purpose
from peelian.domain.errors import NotFound
from peelian.store.catalogue import now, reading, transaction
from peelian.store.tables import job
from peelian.store.workspace import Workspace

State = Literal["queued", "running", "done", "failed"]
LEASE: Final = timedelta(minutes=5)
_MOST_ATTEMPTS: Final = 3


@dataclass(frozen=True)
class Job:
    """One piece of long work."""

    id: int
    kind: str
    arguments: dict[str, Any]
    actor: dict[str, str]  # id, role, force, purpose of whoever asked
    state: State
    progress: float  # 0 to 1
    message: str
    attempts: int
    created: datetime
    started: datetime | None
    finished: datetime | None


def create(ws: Workspace, kind: str, arguments: dict[str, Any], *, actor: Actor, purpose: Purpose) -> int:
    """Queue work; give its id."""
    asked = {"id": actor.id, "role": actor.role, "force": actor.force, "purpose": purpose}
    values = {
        "kind": kind, "arguments": arguments, "actor": asked, "state": "queued", "progress": 0.0,
        "message": "", "created": now(), "force": actor.force,
    }  # fmt: skip
    with transaction(ws) as conn:
        result = conn.execute(insert(job).values(values)).inserted_primary_key
        return int(result[0]) if result else 0


def claim(
    ws: Workspace, worker: str, *, kinds: builtins.list[str] | None = None, lease: timedelta = LEASE
) -> Job | None:
    """Take the oldest work that waits, or whose worker stopped renewing its lease; None if there is none.

    Two workers never get the same row. Work whose worker died three times is failed, not tried again.
    """
    moment = now()
    expired = and_(job.c.state == "running", job.c.lease_until < moment)
    with transaction(ws) as conn:
        conn.execute(
            update(job).where(expired, job.c.attempts >= _MOST_ATTEMPTS)
            .values(state="failed", finished=moment, message="its worker stopped, three times")
        )  # fmt: skip
        waiting = select(job.c.id).where(or_(job.c.state == "queued", expired)).order_by(job.c.id).limit(1)
        if kinds is not None:
            waiting = waiting.where(job.c.kind.in_(kinds))
        # PostgreSQL: pass by rows another worker holds. SQLite has no row locks: the transaction is alone.
        found = conn.execute(waiting.with_for_update(skip_locked=True)).scalar()
        if found is None:
            return None
        conn.execute(
            update(job).where(job.c.id == found).values(
                state="running", worker=worker, lease_until=moment + lease, started=moment,
                attempts=job.c.attempts + 1,
            )
        )  # fmt: skip
        return _job(conn.execute(select(job).where(job.c.id == found)).one())


def progress(
    ws: Workspace, job_id: int, worker: str, share: float, message: str, *, lease: timedelta = LEASE
) -> bool:
    """Report progress and renew the lease; False when the work is no longer this worker's: then stop."""
    return _own(
        ws, job_id, worker,
        progress=min(max(share, 0.0), 1.0), message=message, lease_until=now() + lease,
    )  # fmt: skip


def finish(ws: Workspace, job_id: int, worker: str, *, failed: bool = False, message: str = "") -> bool:
    """End the work; False when it is no longer this worker's, and then nothing changes."""
    done = {} if failed else {"progress": 1.0}
    return _own(
        ws, job_id, worker, state="failed" if failed else "done", message=message, finished=now(), **done
    )


def requeue(ws: Workspace) -> int:
    """Give back the work of workers that stopped renewing; give how many rows. `claim` does so too."""
    with transaction(ws) as conn:
        result = conn.execute(
            update(job).where(job.c.state == "running", job.c.lease_until < now()).values(state="queued")
        )
        return int(result.rowcount)


def get(ws: Workspace, job_id: int) -> Job:
    """Give one job.

    Raises:
        NotFound: for an unknown id.
    """
    with reading(ws) as conn:
        row = conn.execute(select(job).where(job.c.id == job_id)).one_or_none()
    if row is None:
        raise NotFound(f"no job {job_id}")
    return _job(row)


def list(ws: Workspace, *, last: int = 50) -> builtins.list[Job]:
    """List the newest jobs, newest first."""
    with reading(ws) as conn:
        rows = conn.execute(select(job).order_by(job.c.id.desc()).limit(last)).all()
    return [_job(row) for row in rows]


def _own(ws: Workspace, job_id: int, worker: str, **values: object) -> bool:
    mine = and_(job.c.id == job_id, job.c.worker == worker, job.c.state == "running")
    with transaction(ws) as conn:
        return bool(conn.execute(update(job).where(mine).values(**values)).rowcount)


def _job(row: Row[Any]) -> Job:
    return Job(
        row.id, row.kind, row.arguments, row.actor, row.state, row.progress, row.message, row.attempts,
        row.created, row.started, row.finished,
    )  # fmt: skip
