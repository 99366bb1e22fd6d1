"""CUSUM and EARS: quiet when nothing changed, awake to a planted rise, each at its own length of history."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from peelian.warn import DETECTORS, cusum, ears, farrington
from peelian.warn.surveillance.cusum_kernel import run
from tests.warn.false_alarms import too_many
from tests.warn.worlds import series, world

ROOT = Path(__file__).resolve().parents[2]
R = json.loads((Path(__file__).parent / "fixtures" / "surveillance_r.json").read_text())
CASES = [(0.3, 1.0), (0.3, 3.0), (2.0, 1.0), (2.0, 2.0)]


@pytest.mark.parametrize("run", [pytest.param(e, id=f"{e['series']} {e['method']}") for e in R["ears"]])
def test_ears_bounds_are_those_of_r(run: dict[str, Any]) -> None:
    counts = np.array(R[run["series"]]["counts"], float)[:, None]
    mine = ears.upper(counts, run["method"], alpha=run["alpha"], least_sd=run["minSigma"])[
        run["first"] - 1 :, 0
    ]
    assert mine == pytest.approx(np.array(run["upper"]), rel=1e-3, abs=1e-6)


def test_cusum_by_hand() -> None:
    # Poisson, mean 1, tuned to twice: each period adds y ln 2 - 1, and the sum never falls below 0
    y, moved = np.array([0.0, 3.0, 2.0]), np.ones(3)
    score, began = run(y, moved, 1.0, 1.0, 2.0)
    assert score == pytest.approx(5 * np.log(2) - 2)
    assert began == 1


def test_cusum_of_overdispersed_counts_is_the_likelihood_ratio() -> None:
    mean, phi, times, y = 2.0, 1.8, 1.75, 7.0
    size = mean / (phi - 1)
    expected = stats.nbinom.logpmf(y, times * size, 1 / phi) - stats.nbinom.logpmf(y, size, 1 / phi)
    assert run(np.array([y]), np.ones(1), mean, phi, times)[0] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("detector", "every", "periods"),
    [(cusum, "week", 80), (cusum, "month", 20), (ears, "week", 20), (ears, "month", 12)],
)
def test_false_alarms_stay_at_the_nominal_rate(detector: Any, every: Any, periods: int) -> None:
    for mean, phi in CASES:
        worlds = [
            world(k, every=every, periods=periods, mean=mean, overdispersion=phi, places=60)
            for k in range(50)
        ]
        found = [detector.detect(w, seed=k) for k, w in enumerate(worlds)]  # 200 worlds over the four cases
        assert not any(f.unable for f in found)
        for level in (0.05, 0.01, 0.001):
            rate, chance = too_many([f.p for f in found], level)
            assert chance > 0.001, f"mean {mean}, overdispersion {phi}: {rate:.4f} at {level}"


@pytest.mark.soak
def test_false_alarms_over_a_thousand_worlds() -> None:
    """A process of its own that prints each case as it is done: a soak cut short leaves what it found."""
    out = ROOT / "docs" / "evidence" / "short_histories.json"
    script = ROOT / "benchmarks" / "soak_short_histories.py"
    run = [sys.executable, str(script), "--worlds", "1000", "--out", str(out)]
    assert subprocess.run(run, check=False).returncode == 0


def test_cusum_finds_a_long_rise_and_says_since_when() -> None:
    made = world(2, periods=100, mean=2, uneven=0.2, burst=(11, 5, 2.5))
    found = cusum.detect(made, seed=1)
    assert found.p[11] < 0.001
    (signal,) = [s for s in found.signals if s.places == ("E011",)]
    assert abs(made.starts.index(signal.start) - 95) <= 1
    assert signal.observed == made.counts[made.starts.index(signal.start) :, 11].sum()


def test_ears_finds_a_jump() -> None:
    found = ears.detect(world(2, periods=15, mean=4, uneven=0.2, burst=(11, 1, 5.0)), seed=1)
    assert found.p[11] < 0.001
    assert ("E011",) in [s.places for s in found.signals]


def test_ears_chance_by_hand() -> None:
    # two reports in seven weeks, three now: of five, three or more fall in one week of eight
    counts = np.zeros((10, 1))
    counts[[1, 4], 0], counts[-1, 0] = 1, 3
    p = ears._conditional(np.array([3.0]), np.array([2.0]), np.array([7.0]), np.array([1.0]), np.array([1.0]))
    assert p[0] == pytest.approx(stats.binom.sf(2, 5, 1 / 8))
    assert ears.detect(series(counts), seed=1).p[0] >= p[0] - 1e-12


SPEAKS = {9: "", 12: "ears", 33: "ears", 34: "cusum", 156: "cusum", 157: "farrington", 261: "farrington"}


@pytest.mark.parametrize(("periods", "speaks"), SPEAKS.items())
def test_one_detector_speaks_by_length_of_history(periods: int, speaks: str) -> None:
    made = world(1, periods=periods, places=20)
    said = {d.SPEC.id: d.detect(made, seed=1).unable for d in (farrington, cusum, ears)}
    assert [name for name, unable in said.items() if not unable] == ([speaks] if speaks else [])


def test_a_lift_of_the_whole_area_is_no_sign_about_a_place() -> None:
    rng = np.random.default_rng(8)
    rate = np.full((80, 2000), 1.0)
    rate[-8:] = 1.6
    found = cusum.detect(series(rng.poisson(rate).astype(float)), seed=1)
    assert too_many([found.p], 0.01)[1] > 0.001


@pytest.mark.parametrize(("detector", "periods"), [(cusum, 80), (ears, 20)])
def test_missing_is_never_zero(detector: Any, periods: int) -> None:
    made = world(6, periods=periods, mean=3)
    observed = np.ones(made.counts.shape, bool)
    observed[-1, 0] = False
    observed[: periods - 4, 1] = False
    wrong = np.where(observed, made.counts, 1e6)
    found = detector.detect(replace(made, counts=wrong, observed=observed), seed=1)
    assert np.isnan(found.p[:2]).all()
    assert np.isfinite(found.p[2:]).all()
    assert not {s.places[0] for s in found.signals} & {"E000", "E001"}


def test_cusum_gives_the_same_for_a_seed() -> None:
    made = world(6, periods=80)
    assert cusum.detect(made, seed=4).p.tobytes() == cusum.detect(made, seed=4).p.tobytes()
    assert set(DETECTORS) >= {"farrington", "cusum", "ears"}


def test_of_a_long_history_cusum_can_watch_the_last_years() -> None:
    made = world(7, periods=261, mean=2, uneven=0.2, burst=(11, 6, 2.5))
    assert "farrington" in cusum.detect(made, seed=1).unable
    found = cusum.watch(made, seed=1)
    assert found.p[11] < 0.005
    old = replace(made, counts=np.vstack([made.counts[:100] * 9, made.counts[100:]]))
    assert cusum.watch(old, seed=1).p.tobytes() == found.p.tobytes()
