"""How right `peelian map` is on the labelled layouts, seen and unseen, and how honest its confidence.

`python benchmarks/mapping.py [--half seen|unseen|both] [--show]`; `--fit` fits the weights anew on the seen
half (never the unseen) and writes them into the package.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.propose.figures import Figures, figures  # noqa: E402
from tests.propose.invent import write  # noqa: E402
from tests.propose.judge import accepted, layouts  # noqa: E402

from peelian.propose.choose import scored  # noqa: E402
from peelian.propose.column import FIELDS, columns_of, in_feed  # noqa: E402
from peelian.propose.confidence import FEATURES, pairs  # noqa: E402
from peelian.propose.people import findings, may_be  # noqa: E402
from peelian.propose.proposal import CHECK  # noqa: E402
from peelian.propose.propose import propose  # noqa: E402
from peelian.propose.sample import read_sample  # noqa: E402


def fit(folder: Path, strength: float = 0.004) -> dict[str, float]:
    """Fit the logistic weights on the seen half: pairs of an allowed field and a column, right or not."""
    rows: list[np.ndarray] = []
    right: list[float] = []
    for layout in layouts("seen"):
        sample = read_sample(write(layout, folder))
        if not sample.named:
            continue
        columns = columns_of(sample)
        feed = str(layout["feed"]).split("|")[0].replace("police_uk", "police_crime")
        columns, fields = in_feed(columns, feed), scored(feed)
        features = pairs(columns, fields)
        people = findings(columns)
        labels = [label for _, label, _ in layout["columns"]]
        for f, field in enumerate(FIELDS):
            for c, column in enumerate(columns):
                barred = column.name in people and not may_be(field, column, people[column.name][0])
                arrived = (
                    field == "available_at" and "arrived" in column.words and feed != "emergency_department"
                )
                if field not in fields or labels[c].endswith("?") or barred or arrived:
                    continue
                ours = accepted(labels[c])
                hit = bool(ours & {"date", "occurred", "start"}) if field == "when" else field in ours
                if field == "location_text":
                    hit = bool(ours & {"location", "location_text"})
                rows.append(features[f, c])
                right.append(float(hit))
    x, y = np.array(rows), np.array(right)

    def loss(w: np.ndarray) -> float:
        z = x @ w
        return float(np.mean(np.logaddexp(0, z) - y * z) + strength / 2 * np.sum(w[1:] ** 2) / 100)

    found = minimize(loss, np.zeros(len(FEATURES)), method="L-BFGS-B")
    return {name: round(float(w), 4) for name, w in zip(FEATURES, found.x, strict=True)}


def show(title: str, got: Figures) -> None:
    """Print the figures of one set of layouts."""
    print(f"\n{title}: {got.files} files, {got.items} fields, {got.code_items} codes")
    print(f"  files fully right   {got.files_right:6.1%}")
    print(f"  fields right        {got.fields_right:6.1%}")
    print(f"  codes right         {got.codes_right:6.1%}")
    print(f"  wrong proposals     {got.wrong} of {got.proposed}, {got.wrong_low:.0%} of them under {CHECK}")
    print(f"  right but # CHECK   {got.right_low:6.1%}")
    print(f"  expected calibration error {got.ece:.3f}")
    print("  confidence      n   said  right")
    for low, high, n, said, right in got.table:
        print(f"  {low:.2f} to {high:.2f} {n:5d}  {said:.3f}  {right:.3f}")


def main() -> None:
    """Score the layouts and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--half", default="both", choices=("seen", "unseen", "both"))
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--show", action="store_true", help="every wrong field")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if given.fit:
            weights: dict[str, Any] = {
                "fitted_on": "the seen half of tests/propose/layouts, by benchmarks/mapping.py --fit",
                "weights": fit(folder),
            }
            out = ROOT / "src" / "peelian" / "propose" / "weights.json"
            out.write_text(json.dumps(weights, indent=2) + "\n")
            print(json.dumps(weights["weights"], indent=2))
            return
        for half in ("seen", "unseen") if given.half == "both" else (given.half,):
            got = figures([(propose(write(layout, folder)), layout) for layout in layouts(half)])
            show(half, got)
            if given.show:
                for item in got.faults:
                    sure = "-" if item.confidence is None else f"{item.confidence:.2f}"
                    print(f"    {item.layout}: {item.what}: {item.said} ({sure})")


if __name__ == "__main__":
    main()
