"""The running state, kept: a file that is whole or absent, and the row that says what it holds."""

from __future__ import annotations

import hashlib
import os
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, insert, select

from peelian.store.catalogue import newest_snapshot, reading, transaction
from peelian.store.live_tables import live_batch, live_state
from peelian.store.workspace import Workspace

FOLDER: Final = "live"
_KEPT: Final = 2
"""States kept of a run: the newest, and one before it should its file be damaged."""


@dataclass(frozen=True)
class Kept:
    """A state as kept: every batch up to `position` is in `body`."""

    run: str
    position: int
    version: int
    at: datetime
    body: bytes


def keep_state(ws: Workspace, state: Kept, *, force: str = "") -> None:
    """Keep a state; on return it survives a power cut. Older ones of the run but one are let go.

    Written as a temporary file, synced, renamed, the folder synced, and only then named by its row.
    """
    folder = ws.home / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{uuid.uuid4().hex}.state"
    temporary = path.with_suffix(".tmp")
    with temporary.open("wb") as file:
        file.write(state.body)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    c = live_state.c
    with transaction(ws) as conn:
        conn.execute(
            insert(live_state).values(
                run=state.run, position=state.position, version=state.version, at=state.at, force=force,
                path=path.relative_to(ws.home).as_posix(), sha256=hashlib.sha256(state.body).hexdigest(),
            )
        )  # fmt: skip
        ids = conn.execute(select(c.id).where(c.run == state.run).order_by(c.id.desc())).scalars().all()
        old = ids[_KEPT:]
        paths = conn.execute(select(c.path).where(c.id.in_(old))).scalars().all()
        conn.execute(delete(live_state).where(c.id.in_(old)))
    for gone in paths:
        (ws.home / gone).unlink(missing_ok=True)


def newest_state(ws: Workspace, run: str) -> Kept | None:
    """Give the newest state of a run whose file is whole; None when there is none."""
    query = select(live_state).where(live_state.c.run == run).order_by(live_state.c.id.desc())
    with reading(ws) as conn:
        rows = conn.execute(query).all()
    for row in rows:
        path = ws.home / row.path
        body = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(body).hexdigest() == row.sha256:
            return Kept(row.run, row.position, row.version, row.at, body)
    return None


def place_now(ws: Workspace) -> tuple[int, int]:
    """Give the newest batch that the ledger holds and the newest snapshot, as one transaction sees them."""
    with reading(ws) as conn:
        position = conn.execute(select(func.max(live_batch.c.id)).where(live_batch.c.taken.is_not(None)))
        return int(position.scalar() or 0), newest_snapshot(conn)
