"""Long work as rows: created by anyone, claimed by one worker, given back if that worker dies."""

from __future__ import annotations

import builtins
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import Row, and_, case, insert, literal, select, update

from peelian.domain.actor import LOCAL_ANALYST, Actor, Purpose
from peelian.domain.errors import NotFound
from peelian.store.catalogue import now, reading, transaction
from peelian.store.tables import job
from peelian.store.workers import THIS_WORKER, is_gone
from peelian.store.workspace import Workspace

State = Literal["queued", "running", "done", "failed"]
LEASE: Final = timedelta(minutes=10)
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


def create(
    ws: Workspace,
    kind: str,
    arguments: dict[str, Any],
    *,
    actor: Actor = LOCAL_ANALYST,
    purpose: Purpose = "analysis",
) -> int:
    """Queue work; give its id."""
    asked = {"id": actor.id, "role": actor.role, "force": actor.force, "purpose": purpose}
    values = {
        "kind": kind, "arguments": arguments, "actor": asked, "state": "queued", "progress": 0.0,
        "message": "", "created": now(), "force": actor.force,
    }  # fmt: skip
    with transaction(ws) as conn:
        key = conn.execute(insert(job).values(values)).inserted_primary_key
        return int(key[0]) if key else 0


def claim(ws: Workspace, worker: str = THIS_WORKER, *, lease: timedelta = LEASE) -> Job | None:
    """Take the oldest work that waits, or None. Two workers never get the same row.

    Work of dead workers is given back first; see `requeue`.
    """
    requeue(ws)
    waiting = select(job.c.id).where(job.c.state == "queued").order_by(job.c.id).limit(1)
    moment = now()
    with transaction(ws) as conn:
        # PostgreSQL passes by rows another worker holds. SQLite has no row locks: the transaction is alone.
        found = conn.execute(waiting.with_for_update(skip_locked=True)).scalar()
        if found is None:
            return None
        taken = {"state": "running", "worker": worker, "lease_until": moment + lease, "started": moment}
        conn.execute(update(job).where(job.c.id == found).values(**taken, attempts=job.c.attempts + 1))
        return _job(conn.execute(select(job).where(job.c.id == found)).one())


def progress(
    ws: Workspace,
    job_id: int,
    share: float,
    message: str,
    *,
    worker: str = THIS_WORKER,
    lease: timedelta = LEASE,
) -> bool:
    """Report progress and renew the lease; False when the work is no longer this worker's: then stop."""
    share = min(max(share, 0.0), 1.0)
    return _own(ws, job_id, worker, progress=share, message=message, lease_until=now() + lease)


def finish(
    ws: Workspace, job_id: int, *, failed: bool = False, message: str = "", worker: str = THIS_WORKER
) -> bool:
    """End the work; False when it is no longer this worker's, and then nothing changes."""
    done = {} if failed else {"progress": 1.0}
    state = "failed" if failed else "done"
    return _own(ws, job_id, worker, state=state, message=message, finished=now(), **done)


def give_back(ws: Workspace, job_id: int, *, worker: str = THIS_WORKER) -> bool:
    """Put the work back in the queue, for no fault of its own; the third time it is failed."""
    over = job.c.attempts >= _MOST_ATTEMPTS
    state = case((over, "failed"), else_="queued")
    said = "the records database went away while it ran"
    return _own(
        ws,
        job_id,
        worker,
        state=state,
        message=said,
        finished=case((over, literal(now(), job.c.finished.type))),
    )


def requeue(ws: Workspace) -> int:
    """Give back the work of workers that died; give how many rows.

    A worker is dead when its lease ran out, or when it was a process of this machine that is gone. Work
    given back three times is failed: it may be what kills them.
    """
    moment = now()
    running = select(job.c.id, job.c.worker, job.c.lease_until, job.c.attempts).where(
        job.c.state == "running"
    )
    with reading(ws) as conn:  # most of the time there is nothing, and then no lock is taken
        dead = [row for row in conn.execute(running) if row.lease_until < moment or is_gone(row.worker)]
    given_back = 0
    for row in dead:
        over = row.attempts >= _MOST_ATTEMPTS
        values = {"state": "failed" if over else "queued", "message": "its worker stopped"}
        mine = and_(job.c.id == row.id, job.c.state == "running", job.c.worker == row.worker)
        with transaction(ws) as conn:
            held = update(job).where(mine, job.c.lease_until == row.lease_until).values(values)
            given_back += conn.execute(held).rowcount
    return given_back


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
