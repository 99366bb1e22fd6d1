"""Whether doubt is honest at each level: bias, slope and randomised PIT by place and period, on open origins.

usage: python benchmarks/levels.py [--data DIR] [--only NAME,...] [--models ID,...]

For each case: the share of the randomised PIT (Czado et al. 2009) that lies between 0.05 and 0.95, over all
places and periods and by third of the rate, the raw coverage of the 5 to 95 % range beside it, the bias of
the total and, of cells, the calibration slope; and what fitting the levels added to the fit. Squares of a
kilometre stand in where no areas are loaded. Origins end before the periods kept back.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from scipy import optimize, stats

from accuracy import BEDFORDSHIRE, CHICAGO
from peelian.domain.contracts import Fitted
from peelian.domain.forecast import Forecast, summed
from peelian.domain.grid import Floats
from peelian.domain.target import target_named
from peelian.domain.time import Every, london_midnight
from peelian.models import MODELS
from peelian.models.levels import Levelled, levels_for
from peelian.pipeline.areas import resolve_area
from peelian.pipeline.context import open_context
from peelian.pipeline.ingesting import IngestRequest, ingest
from peelian.pipeline.panels import Panels, load_panels, origins_between

TORONTO = IngestRequest("table", (Path("toronto-2014-to-2019.parquet"),), mapping="toronto", force="toronto")


@dataclass(frozen=True)
class Case:
    """What is forecast, from which origins; models are refitted once in `refit` origins."""

    name: str
    feed: IngestRequest
    target: str
    every: Every
    first: date
    last: date
    window: int = 1
    skip: int = 1
    refit: int = 1


MONTHS = (date(2022, 11, 1), date(2023, 4, 1))
CASES = (
    *(Case(f"beds-{t}", BEDFORDSHIRE, t, "month", *MONTHS) for t in ("violence", "asb", "robbery")),
    Case("beds-violence-6", BEDFORDSHIRE, "violence", "month", date(2022, 6, 1), date(2022, 11, 1), 6),
    Case("chicago", CHICAGO, "violence", "week", date(2016, 1, 4), date(2016, 12, 26), skip=2, refit=13),
    Case("toronto", TORONTO, "violence", "week", date(2018, 1, 1), date(2018, 12, 17), skip=2, refit=13),
)
Rows = list[tuple[Floats, Floats, Floats]]
"""What happened, mean and dispersion, of each origin."""


def panels_of(case: Case, data: Path, keep: Path) -> Panels:
    """Ingest the feed, once, and give its panels."""
    path = case.feed.paths[0]
    new = not (keep / path.stem).exists()
    ctx = open_context(keep / path.stem, None, "evaluation")
    if new:
        ingest(ctx, IngestRequest(case.feed.source, (data / path,), case.feed.mapping, case.feed.force))
    known = london_midnight(case.first)
    area = resolve_area(ctx, None, known)
    return load_panels(ctx, area, target_named(case.target), case.every, known)


def play(case: Case, panels: Panels, model: str) -> tuple[dict[str, Rows], float, float]:
    """Give the rows of each level, and the seconds of fits and of levels."""
    rows: dict[str, Rows] = {}
    fit_s = level_s = 0.0
    fitted: Fitted | None = None
    for k, origin in enumerate(origins_between(case.first, case.last, case.every)[:: case.skip]):
        panel = panels.at(origin)
        if fitted is None or k % case.refit == 0:
            began = time.perf_counter()
            bare = MODELS[model].fit(panel, horizon=1, window=case.window, seed=1)
            middle = time.perf_counter()
            fitted = Levelled(bare, levels_for(bare, panel, horizon=1, window=case.window))
            fit_s, level_s = fit_s + middle - began, level_s + time.perf_counter() - middle
        made: Forecast = fitted.predict(panel)
        truth, _ = panels.truth(origin, 1, case.window)
        rows.setdefault("cell", []).append((truth[0], made.mean[0], made.dispersion[0]))
        for one in made.levels:
            counts = summed(truth, one.parents)[0]
            rows.setdefault(one.parents.level, []).append((counts, one.mean[0], one.dispersion[0]))
    return rows, fit_s, level_s


def inside(count: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """Give the probability that each count's randomised PIT lies between 0.05 and 0.95."""
    r = 1 / np.maximum(dispersion, 1e-9)
    low, high = stats.nbinom.cdf(count - 1, r, r / (r + mean)), stats.nbinom.cdf(count, r, r / (r + mean))
    held = np.clip(np.minimum(high, 0.95) - np.maximum(low, 0.05), 0, None)
    return np.asarray(held / np.maximum(high - low, 1e-12), np.float64)


def covered(count: Floats, mean: Floats, dispersion: Floats) -> float:
    """Give the share of counts from the 5 % to the 95 % quantile, both included."""
    r = 1 / np.maximum(dispersion, 1e-9)
    low, high = (stats.nbinom.ppf(q, r, r / (r + mean)) for q in (0.05, 0.95))
    return float(np.mean((count >= low) & (count <= high)))


def slope(count: Floats, mean: Floats) -> float:
    """Give the Poisson regression slope of counts on log means (one when calibrated)."""
    log = np.log(np.maximum(mean, 1e-12))
    log = log - np.average(log, weights=mean)

    def loss(b: Floats) -> float:
        told = np.exp(b[0] + b[1] * log)
        return float(told.sum() - count @ (b[0] + b[1] * log))

    return float(optimize.minimize(loss, [np.log(count.mean()), 1.0], method="Nelder-Mead").x[1])


def line(case: Case, model: str, level: str, rows: Sequence[tuple[Floats, Floats, Floats]]) -> str:
    """Give one row of the table."""
    count, mean, dispersion = (np.concatenate(part) for part in zip(*rows, strict=True))
    mass = inside(count, mean, dispersion)
    third = np.digitize(mean, np.quantile(mean, [1 / 3, 2 / 3]))
    thirds = ", ".join(f"{100 * mass[third == k].mean():.1f}" for k in range(3)) if level != "area" else "-"
    slopes = f"{slope(count, mean):.2f}" if level == "cell" else "-"
    cells = [
        case.name, model, level, f"{len(count):,}", f"{100 * (mean.sum() / count.sum() - 1):+.1f} %",
        f"{100 * mass.mean():.1f} %", thirds, f"{100 * covered(count, mean, dispersion):.1f} %", slopes,
    ]  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    """Run the cases and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    parser.add_argument("--data", type=Path, default=beside)
    parser.add_argument("--only", default=",".join(c.name for c in CASES))
    parser.add_argument("--models", default="shrunk-decay")
    parser.add_argument("--keep", type=Path, help="keep the workspaces in this folder")
    asked = parser.parse_args()
    if not asked.data.is_dir():
        sys.exit(f"no data at {asked.data}: give --data DIR")
    print("| case | model | level | places x periods | bias | PIT inside | by third | raw | slope |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory(prefix="peelian-levels-") as folder:
        for case in (c for c in CASES if c.name in asked.only.split(",")):
            panels = panels_of(case, asked.data, asked.keep or Path(folder))
            for model in asked.models.split(","):
                rows, fit_s, level_s = play(case, panels, model)
                for level, held in rows.items():
                    print(line(case, model, level, held), flush=True)
                added = f"levels added {level_s:.1f} s to {fit_s:.1f} s of fits"
                print(f"{case.name}, {model}: {added}", file=sys.stderr)


if __name__ == "__main__":
    main()
