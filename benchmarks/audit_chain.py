"""How many audit rows a second become durable links, and how long a million take to verify.

    python benchmarks/audit_chain.py [--rows 1000000] [--threads 40]

Rows are appended in three ways: one by one from one thread, one by one from many (as requests of the pages
do: those that meet share a transaction), and many in one transaction. All are chained and on the disk. Then
the audit is exported and the export verified.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
import time
from pathlib import Path

from peelian.domain.actor import LOCAL_ANALYST, AuditEntry
from peelian.pipeline.auditing import export, verify_export
from peelian.pipeline.context import Context, open_context
from peelian.store import audit
from peelian.store.catalogue import transaction

ENTRY = AuditEntry("consultation", "forecast of violence", area="fenshire", window="2024-01-01")


def one_by_one(ctx: Context, threads: int, each: int) -> float:
    """Give rows a second."""

    def write() -> None:
        for _ in range(each):
            audit.record(ctx.ws, LOCAL_ANALYST, "analysis", ENTRY)

    running = [threading.Thread(target=write) for _ in range(threads)]
    begun = time.perf_counter()
    for one in running:
        one.start()
    for one in running:
        one.join()
    return threads * each / (time.perf_counter() - begun)


def in_batches(ctx: Context, rows: int) -> float:
    """Give rows a second."""
    begun = time.perf_counter()
    for _ in range(rows // 10_000):
        with transaction(ctx.ws) as conn:
            audit.append_all(conn, LOCAL_ANALYST, "analysis", [ENTRY] * 10_000)
    return rows / (time.perf_counter() - begun)


def main() -> None:
    """Print the figures."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--threads", type=int, default=40)
    args = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ctx = open_context(Path(folder) / "home", None)
        print(f"load before: {os.getloadavg()[0]:.1f}")
        print(f"appended one by one, 1 thread:     {one_by_one(ctx, 1, 2_000):9,.0f} rows a second")
        print(f"appended one by one, {args.threads} threads:   "
              f"{one_by_one(ctx, args.threads, 1_000):9,.0f} rows a second")  # fmt: skip
        print(f"appended 10,000 at a time:         {in_batches(ctx, args.rows):9,.0f} rows a second")
        path = Path(folder) / "audit.jsonl"
        begun = time.perf_counter()
        export(ctx, path)
        print(f"exported: {path.stat().st_size / 1e6:,.0f} MB in {time.perf_counter() - begun:.1f} s")
        begun = time.perf_counter()
        found = verify_export(path)
        took = time.perf_counter() - begun
        print(f"verified: {found.rows:,} rows in {took:.1f} s, {found.found} faults")


if __name__ == "__main__":
    main()
