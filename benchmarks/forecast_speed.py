"""Forecast and backtest time and memory, with cells and periods, on a simulated monthly and weekly area.

usage: python benchmarks/forecast_speed.py [--cells 10000] [--years 5] [--every month|week] [--origins 6]

The panel is drawn here (uneven Poisson rates), so the times are of the forecasters and of the scoring
alone. The limit beside them: scoring must cost less than forecasting does.
"""

from __future__ import annotations

import argparse
import resource
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np

from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.domain.panel import Panel
from peelian.domain.time import YEAR_PERIODS, Every, floor_period, period_starts, periods_between, step
from peelian.evaluate.backtest import backtest
from peelian.models import MODELS

TYPES = ("violence", "asb", "robbery", "damage")


@dataclass(frozen=True, eq=False)
class World:
    """Counts of four types at every period and cell, (T, P, C)."""

    every: Every
    first: date
    counts: np.ndarray
    cells: np.ndarray

    def panel_at(self, origin: date, lag: int) -> Panel:
        """Give what lies before the origin; the last `lag` periods withheld."""
        n = periods_between(self.first, origin, self.every)
        counts = self.counts[:, :n]
        seen = np.ones((len(TYPES), n, 1), bool)
        seen[:, max(n - lag, 0) :] = False
        as_of = datetime(origin.year, origin.month, origin.day, tzinfo=UTC)
        return Panel(
            GRID, self.every, origin, as_of, "violence", TYPES,
            tuple(period_starts(self.first, n, self.every)), self.cells, counts,
            np.broadcast_to(seen, counts.shape), np.zeros((len(TYPES), n)),
        )  # fmt: skip

    def truth_at(self, origin: date) -> tuple[np.ndarray, np.ndarray]:
        """Give the outcome of the period from the origin."""
        n = periods_between(self.first, origin, self.every)
        counts = self.counts[0, n : n + 1].astype(float)
        return counts, np.ones(counts.shape, bool)


def make(cells: int, years: int, every: Every, origins: int, events_a_year: float = 20_000.0) -> World:
    """Draw a square area whose rates differ from place to place and are shared between types."""
    rng = np.random.default_rng(1)
    side = int(np.ceil(np.sqrt(cells)))
    rows, columns = np.divmod(np.arange(cells), side)
    periods = years * YEAR_PERIODS[every] + origins + 1
    shape = rng.gamma(0.15, 1.0, cells) + 0.002
    rate = shape / shape.sum() * events_a_year / YEAR_PERIODS[every]
    counts = rng.poisson(rate, (len(TYPES), periods, cells)).astype(np.float32)
    first = floor_period(date(2015, 1, 5), every)
    return World(every, first, counts, ((800 + rows) * GRID.columns + 1000 + columns).astype(np.int64))


def memory() -> float:
    """Give the peak memory of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Time each forecaster's fit and predict, then a whole backtest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--cells", type=int, default=10_000)
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--every", choices=("month", "week"), default="month")
    parser.add_argument("--origins", type=int, default=6)
    asked = parser.parse_args()
    world = make(asked.cells, asked.years, asked.every, asked.origins)
    origin = step(world.first, asked.every, world.counts.shape[1] - asked.origins - 1)
    panel = world.panel_at(origin, 0)
    size = f"{asked.cells:,} cells, {len(panel.starts)} {asked.every}s, {len(TYPES)} types"
    print(f"{size}: {world.counts[0].sum():,.0f} events of the target; {memory():.0f} MiB before any model\n")
    print(
        "| forecaster | fit, s | predict, s | both, CPU s | peak memory so far, MiB |\n"
        "| --- | --- | --- | --- | --- |"
    )
    for name, model in MODELS.items():
        began, worked = time.perf_counter(), time.process_time()
        fitted = model.fit(panel, horizon=1, window=1, seed=1)
        middle = time.perf_counter()
        fitted.predict(panel)
        ended, worked = time.perf_counter(), time.process_time() - worked
        times = f"{middle - began:.2f} | {ended - middle:.2f} | {worked:.2f}"
        print(f"| {name} | {times} | {memory():.0f} |", flush=True)
    marks: list[tuple[float, float]] = []

    def tick(_words: str, share: float) -> None:
        marks.append((time.perf_counter(), share))

    refit = 1 if asked.every == "month" else 13
    origins = period_starts(origin, asked.origins, asked.every)
    warmup = [origin - timedelta(days=7)] if asked.every == "week" else [step(origin, "month", -1)]
    began, worked = time.perf_counter(), time.process_time()
    backtest(world.panel_at, world.truth_at, MODELS, origins, warmup=warmup, refit_every=refit, tick=tick)
    ended = time.perf_counter()
    scoring = ended - next(at for at, share in marks if share >= 0.85)
    print(
        f"\nbacktest of {len(MODELS)} forecasters at {asked.origins} origins: {ended - began:.1f} s "
        f"({time.process_time() - worked:.1f} CPU s), "
        f"of which scoring and 2,000-fold bootstrap {scoring:.1f} s; peak {memory():.0f} MiB"
    )


if __name__ == "__main__":
    main()
