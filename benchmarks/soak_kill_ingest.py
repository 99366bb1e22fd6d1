"""Soak: kill -9 an ingest at many random points, in memory and on disk; write docs/evidence/kill-ingest.json.

usage: python benchmarks/soak_kill_ingest.py [--kills 50] [--seed 7]

The database is SQLite: `make test` kills an ingest on PostgreSQL too. `make soak` runs this.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.ingest.killing import Killed, history, kill_once, run_whole  # noqa: E402

from peelian.store.workspace import open_workspace  # noqa: E402


def soak(kills: int, seed: int, database: str | None, folder: Path) -> list[Killed]:
    """Kill so often; give what each kill found. Half the runs hold rows in memory, half on disk."""
    rng = random.Random(seed)
    paths = history(folder, files=12, rows=300, seed=seed)
    states = run_whole(open_workspace(folder / "whole"), paths)
    found = []
    for k in range(kills):
        home = folder / f"home-{k}"
        found.append(kill_once(home, database, paths, states, rng, 50 if k % 2 else 10**6))
        print(
            f"{k + 1}/{kills} killed after {found[-1].after_s:.2f} s: {found[-1].taken} files taken",
            flush=True,
        )
    return found


def evidence(found: list[Killed], kills: int, seed: int, seconds: float) -> dict[str, object]:
    """Sum up, as the evidence file holds it."""
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    names = ("lost_after_ack", "torn", "lost", "doubled", "orphans")
    return {
        "what": "kill -9 of an ingest at random points; then a second run finishes it",
        "commit": commit.stdout.strip(), "kills": kills, "seed": seed, "database": "sqlite",
        "in_mid_ingest": sum(one.mid for one in found), "seconds": round(seconds, 1),
    } | {name: sum(asdict(one)[name] for one in found) for name in names}  # fmt: skip


def main() -> int:
    """Run, write the evidence, say what it shows."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="peelian-soak-") as folder:
        found = soak(asked.kills, asked.seed, None, Path(folder))
    result = evidence(found, asked.kills, asked.seed, time.monotonic() - began)
    out = ROOT / "docs" / "evidence" / "kill-ingest.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=2))
    return int(any(result[name] for name in ("lost_after_ack", "torn", "lost", "doubled")))


if __name__ == "__main__":
    raise SystemExit(main())
