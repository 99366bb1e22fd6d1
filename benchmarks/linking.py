"""Linking three feeds of the simulator beside the oracle and a plain rival: `python benchmarks/linking.py`.

Prints, for a plain world and for a dense night-time one (independent feeds, and feeds that depend on each
other): precision, recall and F1 of pairs, calibration by tenth, incidents against the truth, and seconds.
Bars: precision 0.95 and recall 0.90, or 95 % of the oracle's F1; calibration within 0.05; incidents within
3 %; 100,000 reports within 60 s. A bar that is not met is printed as failed.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import polars as pl
from scipy.spatial import cKDTree

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.link.oracle import oracle
from tests.link.scoring import Score, calibration, found_incidents, pairs_of, scored, true_incidents

from peelian.link.known import linking_of
from peelian.link.reports import COLUMNS, linkable
from peelian.simulate.agencies.reports import agency_reports
from peelian.simulate.scenario import load_scenario
from peelian.simulate.world import build_world

WORLDS = (("plain", False), ("night", False), ("night", True))
ENOUGH = 400  # pairs in a tenth of probability, for its calibration to be told from chance


def nearest(reports: pl.DataFrame) -> pl.DataFrame:
    """Link each report to the nearest of every other feed within 250 m and 2 hours: the plain rival."""
    rows = linkable(reports)
    at = np.column_stack([rows[c].to_numpy() for c in ("easting", "northing", "hour")]) * [1, 1, 125.0]
    feed = rows["feed"].to_numpy()
    names, found = rows["report"].to_list(), set()
    for name in np.unique(feed):
        mine, others = np.flatnonzero(feed != name), np.flatnonzero(feed == name)
        gap, which = cKDTree(at[others]).query(at[mine], distance_upper_bound=250.0 * np.sqrt(2))
        for i, j, d in zip(mine, which, gap, strict=True):
            if np.isfinite(d):
                k = others[j]
                near = np.hypot(*(at[i, :2] - at[k, :2])) <= 250 and abs(at[i, 2] - at[k, 2]) <= 250
                if near:
                    found.add((min(names[i], names[k]), max(names[i], names[k])))
    return pl.DataFrame(sorted(found), schema=["left", "right"], orient="row")


def line(name: str, score: Score) -> str:
    """Write a score."""
    return f"  {name:24} precision {score.precision:.3f}  recall {score.recall:.3f}  F1 {score.f1:.3f}"


def verdict(name: str, holds: bool) -> str:
    """Say whether a bar holds."""
    return f"  {'holds ' if holds else 'FAILED'} {name}"


def report(scenario: str, dependent: bool) -> None:
    """Print one world."""
    world = build_world(load_scenario(scenario), 1)
    reports = agency_reports(world, seed=1, dependent=dependent)
    print(f"\n{scenario}, {'dependent' if dependent else 'independent'} feeds: {reports.height:,} reports")
    began = time.perf_counter()
    linked = linking_of(reports.select(COLUMNS)).at(reports.select(COLUMNS))
    seconds = time.perf_counter() - began
    score, best = scored(reports, pairs_of(linked.incidents)), oracle(world, reports)
    print(line("linking", score))
    print(line("oracle", best))
    print(line("nearest within 250 m, 2 h", scored(reports, nearest(reports))))
    tenths = calibration(reports, linked.decided.pairs, least=ENOUGH)
    for row in tenths.iter_rows(named=True):
        print(f"    said {row['said']:.2f}  true {row['true']:.2f}  ({row['pairs']:,} pairs)")
    true, found = true_incidents(reports), found_incidents(reports, linked.incidents)
    mean, low, high = linked.decided.incidents
    print(f"  incidents {found:,}, truth {true:,} ({found / true - 1:+.1%})")
    print(f"  expected {mean:,.0f} (nine in ten draws: {low:,.0f} to {high:,.0f})")
    good = (score.precision >= 0.95 and score.recall >= 0.90) or score.f1 >= 0.95 * best.f1
    share = score.f1 / best.f1 if best.f1 else float("nan")
    print(verdict(f"0.95 and 0.90, or 95 % of the oracle's F1 ({share:.1%})", good))
    worst = float(tenths["gap"].abs().max())  # type: ignore[arg-type]
    print(verdict(f"calibrated within 0.05 by tenth (worst {worst:.3f})", worst <= 0.05))
    print(verdict("incidents within 3 % of truth", abs(found / true - 1) <= 0.03))
    print(f"  {seconds:.1f} s: {seconds * 1e5 / reports.height:.1f} s for 100,000 reports")


if __name__ == "__main__":
    for scenario, dependent in WORLDS:
        report(scenario, dependent)
