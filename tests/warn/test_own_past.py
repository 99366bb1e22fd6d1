"""The tail set by the own past: hand cases, too small chances brought back, honest ones little hurt."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from peelian.domain.series import Series
from peelian.domain.time import period_starts
from peelian.domain.warning import Found, Signal
from peelian.evaluate.warnings_world import Recipe, weekly_world
from peelian.warn.combine import combine
from peelian.warn.own_past import FEWEST, Past, cut, gathered, levels_of, past_ends

BUDGET = 0.577
PERIODS = 26


def test_within_the_past_it_is_k_plus_one_over_periods_plus_one() -> None:
    past = Past(9, (0.1, 0.1, 0.2, 0.2))
    assert past.expected(0.2) == pytest.approx(5 / 10)
    assert past.expected(0.9) == pytest.approx(0.9)  # the detector itself says more


def test_beyond_the_past_it_goes_on_as_a_power() -> None:
    # All at one level: nothing is learned of the fall, so it is the detector's own.
    assert Past(9, (0.1, 0.1, 0.1, 0.1)).expected(0.01) == pytest.approx(0.5 * 0.1)
    # Levels spread far: (2 - 1 + 3) / (ln 1000 + 3) is the slope.
    slope = 4 / (np.log(1000) + 3)
    assert Past(9, (1e-4, 0.1)).expected(1e-5) == pytest.approx(0.3 * 1e-4**slope)


def test_no_past_changes_nothing() -> None:
    assert Past(FEWEST - 1, (1e-9,) * 5).expected(0.01) == 0.01
    assert Past(PERIODS, ()).expected(0.01) == 0.01


def truly_found(said: np.ndarray, budget: float = BUDGET, seed: int = 5) -> float:
    """Draw pasts of a detector and give the true number a period of what it would warn of, on average.

    `said` (N,) is what the detector says at true levels of 0 to 4 a period, evenly spaced.
    """
    rng = np.random.default_rng(seed)
    true = np.linspace(0, 4, len(said) + 1)[1:]
    out = []
    for _ in range(400):
        drawn = rng.uniform(0, 4, rng.poisson(4 * PERIODS))
        levels = np.interp(drawn, true, said)
        past = gathered([{"one": levels.tolist()}] + [{"one": []}] * (PERIODS - 1))["one"]
        warned = [t for t, x in zip(true, said, strict=True) if past.expected(float(x)) <= budget]
        out.append(max(warned, default=0.0))
    return float(np.mean(out))


def test_chances_too_small_come_back_to_the_budget() -> None:
    true = np.linspace(0, 4, 401)[1:]
    for said in (true / 10, true**2 / 4, true**3 / 100):
        assert said[int(BUDGET * 100)] < BUDGET / 2  # left alone it would warn of far more
        assert truly_found(said) < BUDGET * 1.05


def test_an_honest_detector_loses_little() -> None:
    true = np.linspace(0, 4, 401)[1:]
    assert 0.75 * BUDGET < truly_found(true) <= BUDGET


def test_a_small_share_of_the_budget_is_held_beyond_the_past() -> None:
    true = np.linspace(0, 4, 8001)[1:]
    assert truly_found(true / 10, budget=0.02) < 0.03
    assert 0.008 < truly_found(true, budget=0.02) <= 0.02


def test_a_series_is_cut_as_it_was() -> None:
    world = weekly_world(Recipe(weeks=60, side=9), 3)
    whole, then = world.larger(60), world.larger(41)
    short = cut(whole, 41)
    assert (short.starts, short.end, short.places) == (then.starts, then.end, then.places)
    assert np.array_equal(short.counts, then.counts)
    assert np.array_equal(short.observed, then.observed)
    assert short.points is None


def test_past_ends_leave_lately_out() -> None:
    ends = past_ends(80, "week", 13)
    assert ends[0] == 80 - 2 - 8, "an even number: the same weeks are looked at a week later"
    assert past_ends(79, "week", 13) == ends
    assert past_ends(81, "week", 13) == (72, *ends[:-1])
    assert len(ends) == PERIODS
    assert past_ends(20, "week", 13) == ()


def flat(end: int, p: float) -> dict[str, tuple[Series, Found]]:
    starts = tuple(period_starts(date(2024, 1, 1), 40, "week"))
    east = np.arange(50) * 5000.0
    series = Series(
        "asb", "week", "lsoa", starts[:end], starts[end], tuple(f"E{k:03}" for k in range(50)), east,
        np.zeros(50), np.full((end, 50), 2.0), np.ones((end, 50), bool),
    )  # fmt: skip
    one = Signal(
        "scan", "asb", "lsoa", ("E007",), starts[end - 1], starts[end], 9.0, 2.0, p, east[7], 0.0, 300.0, True
    )
    return {"scan": (series, Found(np.full(50, np.nan), (one,)))}


def test_a_detector_that_often_cried_here_must_be_stronger() -> None:
    now = flat(39, 0.05)
    often = gathered(levels_of(flat(k, 0.05)) for k in range(12, 38))
    seldom = gathered(levels_of(flat(k, 0.9)) for k in range(12, 38))

    def raised(past: dict[str, Past]) -> list[str]:
        made = combine(now, area="SIM", as_of=now["scan"][0].end, past=past)
        return [c.words for one in made for c in one.checks if c.name == "own past"]

    assert raised(often) == []
    assert raised(seldom) == [
        "0 findings as strong in 26 past weeks of this area; whatever they were, they are counted as false"
    ]
    assert raised({}) == ["fewer than 3 past weeks to learn false warnings from"]
