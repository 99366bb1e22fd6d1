"""Farrington as a detector: quiet when nothing changed, awake to a planted rise, else silent."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from peelian.warn import DETECTORS, farrington
from tests.warn.false_alarms import too_many
from tests.warn.worlds import series, world

LEVELS = (0.05, 0.01, 0.001)
NULLS = [
    pytest.param(every, periods, mean, phi, id=f"{every}, mean {mean}, overdispersion {phi}")
    for every, periods in (("week", 261), ("month", 61))
    for mean, phi in ((0.1, 1.0), (0.3, 3.0), (2.0, 1.0), (2.0, 2.0), (10.0, 1.5))
]


def nulls(worlds: int, every: str, periods: int, mean: float, phi: float) -> list[farrington.Chances]:
    return [
        farrington.chances(world(k, every=every, periods=periods, mean=mean, overdispersion=phi, places=100))  # type: ignore[arg-type]
        for k in range(worlds)
    ]


@pytest.mark.parametrize(("every", "periods", "mean", "phi"), NULLS)
def test_false_alarms_stay_at_the_nominal_rate(every: str, periods: int, mean: float, phi: float) -> None:
    found = nulls(20, every, periods, mean, phi)  # ten nulls of 20: 200 worlds, 20,000 places
    for level in LEVELS:
        rate, chance = too_many([f.p for f in found], level)
        assert chance > 0.001, f"{rate:.4f} at {level}"
    # and not by never saying anything: half the chance of the count itself comes close to the level
    assert too_many([f.mid for f in found], 0.05)[0] > 0.025


@pytest.mark.soak
@pytest.mark.parametrize(("every", "periods", "mean", "phi"), NULLS)
def test_false_alarms_over_a_thousand_worlds(every: str, periods: int, mean: float, phi: float) -> None:
    found = nulls(100, every, periods, mean, phi)
    for level in LEVELS:
        rate, chance = too_many([f.p for f in found], level)
        assert chance > 0.001, f"{rate:.4f} at {level}"


@pytest.mark.parametrize(("every", "periods"), [("week", 261), ("month", 61)])
def test_a_planted_rise_is_found_at_its_start(every: str, periods: int) -> None:
    made = world(5, every=every, periods=periods, mean=4, uneven=0.2, burst=(17, 1, 5.0))  # type: ignore[arg-type]
    found = farrington.detect(made, seed=1)
    assert found.p[17] < 1e-4
    assert found.p.argmin() == 17
    (signal,) = [s for s in found.signals if s.places == ("E017",)]
    assert (signal.start, signal.end) == (made.starts[-1], made.end)
    assert signal.observed == made.counts[-1, 17]
    assert signal.expected == pytest.approx(4, rel=0.5)
    before = farrington.detect(cut(made, periods - 1), seed=1)
    assert before.p[17] > 0.01


def cut(made, periods):  # type: ignore[no-untyped-def]
    return series(made.counts[:periods], made.every)


def test_missing_periods_change_nothing_but_doubt() -> None:
    made = world(9, mean=5, overdispersion=1.5)
    observed = np.ones(made.counts.shape, bool)
    observed[100:120] = False
    observed[-1, 3] = False
    observed[:200, 4] = False
    wrong = np.where(observed, made.counts, 1e6)  # what lies in a hole must not matter
    found = farrington.chances(replace(made, counts=wrong, observed=observed))
    whole = farrington.chances(made)
    assert np.isnan(found.p[3])
    assert np.isnan(found.p[4])
    rest = np.delete(np.arange(200), [3, 4])
    assert found.expected[rest] == pytest.approx(whole.expected[rest], rel=0.35)


def test_a_common_season_is_no_rise() -> None:
    rng = np.random.default_rng(2)
    years = np.arange(261)[:, None] / 52.18
    rate = 0.5 * np.exp(0.8 * np.cos(2 * np.pi * (years - years[-1])))  # the judged week is the season's top
    counts = rng.poisson(np.broadcast_to(rate, (261, 2000))).astype(float)
    found = farrington.chances(series(counts))
    assert too_many([found.p], 0.01)[1] > 0.001


def test_what_it_cannot_judge_is_said_in_words() -> None:
    short = farrington.detect(world(1, periods=120), seed=1)
    assert "120 observed weeks" in short.unable
    assert "cusum" in short.unable
    assert np.isnan(short.p).all()
    assert not short.signals
    assert "weeks or months" in farrington.detect(replace(world(1), every="day"), seed=1).unable


def test_empty_places_and_one_report() -> None:
    counts = world(3, places=50, mean=1).counts
    counts[:, 0] = 0
    counts[:, 1] = 0
    counts[-1, 1] = 1
    found = farrington.detect(series(counts), seed=1)
    assert found.p[0] == 1
    assert 0 < found.p[1] < 0.02
    assert ("E001",) not in [s.places for s in found.signals]


def test_it_is_pure_and_registered() -> None:
    made = world(4)
    assert DETECTORS["farrington"] is farrington
    assert farrington.detect(made, seed=1).p.tobytes() == farrington.detect(made, seed=2).p.tobytes()
