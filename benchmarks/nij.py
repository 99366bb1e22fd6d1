"""The NIJ challenge: back-tests beside the raw count, Peelian's forecasters on one grid, entries frozen.

    python benchmarks/nij.py [--data FOLDER] [--category all] [--truth FILE] [--models shrunk-decay,learner]

The folder holds Portland up to 28 February 2017. Nothing later is read before the entries are frozen.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from peelian.pipeline.nij.challenge import run
from peelian.pipeline.nij.lines import told
from peelian.pipeline.nij.rules import categories_of


def main() -> None:
    """Run the challenge and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    beside = Path(__file__).resolve().parents[2] / "shared" / "data" / "nij-portland"
    parser.add_argument("--data", type=Path, default=beside)
    parser.add_argument("--category", default="all")
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--models", default="shrunk-decay,learner")
    asked = parser.parse_args()
    if not asked.data.is_dir():
        sys.exit(f"no data at {asked.data}: give --data FOLDER")
    began = time.perf_counter()
    names = tuple(name for name in asked.models.split(",") if name)
    made = run(asked.data, categories_of(asked.category), truth=asked.truth, models=names)
    print("\n".join(told(made)))
    print(f"{time.perf_counter() - began:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
