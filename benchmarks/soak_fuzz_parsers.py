"""Soak: spoilt files to every parser of bytes from outside; write docs/evidence/fuzz.json.

usage: python benchmarks/soak_fuzz_parsers.py [--minutes 10] [--beside 2] [--only NAME] [--afresh]

Minutes are by the clock; those of the processor are told beside them, for on a busy machine they are fewer.
Parsers take short turns, each in a process of its own; one that dies is begun again behind the file that
killed it. What a parser has done is kept in --folder, so that a stopped run goes on. A fault is anything but
an answer or a refusal of the project's own: another error, a dead process, more than 10 seconds of the
processor for one file, or 700 MB more memory for it.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ |= {"RUST_BACKTRACE": "0", "POLARS_MAX_THREADS": "2", "OMP_NUM_THREADS": "1"}

from tests.security.fuzzing.bench import Bench  # noqa: E402
from tests.security.fuzzing.parsers import PARSERS  # noqa: E402
from tests.security.fuzzing.trying import input_of, try_one  # noqa: E402

OUT: Final = ROOT / "docs" / "evidence" / "fuzz.json"
TURN_S: Final = 150.0
STILL_S: Final = 600.0
"""A process that has not gone on for so long hangs where Python cannot be told to stop."""
_MEMORY: Final = 8 << 30
_SPAWN: Final = multiprocessing.get_context("spawn")  # after a fork threads of libraries stand still
Held = dict[str, Any]


def child(name: str, first: int, seconds: float, note: Path) -> None:
    """Try files from a number on; write down before each which one it is, and what came of those before."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    with tempfile.TemporaryDirectory(prefix="peelian-fuzz-") as folder:
        bench = Bench(Path(folder))
        seeds = PARSERS[name].seeds(bench)
        ends: Counter[str] = Counter()
        faults: dict[str, int] = {}
        number, began, clock = first, time.process_time(), time.monotonic()
        while time.monotonic() - clock < seconds:
            _write(note, number, ends, faults, began, clock)
            found = try_one(PARSERS[name], bench, *input_of(seeds, number))
            ends[found.end] += 1
            if found.end == "fault":
                faults.setdefault(found.said.partition(": ")[0], number)
            number += 1
        _write(note, number, ends, faults, began, clock)
    os._exit(0)  # threads of a door or a server that was asked are not waited for


def _write(
    note: Path, number: int, ends: Counter[str], faults: dict[str, int], began: float, clock: float
) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    said = {
        "number": number,
        "ends": ends,
        "faults": faults,
        "cpu": time.process_time() - began,
        "clock": time.monotonic() - clock,
        "peak_mb": peak,
    }
    part = note.with_suffix(".part")
    part.write_text(json.dumps(said))
    part.replace(note)


@dataclass
class Turn:
    """A process that has its turn with a parser."""

    name: str
    folder: Path
    seconds: float
    held: Held = field(default_factory=dict)

    def begin(self) -> bool:
        """Begin it; False where the parser has had its time."""
        self.kept, self.note = (
            self.folder / f"{self.name.replace(' ', '-')}.{end}" for end in ("json", "note")
        )
        self.held = json.loads(self.kept.read_text()) if self.kept.is_file() else _nothing(self.name)
        left = self.seconds - self.held["clock"]
        if left < 1:
            return False
        self.note.unlink(missing_ok=True)
        what = (self.name, self.held["next"], min(TURN_S, left), self.note)
        self.process = _SPAWN.Process(target=child, args=what)
        self.began = time.time()
        self.process.start()
        return True

    def over(self) -> bool:
        """Say whether it is over; what came of it is then kept."""
        died = ""
        if self.process.is_alive():
            last = self.note.stat().st_mtime if self.note.is_file() else self.began
            if time.time() - last < STILL_S:
                return False
            self.process.kill()
            self.process.join()
            died = f"it hung for {STILL_S:.0f} s and was killed"
        elif self.process.exitcode != 0:
            died = f"the process died ({self.process.exitcode})"
        none = {"number": self.held["next"], "ends": {}, "faults": {}, "cpu": 0.0, "clock": 1.0, "peak_mb": 0}
        _add(self.held, json.loads(self.note.read_text()) if self.note.is_file() else none, died)
        self.kept.write_text(json.dumps(self.held, indent=1))
        return True


