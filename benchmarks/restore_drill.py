"""Restore drill: back a ledger of many events up, restore it, compare every hash; print time and size.

usage: python benchmarks/restore_drill.py [--events 20000000] [--audit 100000] [--keep DIR]

The events are generated (fictional places), written as segments of a million rows by the ledger's own
writer; the audit is given so many rows beside them. Restored to a new folder on the same disk.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl

from peelian.domain.actor import LOCAL_ANALYST, AuditEntry
from peelian.pipeline.backing_up import back_up
from peelian.pipeline.context import Context
from peelian.pipeline.restoring import restore
from peelian.store.audit import append_all
from peelian.store.catalogue import add_snapshot, ledger_transaction, transaction
from peelian.store.ledger import latest_snapshot
from peelian.store.segments import STORED, add_segments, write_segment
from peelian.store.workspace import Workspace, open_workspace

_PART = 1_000_000
_START = datetime(2010, 1, 1, tzinfo=UTC)


def fill(ws: Workspace, events: int, audit: int) -> None:
    """Write the ledger and the audit."""
    rng = np.random.default_rng(7)
    for begin in range(0, events, _PART):
        rows = _rows(rng, begin, min(_PART, events - begin))
        written = [write_segment(ws, rows, records="events", corrections=False)]
        with ledger_transaction(ws) as conn:
            add_segments(conn, written, add_snapshot(conn, actor="drill", what="drill"))
    for begin in range(0, audit, 10_000):
        entries = [AuditEntry("consultation", f"events {begin + k}") for k in range(10_000)]
        with transaction(ws) as conn:
            append_all(conn, LOCAL_ANALYST, "analysis", entries)


def _rows(rng: np.random.Generator, begin: int, rows: int) -> pl.DataFrame:
    made = {name: _column(rng, name, kind, begin, rows) for name, kind in STORED["events"].items()}
    return pl.DataFrame(made, schema=dict(STORED["events"]))


def _column(rng: np.random.Generator, name: str, kind: pl.DataType, begin: int, rows: int) -> pl.Series:
    said = {"source": "drill", "controller": "drill", "force": "fictional", "crs": "EPSG:27700",
            "agreement": "open-data", "part": "fictional"}  # fmt: skip
    if name in said:
        return pl.Series(name, [said[name]]).extend_constant(said[name], rows - 1).cast(kind)
    if name in ("key_hi", "key_lo", "content"):
        return pl.Series(name, rng.integers(0, 2**62, rows)).cast(kind)
    if isinstance(kind, pl.Datetime):
        seconds = np.sort(rng.integers(0, 86_400 * 5_800, rows)) * 1_000_000
        return (pl.Series(name, seconds) + int(_START.timestamp() * 1e6)).cast(kind)
    if kind.is_numeric():
        return pl.Series(name, rng.integers(0, 100, rows)).cast(kind)
    if isinstance(kind, pl.Enum):
        return pl.Series(name, rng.choice(kind.categories.to_list(), rows)).cast(kind)
    if kind == pl.String:
        return pl.Series(name, rng.choice(["violence", "burglary", "asb", "vehicle"], rows)).cast(kind)
    return pl.Series(name, [None] * rows, dtype=kind)


def drill(folder: Path, events: int, audit: int) -> dict[str, object]:
    """Fill, back up, restore; give what it took."""
    ws = open_workspace(folder / "home")
    fill(ws, events, audit)
    began = time.monotonic()
    made = back_up(Context(ws, purpose="administration"), folder / "backup")
    backed = time.monotonic()
    back = restore(made.path, folder / "back", expect=made.sha256)
    restored = time.monotonic()
    assert back.audit.found == 0
    assert latest_snapshot(open_workspace(folder / "back")) == latest_snapshot(ws)
    return {
        "what": "backup and restore of a generated ledger; every file's and table's SHA-256 compared",
        "events": made.manifest.events, "audit_rows": made.manifest.audit_rows,
        "files": len(made.manifest.files), "megabytes": round(made.manifest.bytes / 1e6, 1),
        "backup_s": round(backed - began, 1), "restore_s": round(restored - backed, 1),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "hashes_equal": True, "audit_faults": back.audit.found,
    }  # fmt: skip


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=20_000_000)
    parser.add_argument("--audit", type=int, default=100_000)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="peelian-drill-"))
    try:
        print(json.dumps(drill(folder, asked.events, asked.audit), indent=2))
    finally:
        if asked.keep is None:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
