"""The R package `surveillance` on its example series: bounds, means, chances and scores to 1e-3."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from peelian.warn.surveillance.bounds import judge
from peelian.warn.surveillance.control import Control
from peelian.warn.surveillance.fit import fit
from peelian.warn.surveillance.reference import anchors, reference, steps

R = json.loads((Path(__file__).parent / "fixtures" / "surveillance_r.json").read_text())
RUNS = [pytest.param(run, id=f"{run['series']}, {run['label']}") for run in R["farrington"]]


def ours(run: dict[str, Any]) -> dict[str, np.ndarray]:
    series = R[run["series"]]
    counts = np.array(series["counts"], float)[:, None]
    control = Control(
        run["b"], run["w"], run["noPeriods"], run["past"], outlier=run["weightsThreshold"],
        trend_p=run["pThresholdTrend"], method=run["method"], alpha=run["alpha"], power=run["power"],
    )  # fmt: skip
    every = "month" if series["frequency"] == 12 else "week"
    days = series["day"]
    starts = [date(1970, 1, 1) + timedelta(int(d)) for d in days] if days else []
    time = np.array(days if days else np.arange(len(counts)), float)
    rows = []
    for judged in range(run["first"] - 1, len(counts)):
        at = anchors(starts, every, judged, run["b"]) if days else steps(judged, run["b"], every)
        fitted = fit(counts, np.ones(counts.shape, bool), reference(at, control, time), control)
        found = judge(counts[judged], fitted, control)
        phi = max(float(fitted.overdispersion[0]), 1.0)
        rows.append(
            [found.upper[0], found.expected[0], found.p[0], found.score[0], phi, float(fitted.trend[0])]
        )
    return dict(zip(("upper", "expected", "p", "score", "phi", "trend"), np.array(rows).T, strict=True))


@pytest.mark.parametrize("run", RUNS)
def test_farrington_flexible(run: dict[str, Any]) -> None:
    mine = ours(run)
    for name, values in mine.items():
        theirs = np.array(run[name], float)
        known = np.isfinite(theirs)
        assert known.sum() >= 20
        assert values[known] == pytest.approx(theirs[known], rel=1e-3, abs=1e-6), name
