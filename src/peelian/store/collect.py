"""Delete files nobody can need: left by a killed writer, or replaced by compaction, an hour ago or more."""

from __future__ import annotations

import shutil
import time
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import select, update

from peelian.store.catalogue import now, reading, transaction
from peelian.store.tables import segment
from peelian.store.workspace import Workspace

AFTER: Final = timedelta(hours=1)


def collect(ws: Workspace, *, after: timedelta = AFTER) -> int:
    """Delete orphans, replaced segments and abandoned staging folders older than `after`; give how many.

    An hour is longer than any writer takes from a file to its commit, or any reader from a list to its files.
    """
    c = segment.c
    with reading(ws) as conn:
        held = set(conn.execute(select(c.path).where(c.collected.is_(False))).scalars())
        old = select(c.path).where(c.removed_at <= now() - after, c.collected.is_(False))
        replaced = list(conn.execute(old).scalars())
    if replaced:
        with transaction(ws) as conn:  # said first, so that no reader is sent to a file that is gone
            conn.execute(update(segment).where(c.path.in_(replaced)).values(collected=True))
    for path in replaced:
        (ws.home / path).unlink(missing_ok=True)
    deleted = len(replaced)
    for file in ws.segments.rglob("*"):
        if file.is_file() and file.relative_to(ws.home).as_posix() not in held and _is_older(file, after):
            file.unlink(missing_ok=True)
            deleted += 1
    for folder in ws.staging.glob("*"):
        if _is_older(folder, after):
            shutil.rmtree(folder, ignore_errors=True)
            deleted += 1
    return deleted


def _is_older(path: Path, after: timedelta) -> bool:
    try:
        return path.stat().st_mtime <= time.time() - after.total_seconds()
    except FileNotFoundError:
        return False
