"""The NIJ challenge: back-tests beside the raw count, Peelian's forecasters on one grid, entries frozen.

    python benchmarks/nij.py [--data FOLDER] [--category all] [--truth FILE] [--models shrunk-decay,learner]
    python benchmarks/nij.py --grids 200      # does a grid's luck last? (instead of the challenge)

The folder holds Portland up to 28 February 2017. Nothing later is read before the entries are frozen.
"""

from __future__ import annotations

import argparse
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np

from peelian.domain.time import period_starts
from peelian.pipeline.nij.backtest import play, summary
from peelian.pipeline.nij.cells import CellTable
from peelian.pipeline.nij.challenge import run
from peelian.pipeline.nij.choosing import turned
from peelian.pipeline.nij.events import City, read_city
from peelian.pipeline.nij.lines import told
from peelian.pipeline.nij.ranking import RAW
from peelian.pipeline.nij.rules import HORIZONS, ORIGIN, categories_of, cells_to_flag


def luck(city: City, category: str, grids: int) -> str:
    """Say whether a grid's past score, or what its flags held of the past, says how it scores next year."""
    months = period_starts(date(2014, 3, 1), 36, "month")
    turn, window = months[24], HORIZONS[4]
    early, late, held = [], [], []
    for tessellation in turned(250.0, grids, seed=9):
        table = CellTable.of(tessellation, city, category)
        before = play(lambda _, t=table: t, RAW, months[:24], turn, 0.25, city.area)
        after = play(lambda _, t=table: t, RAW, months[24:], ORIGIN, 0.25, city.area)
        early.append(summary(before, window).pooled_pai)
        late.append(summary(after, window).pooled_pai)
        value = RAW.values(table, turn)
        held.append(np.sort(value)[::-1][: cells_to_flag(0.25, tessellation.area)].sum() / value.sum())
    by_score, by_past = (np.corrcoef(one, late)[0, 1] for one in (early, held))
    return (
        f"{category}: raw count at 0.25 sq mi on {grids} turned grids, 3 months from March 2016: PAI "
        f"{np.mean(late):.1f}, SD between grids {np.std(late):.1f}. Correlation with the grid's PAI of the "
        f"two years before {by_score:+.2f}, with what its flags held of the past {by_past:+.2f}"
    )


def main() -> None:
    """Run the challenge and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    beside = Path(__file__).resolve().parents[2] / "shared" / "data" / "nij-portland"
    parser.add_argument("--data", type=Path, default=beside)
    parser.add_argument("--category", default="all")
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--models", default="shrunk-decay,learner")
    parser.add_argument("--grids", type=int, default=0)
    asked = parser.parse_args()
    if not asked.data.is_dir():
        sys.exit(f"no data at {asked.data}: give --data FOLDER")
    categories = categories_of(asked.category)
    if asked.grids:
        city = read_city(asked.data)
        for category in categories:
            print(luck(city, category.name, asked.grids), flush=True)
        return
    began = time.perf_counter()
    names = tuple(name for name in asked.models.split(",") if name)
    made = run(asked.data, categories, truth=asked.truth, models=names)
    print("\n".join(told(made)))
    print(f"{time.perf_counter() - began:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
