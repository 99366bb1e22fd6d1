"""Farrington flexible over England and Wales: time and memory for every LSOA, and agreement with R.

usage: python benchmarks/farrington.py [--places 35672] [--weeks 260] [--worlds 60]

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
from peelian.domain.warning import Found
from peelian.warn import cusum, ears, farrington
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


def world(
    seed: int, periods: int, mean: float, overdispersion: float, times: float = 1.0, burst: int = 1
) -> Series:
    """Draw 300 uneven places, season and trends; the first 30 raised `times` over the last `burst` weeks."""
    rng = np.random.default_rng([77, seed])
    years = (np.arange(periods) - periods + 1.0)[:, None] / 52.18
    season = 0.3 * np.sin(2 * np.pi * years + rng.uniform(0, 6.3))
    trend = (rng.normal(0, 0.05) + rng.normal(0, 0.06, 300)) * years
    rate = mean * np.exp(season + trend + rng.normal(0, 0.5, 300))
    rate[-burst:, :30] *= times
    mixed = rng.gamma(rate / (overdispersion - 1), overdispersion - 1) if overdispersion > 1 else rate
    return replace(drawn(300, periods), counts=rng.poisson(mixed).astype(float))


class Package:
    """The package's own chance, with Noufaily's options: the mean is taken as known."""

    SPEC = replace(farrington.SPEC, id="as the package")

    @staticmethod
    def detect(series: Series, *, seed: int) -> Found:
        rows = anchors(series.starts, "week", len(series.starts) - 1, NOUFAILY.years)
        times = np.arange(float(len(series.starts)))
        fitted = fit(series.counts, series.observed, reference(rows, NOUFAILY, times), NOUFAILY)
        return Found(judge(series.counts[-1], fitted, NOUFAILY).p)


def worlds(many: int) -> None:
    """Print how many places, in per cent, fall at or below three levels unchanged, and of raised ones."""
    print(
        "\n| detector | weeks | mean | overdispersion | 0.05 | 0.01 | 0.001 | twice: 0.01 | 4 times: 0.01 |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for detector, periods in ((Package, 261), (farrington, 261), (cusum, 100), (ears, 20)):
        for mean, phi in ((0.1, 1.0), (0.3, 3.0), (1.0, 1.0), (1.0, 2.0), (5.0, 1.0), (5.0, 2.0)):
            p = np.concatenate([detector.detect(world(k, periods, mean, phi), seed=k).p for k in range(many)])
            cells = [f"{100 * np.mean(p <= level):.2f}" for level in (0.05, 0.01, 0.001)]
            for times in (2.0, 4.0):
                made = (world(k, periods, mean, phi, times, 4) for k in range(max(many // 3, 1)))
                raised = np.concatenate([detector.detect(w, seed=k).p[:30] for k, w in enumerate(made)])
                cells.append(f"{100 * np.mean(raised <= 0.01):.0f}")
            print(f"| {detector.SPEC.id} | {periods} | {mean} | {phi} | {' | '.join(cells)} |")


def run_lengths(level: float = 0.02, first: int = 40, last: int = 150) -> None:
    """Print how long the CUSUM runs between false signals at a level, week after week on drawn places."""
    print(f"\n| mean | overdispersion | % of weeks on | weeks to a false start (stated {1 / level:.0f}) |")
    print("| --- | --- | --- | --- |")
    for mean, phi in ((0.3, 1.0), (1.0, 2.0), (5.0, 1.0)):
        whole = world(1, last, mean, phi)
        on = []
        for n in range(first, last + 1):
            counts, seen = whole.counts[:n], whole.observed[:n]
            cut = replace(
                whole,
                counts=counts,
                observed=seen,
                starts=whole.starts[:n],
                end=step(whole.starts[n - 1], "week", 1),
            )
            on.append(cusum.detect(cut, seed=n).p <= level)
        alarm = np.array(on)
        starts = (alarm[1:] & ~alarm[:-1]).sum()
        print(f"| {mean} | {phi} | {100 * alarm.mean():.2f} | {alarm[1:].size / max(starts, 1):.0f} |")


def memory() -> float:
    """Give the peak of this process, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def agreement() -> None:
    """Print how far bounds, means and chances lie from those that R's package gave."""
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
    """Print time, memory, agreement and null worlds."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--places", type=int, default=35_672)
    ask.add_argument("--weeks", type=int, default=260)
    ask.add_argument("--worlds", type=int, default=60)
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
    worlds(given.worlds)
    run_lengths()


if __name__ == "__main__":
    main()
