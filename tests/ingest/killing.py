"""Kill an ingest at a random point, then let the next run finish: used by a test and by the soak."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import polars as pl

from peelian.domain.actor import LOCAL_ANALYST
from peelian.ingest.run import ingest
from peelian.store.collect import collect
from peelian.store.ledger import state
from peelian.store.workspace import Workspace, open_workspace
from tests.tiny_source import Tiny, row, write

CHILD = """
import sys
from pathlib import Path
from peelian.domain.actor import LOCAL_ANALYST
from peelian.ingest.run import ingest
from peelian.store import stage
from peelian.store.workspace import open_workspace
from tests.tiny_source import Tiny
home, database, hold, *paths = sys.argv[1:]
stage.Stage.__init__.__kwdefaults__["hold_rows"] = int(hold)
ws = open_workspace(Path(home), database or None)
print("begins", flush=True)
for path in paths:
    ingest(ws, Tiny(), [Path(path)], options={}, actor=LOCAL_ANALYST, purpose="analysis")
    print("taken", path, flush=True)
"""


@dataclass(frozen=True)
class Killed:
    """What one kill found. `lost` and `doubled` count ledger rows against an unkilled run's."""

    after_s: float
    taken: int  # files acknowledged before the kill
    mid: bool  # work was left when it fell
    lost_after_ack: int
    torn: int  # files of which the ledger held a part
    lost: int
    doubled: int
    orphans: int


def history(folder: Path, files: int, rows: int, seed: int) -> list[Path]:
    """Write files of rows and of editions that overlap, so that kills fall on every kind of change."""
    rng = random.Random(seed)
    paths = []
    for k in range(files):
        some = [
            row(rng.choice([None, str(rng.randrange(rows * 3))]), rng.choice("xyz"), day=rng.randrange(28))
            for _ in range(rows)
        ]
        edition = None if k % 2 else ("2022-01", f"2022-{k + 1:02d}")
        path, force = folder / f"{k:02d}.json", f"force{k % 2}"
        paths.append(write(path, some, edition=edition, force=force, batch=rows // 3))
    return paths


def start(ws: Workspace, database: str | None, paths: list[Path], hold: int) -> subprocess.Popen[str]:
    """Start an ingest in a process of its own."""
    command = [sys.executable, "-c", CHILD, str(ws.home), database or "", str(hold), *map(str, paths)]
    root = Path(__file__).resolve().parents[2]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root, env=os.environ.copy())


def take_all(ws: Workspace, paths: list[Path]) -> Iterator[pl.DataFrame]:
    """Ingest file by file, here; give the state after each."""
    for path in paths:
        ingest(ws, Tiny(), [path], options={}, actor=LOCAL_ANALYST, purpose="analysis")
        yield state(ws)


def run_whole(ws: Workspace, paths: list[Path]) -> list[pl.DataFrame]:
    """Ingest unkilled; give the state before, and after each file."""
    return [state(ws), *take_all(ws, paths)]


def kill_once(
    home: Path,
    database: str | None,
    paths: list[Path],
    states: list[pl.DataFrame],
    rng: random.Random,
    hold: int,
) -> Killed:
    """Kill at a random point of a random file, look, finish in a second run, compare."""
    ws = open_workspace(home, database)
    process = start(ws, database, paths, hold)
    assert process.stdout is not None
    assert process.stdout.readline() == "begins\n"
    began, taken = time.monotonic(), rng.randrange(len(paths))
    for _ in range(taken):
        process.stdout.readline()
    a_file = (time.monotonic() - began) / taken if taken else 1.0
    time.sleep(rng.uniform(0, 1.2 * a_file))
    process.send_signal(signal.SIGKILL)
    after = time.monotonic() - began
    taken += process.stdout.read().count("taken")
    process.wait()
    found = state(ws)
    # One file more may be committed than was said: the kill fell between the commit and the word.
    known = next((k for k, one in enumerate(states) if one.equals(found)), None)
    *_, end = take_all(ws, paths)
    whole = states[-1]
    orphans = collect(ws, after=timedelta(days=-1))
    result = Killed(
        after_s=after,
        taken=taken,
        mid=taken < len(paths),
        lost_after_ack=int(known is not None and known < taken),
        torn=int(known is None),
        lost=_more(whole, end),
        doubled=_more(end, whole),
        orphans=orphans,
    )
    assert state(ws).equals(end)
    ws.engine.dispose()
    return result


def _more(one: pl.DataFrame, other: pl.DataFrame) -> int:
    """Count rows of one that the other has fewer of: an id may well stand in two parts."""
    copy = pl.int_range(pl.len()).over(one.columns).alias("copy")
    numbered = [frame.with_columns(copy) for frame in (one, other)]
    return numbered[0].join(numbered[1], on=[*one.columns, "copy"], how="anti").height
