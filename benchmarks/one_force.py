"""One force, six targets: refit, forecast and reasons for each, with the time of each step and the memory.

usage: python benchmarks/one_force.py [--cells 80000] [--active 8000] [--years 5] [--workers 2]

The world is drawn here: weekly Poisson counts of six types of event with shared gamma rates at the active
cells, none elsewhere. Limit beside it: 60 s and 3 GiB on two cores. The share of memory bandwidth is that
of the pass over the past (bytes of its state read and written, a second), against a plain copy in numpy.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime
from multiprocessing import get_context
from threading import Event, Thread
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line does

import numpy as np
import psutil

from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.domain.panel import Panel
from peelian.domain.time import period_starts, step
from peelian.models import MODELS, feature_pass, learner

TYPES = ("violence", "robbery", "asb", "burglary", "vehicle", "damage")
EVENTS_A_YEAR = (16_000, 1_500, 14_000, 5_000, 6_000, 8_000)
STEPS = {
    "draw and read past maps": (learner, "draw"),
    "weights": (learner, "_weights"),
    "trees": (learner, "_grow"),
    "doubt": (learner, "_doubt"),
    "maps at the origin": (learner, "read_maps"),
    "reasons": (learner, "explain"),
}
WORLD: dict[str, Any] = {}


def make(cells: int, active: int, years: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw (six types, weeks, cells) counts over a square area, busy in clumps; and the cells' ids."""
    rng = np.random.default_rng(1)
    side = int(np.ceil(np.sqrt(cells)))
    row, column = np.divmod(np.arange(cells), side)
    towns = rng.integers(0, side, (12, 2))
    near = np.min([np.hypot(row - y, column - x) for y, x in towns], axis=0)
    busy = np.argsort(near + rng.normal(0, 4, cells))[:active]
    counts = np.zeros((len(TYPES), years * 52, cells), np.float32)
    shape = rng.gamma(0.5, 1.0, active)
    for k, year in enumerate(EVENTS_A_YEAR):
        rate = shape * rng.gamma(2.0, 0.5, active)
        for week in range(years * 52):
            counts[k, week, busy] = rng.poisson(rate / rate.sum() * year / 52)
    return counts, ((800 + row) * GRID.columns + 1000 + column).astype(np.int64)


def one_target(k: int) -> dict[str, Any]:
    """Fit the learner to one target and forecast with reasons; give the seconds of each step."""
    spent: dict[str, float] = defaultdict(float)
    for words, (module, name) in STEPS.items():
        setattr(module, name, timed(getattr(module, name), words, spent))
    began = time.perf_counter()
    panel = panel_of(k)
    spent["panel"] = time.perf_counter() - began
    fitted = MODELS["learner"].fit(panel, horizon=1, window=1, seed=1)
    middle = time.perf_counter()
    made = fitted.predict(panel)
    spent["whole"] = time.perf_counter() - began
    spent["of which forecast"] = time.perf_counter() - middle
    error = float(np.abs(sum(made.contributions.values()) - made.mean).max())
    return {"target": TYPES[k], "spent": dict(spent), "error": error}


def timed(function: Callable[..., Any], words: str, spent: dict[str, float]) -> Callable[..., Any]:
    """Give the function that also adds its seconds under `words`."""
    plain = getattr(function, "plain", function)

    def inner(*args: Any, **kwargs: Any) -> Any:
        began = time.perf_counter()
        out = plain(*args, **kwargs)
        spent[words] += time.perf_counter() - began
        return out

    inner.plain = plain  # type: ignore[attr-defined]
    return inner


