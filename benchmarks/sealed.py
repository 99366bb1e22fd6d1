"""What sealing costs: ingest and a forecast of a small simulated force, plain and sealed, in the same run.

usage: python benchmarks/sealed.py [--scenario tiny] [--rounds 2]

Simulates a fictional force, then runs the real commands, each as its own process, in a plain workspace and in
a sealed one on the same disk, turn about, and prints seconds and the ratio, and what `seal make`, `rekey` and
`rekey --afresh` take on the filled workspace. The machine's other work goes into all figures.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any


def peelian(*arguments: object) -> tuple[float, Any]:
    """Run a command; give its seconds and what it said in JSON."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "peelian", "--json", *map(str, arguments)], capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stderr)
    return time.monotonic() - began, json.loads(done.stdout or "null")


def round_of(home: Path, files: dict[str, str]) -> dict[str, float]:
    """Fill a workspace and forecast in it; give seconds by step."""
    extract, mapping = files["crime extract"], files["mapping"]
    ingest, _ = peelian("ingest", "table", extract, "--mapping", mapping, "--home", home)
    read, rows = peelian("coverage", "--home", home)
    end = date.fromisoformat(max(row["to"] for row in rows)) + timedelta(days=1)
    monday = end - timedelta(days=end.weekday())
    asked = ("--target", "violence", "--every", "week", "--origin", monday, "--area", files["area"])
    forecast, _ = peelian("forecast", *asked, "--home", home)
    return {"ingest": ingest, "coverage": read, "forecast": forecast}


def compare(folder: Path, scenario: str, rounds: int) -> dict[str, Any]:
    """Run both kinds turn about; give medians, ratios and what moves take."""
    _, files = peelian("simulate", "--out", folder / "files", "--scenario", scenario, "--seed", 3)
    key, new = folder / "key", folder / "new"
    for one in (key, new):
        one.write_text(secrets.token_hex(32))
        one.chmod(0o600)
    taken: dict[str, list[dict[str, float]]] = {"plain": [], "sealed": []}
    for k in range(rounds):
        taken["plain"].append(round_of(folder / f"plain-{k}", files))
        sealed = folder / f"sealed-{k}"
        peelian("seal", "make", "--key-file", key, "--home", sealed)
        taken["sealed"].append(round_of(sealed, files))
        peelian("seal", "close", "--home", sealed)
    steps = list(taken["plain"][0])
    middle = {kind: {s: statistics.median(one[s] for one in ones) for s in steps}
              for kind, ones in taken.items()}  # fmt: skip
    plain = folder / "plain-0"
    size = sum(p.stat().st_size for p in plain.rglob("*") if p.is_file())
    moves = {
        "make": peelian("seal", "make", "--key-file", key, "--home", plain)[0],
        "rekey": peelian("seal", "rekey", "--key-file", key, "--new-key-file", new, "--home", plain)[0],
        "afresh": peelian("seal", "rekey", "--afresh", "--key-file", new, "--new-key-file", key,
                          "--home", plain)[0],
        "close": peelian("seal", "close", "--home", plain)[0],
    }  # fmt: skip
    return {
        "scenario": scenario, "rounds": rounds, "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1),
        "megabytes": round(size / 1e6, 1),
        **{f"{kind}_s": {s: round(v, 2) for s, v in of.items()} for kind, of in middle.items()},
        "ratio": {s: round(middle["sealed"][s] / middle["plain"][s], 2) for s in steps},
        "moves_s": {name: round(seconds, 2) for name, seconds in moves.items()},
    }  # fmt: skip


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--scenario", default="tiny")
    parser.add_argument("--rounds", type=int, default=2)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="peelian-sealed-"))
    try:
        print(json.dumps(compare(folder, asked.scenario, asked.rounds), indent=2))
    finally:
        for one in folder.glob("*.sealed"):  # where a command failed, one may be open
            subprocess.run(["fusermount3", "-uz", one.with_suffix("")], capture_output=True, check=False)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
