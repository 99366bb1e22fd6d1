"""Farrington flexible over England and Wales: time and memory for every LSOA, and agreement with R.

usage: python benchmarks/farrington.py [--places 35672] [--weeks 260]

Places are drawn (uneven Poisson rates with a season), so the times are of the detector alone; the second
line is the whole detector (area's season, chances and signals), not only the regression. The numbers of R
are those of tests/warn/fixtures/surveillance_r.json (benchmarks/farrington_r.R).
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from peelian.domain.series import Series
from peelian.domain.time import period_starts, step
from peelian.warn import cusum, farrington
from peelian.warn.surveillance.bounds import judge
from peelian.warn.surveillance.control import NOUFAILY, Control
from peelian.warn.surveillance.fit import fit
from peelian.warn.surveillance.reference import anchors, reference, steps

FIXTURE = Path(__file__).parents[1] / "tests" / "warn" / "fixtures" / "surveillance_r.json"


def drawn(places: int, weeks: int) -> Series:
    """Draw weekly counts of places whose mean is one a week, half of them under a half."""
    rng = np.random.default_rng(1)
    season = np.exp(0.3 * np.sin(np.arange(weeks) / 52.18 * 2 * np.pi))[:, None]
    counts = rng.poisson(rng.gamma(0.7, 1 / 0.7, places) * season).astype(float)
    starts = period_starts(date(2017, 1, 2), weeks, "week")
    names = tuple(f"E{a}" for a in range(places))
    return Series(
        "asb", "week", "lsoa", tuple(starts), step(starts[-1], "week", 1), names,
        np.zeros(places), np.zeros(places), counts, np.ones(counts.shape, bool),
    )  # fmt: skip


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def agreement() -> None:
    numbers = json.loads(FIXTURE.read_text())
    print("\n| series | run | periods judged | furthest: bound | expected | chance |")
    print("| --- | --- | --- | --- | --- | --- |")
    for run in numbers["farrington"]:
        series = numbers[run["series"]]
        counts = np.array(series["counts"], float)[:, None]
        seen = np.ones(counts.shape, bool)
        control = Control(
            run["b"], run["w"], run["noPeriods"], run["past"], outlier=run["weightsThreshold"],
            trend_p=run["pThresholdTrend"], method=run["method"], alpha=run["alpha"], power=run["power"],
        )  # fmt: skip
        every, days = ("month" if series["frequency"] == 12 else "week"), series["day"]
        starts = [date(1970, 1, 1) + timedelta(int(d)) for d in days] if days else []
        times = np.array(days if days else np.arange(len(counts)), float)
        rows = []
        for k in range(run["first"] - 1, len(counts)):
            at = anchors(starts, every, k, run["b"]) if days else steps(k, run["b"], every)
            fitted = fit(counts, seen, reference(at, control, times), control)
            found = judge(counts[k], fitted, control)
            rows.append([found.upper[0], found.expected[0], found.p[0]])
        mine = np.array(rows).T
        far = [
            _furthest(a, np.array(run[name], float))
            for a, name in zip(mine, ("upper", "expected", "p"), strict=True)
        ]
        print(
            f"| {run['series']} | {run['label']} | {len(rows)} | {far[0]:.1e} | {far[1]:.1e} | {far[2]:.1e} |"
        )


def _furthest(mine: np.ndarray, theirs: np.ndarray) -> float:
    """Give the furthest difference, as a share of the package's number."""
    known = np.isfinite(theirs)
    return float(np.max(np.abs(mine - theirs)[known] / np.maximum(np.abs(theirs[known]), 1e-6)))


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--places", type=int, default=35_672)
    ask.add_argument("--weeks", type=int, default=260)
    given = ask.parse_args()
    series = drawn(given.places, given.weeks)
    few = drawn(20, given.weeks)
    farrington.detect(few, seed=1)  # compiles
    cusum.detect(drawn(20, 100), seed=1)
    before, began = memory(), time.perf_counter()
    rows = anchors(series.starts, "week", given.weeks - 1, 5)
    control = replace(NOUFAILY, years=len(rows) - 1)
    fit(series.counts, series.observed, reference(rows, control, np.arange(float(given.weeks))), control)
    print(f"{given.places} places x {given.weeks} weeks, {len(rows) - 1} years of windows")
    print(f"regression with Noufaily's settings: {time.perf_counter() - began:.1f} s")
    began = time.perf_counter()
    found = farrington.detect(series, seed=1)
    print(f"detector: {time.perf_counter() - began:.1f} s (limit 15 s)")
    alone = series.counts.nbytes / 2**20
    print(f"memory: {memory():.0f} MB at most, {before:.0f} MB before; counts alone {alone:.0f} MB")
    print(f"chances at or below 0.01: {100 * np.mean(found.p <= 0.01):.2f} % of places (null world)")
    short = drawn(given.places, 100)
    began = time.perf_counter()
    cusum.detect(short, seed=1)
    print(f"CUSUM, {given.places} places x 100 weeks: {time.perf_counter() - began:.1f} s")
    agreement()


if __name__ == "__main__":
    main()