def panel_of(k: int) -> Panel:
    """Give the panel of a target: its own counts first, the others' after."""
    counts, cells = WORLD["counts"], WORLD["cells"]
    order = [k, *(i for i in range(len(TYPES)) if i != k)]
    first, weeks = date(2015, 1, 5), counts.shape[1]
    origin = step(first, "week", weeks)
    return Panel(
        GRID, "week", origin, datetime(origin.year, origin.month, origin.day, tzinfo=UTC), TYPES[k],
        tuple(TYPES[i] for i in order), tuple(period_starts(first, weeks, "week")), cells, counts[order],
        np.broadcast_to(np.ones((1, 1, 1), bool), counts.shape), np.zeros(counts.shape[:2]),
    )  # fmt: skip


class Watch(Thread):
    """Adds up, ten times a second, the memory of this process and its workers: shared pages once (PSS)."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak, self.ended = 0.0, Event()

    def run(self) -> None:
        """Watch until `ended`."""
        me = psutil.Process()
        while not self.ended.wait(0.1):
            whole = 0.0
            for one in [me, *me.children(recursive=True)]:
                with suppress(psutil.Error):
                    whole += one.memory_full_info().pss / 1024**2
            self.peak = max(self.peak, whole)


def bandwidth() -> float:
    """Give what a plain copy in numpy moves, GB a second (read and written)."""
    a = np.ones(50_000_000, np.float32)
    b = np.empty_like(a)
    best = np.inf
    for _ in range(5):
        began = time.perf_counter()
        np.copyto(b, a)
        best = min(best, time.perf_counter() - began)
    return 2 * a.nbytes / best / 1e9


def pass_rate() -> tuple[float, float]:
    """Give the seconds of one pass over the past and the GB a second its state moves."""
    panel = panel_of(0)
    maps = learner.maps_of(panel)
    chosen = np.flatnonzero(panel.counts.any(axis=(0, 1)))
    cuts = [len(panel.starts) - 1]
    row = np.zeros(len(chosen), np.int64)
    feature_pass.rows_of_maps(panel, maps[:1], cuts, 0, row, chosen)  # compiled before it is timed
    began = time.perf_counter()
    feature_pass.rows_of_maps(panel, maps, cuts, 0, row, chosen)
    seconds = time.perf_counter() - began
    states = sum(1 for m in maps if m.band == 0)
    return seconds, 2 * 4.0 * states * len(chosen) * cuts[0] / seconds / 1e9


def main() -> None:
    """Draw the world, forecast six targets, print steps, time and memory."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--cells", type=int, default=80_000)
    parser.add_argument("--active", type=int, default=8_000)
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    WORLD["counts"], WORLD["cells"] = make(asked.cells, asked.active, asked.years)
    shape = "{:,} cells ({:,} active), {} weeks, {} types".format(
        asked.cells, asked.active, WORLD["counts"].shape[1], len(TYPES)
    )
    print(f"{shape}: {WORLD['counts'].sum():,.0f} events; {os.cpu_count()} cores, {asked.workers} workers")
    seconds, moved = pass_rate()
    watch = Watch()
    watch.start()
    began = time.perf_counter()
    with ProcessPoolExecutor(asked.workers, mp_context=get_context("fork")) as pool:
        found = list(pool.map(one_target, range(len(TYPES))))
    whole = time.perf_counter() - began
    names = ["panel", *STEPS, "of which forecast", "whole"]
    print(
        "\n| target | "
        + " | ".join(f"{name}, s" for name in names)
        + " |\n"
        + "| --- " * (len(names) + 1)
        + "|"
    )
    for one in found:
        print(f"| {one['target']} | " + " | ".join(f"{one['spent'].get(n, 0):.2f}" for n in names) + " |")
    watch.ended.set()
    copy = bandwidth()
    print(f"\nall six: {whole:.1f} s (limit 60); peak of all processes {watch.peak:,.0f} MiB (limit 3,072)")
    print(f"largest difference between reasons and forecast: {max(one['error'] for one in found):.1e}")
    print(f"the pass over the past: {seconds:.2f} s, {moved:.1f} GB/s of {copy:.1f} GB/s that a copy moves "
          f"({100 * moved / copy:.0f} %)")  # fmt: skip


if __name__ == "__main__":
    main()