def _nothing(name: str) -> Held:
    zero = dict.fromkeys(("executions", "answered", "refused", "next", "peak_mb"), 0)
    return {"parser": name, **zero, "cpu": 0.0, "clock": 0.0, "faults": {}}


def _add(held: Held, told: dict[str, Any], died: str) -> None:
    ends = told["ends"]
    held["executions"] += sum(ends.values()) + bool(died)
    for name in ("answered", "refused"):
        held[name] += ends.get(name, 0)
    held["next"] = told["number"] + bool(died)
    held["cpu"] += told["cpu"]
    held["clock"] += max(told["clock"], 0.5)
    held["peak_mb"] = max(held["peak_mb"], told["peak_mb"])
    held["faults"] = {**told["faults"], **held["faults"]}
    if died:
        held["faults"].setdefault(died, told["number"])


def soak(names: list[str], seconds: float, beside: int, folder: Path) -> None:
    """Give each parser its time, some beside one another, in turns."""
    waiting, now = deque(names), list[Turn]()
    while waiting or now:
        while waiting and len(now) < beside:
            turn = Turn(waiting.popleft(), folder, seconds)
            if turn.begin():
                now.append(turn)
        for turn in [one for one in now if one.over()]:
            now.remove(turn)
            waiting.append(turn.name)
            held = turn.held
            minutes, faults = held["clock"] / 60, len(held["faults"])
            print(
                f"{turn.name}: {held['executions']:,} in {minutes:.1f} min, {faults} kinds of fault",
                flush=True,
            )
        time.sleep(0.2)


def evidence(found: list[Held]) -> dict[str, Any]:
    """Sum up, as the evidence file holds it."""
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    rows = [
        {name: one[name] for name in ("parser", "executions", "answered", "refused")}
        | {"minutes": round(one["clock"] / 60, 1), "processor_minutes": round(one["cpu"] / 60, 1)}
        | {"peak_mb": one["peak_mb"], "faults": one["faults"]}
        for one in sorted(found, key=lambda one: str(one["parser"]))
    ]
    return {
        "what": "spoilt files to every parser; minutes are by the clock",
        "commit": commit, "at": datetime.now(UTC).isoformat(timespec="minutes"), "parsers": len(rows),
        "least_minutes": min((row["minutes"] for row in rows), default=0.0),
        "processor_minutes": round(sum(one["cpu"] for one in found) / 60, 1),
        "executions": sum(row["executions"] for row in rows),
        "parsers_with_faults": sum(bool(row["faults"]) for row in rows), "rows": rows,
    }  # fmt: skip


def main() -> int:
    """Run, write the evidence, say what it shows."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--beside", type=int, default=2)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "peelian-fuzz")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--afresh", action="store_true", help="forget what was done of these parsers")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    names = [name for name in PARSERS if not asked.only or any(part in name for part in asked.only)]
    if asked.afresh:
        for name in names:
            (asked.folder / f"{name.replace(' ', '-')}.json").unlink(missing_ok=True)
    soak(names, 60 * asked.minutes, asked.beside, asked.folder)
    kept = [asked.folder / f"{name.replace(' ', '-')}.json" for name in PARSERS]
    body = evidence([json.loads(path.read_text()) for path in kept if path.is_file()])
    asked.out.write_text(json.dumps(body, indent=1) + "\n")
    print(json.dumps({key: value for key, value in body.items() if key != "rows"}, indent=1))
    return int(body["parsers_with_faults"] > 0)


if __name__ == "__main__":
    raise SystemExit(main())
