"""How long the self-exciting fit takes, how its cost grows, and how well it recovers a simulated truth.

usage: NUMBA_NUM_THREADS=1 python benchmarks/self_exciting.py [--n 10000,100000,1000000] [--no-peers]
       [--peers FOLDER] [--write FILE.npz]

Worlds: branching 0.35, mean delay 14 days, step 200 m on 250 m cells, five years, lognormal cells, about 25
events a cell; and the same without repeats. Seconds are of the wall and of the processor, compiling apart.
tick and hawkeslib run beside it where they can be imported (`--peers`: a folder of packages, looked at last);
both fit times only, without places. `--write` saves the first size's world for self_exciting_bstpp.py, which
needs an environment of its own (numpy 1).
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.models.exciting.branching import world

from peelian.models.exciting.single import fit_single


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """Run once; give the result, wall seconds and processor seconds."""
    wall, processor = time.perf_counter(), time.process_time()
    out = work()
    return out, time.perf_counter() - wall, time.process_time() - processor


def ours(sizes: list[int]) -> None:
    """Fit simulated worlds of each size and print what was recovered and how long it took."""
    events, ground = world(1_000, 0.3, 10.0, 0.8, seed=1, side=10)
    _, wall, _ = timed(lambda: fit_single(events, ground))
    print(f"compiling and a first fit: {wall:.1f} s")
    spent = []
    for n in sizes:
        side = max(int(np.sqrt(n / 25)), 10)
        for branching in (0.35, 0.0):
            events, ground = world(n, branching, 14.0, 0.8, seed=5, side=side)
            got, wall, processor = timed(lambda e=events, g=ground: fit_single(e, g))
            print(
                f"{len(events.time):>9,} events, {side * side:>6,} cells: {wall:6.2f} s wall, "
                f"{processor:6.2f} s processor; branching {branching:.2f} -> {got.branching:.3f}, "
                f"delay 14 -> {got.delay:.1f} d, step 200 -> {got.width * 250:.0f} m"
            )
            if branching:
                spent.append((len(events.time), processor))
    if len(spent) > 1:
        n, s = np.log(np.array(spent)).T
        print(f"processor seconds grow as events to the power {np.polyfit(n, s, 1)[0]:.2f}")


def peers(sizes: list[int]) -> None:
    """Time the peers that are installed on the same events; say which are not."""
    for name, run in (("tick", _tick), ("hawkeslib", _hawkeslib)):
        try:
            importlib.import_module(name)
        except ImportError as error:
            print(f"{name}: not installed ({type(error).__name__})")
            continue
        for n in sizes:
            events, _ = world(n, 0.35, 14.0, 0.8, seed=5, side=max(int(np.sqrt(n / 25)), 10))
            try:
                told, wall, processor = timed(lambda f=run, e=events.time: f(e))
            except Exception as error:  # a peer that cannot fit is a finding
                print(f"{name}: failed: {type(error).__name__}: {error}"[:200])
                break
            print(f"{name}: {n:,} events: {wall:.2f} s wall, {processor:.2f} s processor; {told}")


def _tick(times: np.ndarray) -> str:
    learner = importlib.import_module("tick.hawkes").HawkesExpKern(1 / 14)
    learner.fit([np.ascontiguousarray(times)])
    return f"branching {float(learner.adjacency[0, 0]):.3f} (whole area, true decay given)"


def _hawkeslib(times: np.ndarray) -> str:
    model = importlib.import_module("hawkeslib").UnivariateExpHawkesProcess()
    model.fit(times)
    return f"parameters {model.get_params()} (whole area)"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", default="10000,100000,1000000")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    wanted = [int(v) for v in given.n.split(",")]
    if given.peers:
        sys.path.append(str(given.peers))
    if given.write:
        side = max(int(np.sqrt(wanted[0] / 25)), 10)
        known, _ = world(wanted[0], 0.35, 14.0, 0.8, seed=5, side=side)
        np.savez(given.write, time=known.time, cell=known.cell, side=side, span=known.span)
    ours(wanted)
    if not given.no_peers:
        peers(wanted)
