from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from peelian.domain.forecast import Forecast, LevelForecast, summed
from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.domain.panel import Parents
from peelian.evaluate.doubt import covered, doubt_words, level_doubt, randomised_pit
from peelian.evaluate.level_rounds import LevelKeeper, LevelRounds, of_level
from peelian.evaluate.validation import pit_between


def level(n: int, places: int, a: float, said: float, seed: int = 1, rate: float = 2.0) -> LevelRounds:
    rng = np.random.default_rng(seed)
    mean = np.tile(rng.gamma(0.7, rate, places), (n, 1)) + 0.02
    counts = rng.poisson(rng.gamma(1 / a, a * mean)).astype(float)
    parents = Parents("lsoa", tuple(map(str, range(places))), np.arange(places))
    return LevelRounds(
        parents, counts, np.ones(mean.shape, bool), {"m": mean}, {"m": np.full_like(mean, said)}, {"m": True}
    )


def test_true_doubt_is_right_at_every_third_and_level_pit() -> None:
    found = level_doubt(level(24, 500, 0.5, 0.5), "m", 1)
    assert found is not None
    for one in (found.every, *found.thirds):
        assert one.pit == pytest.approx(0.9, abs=0.02)
        assert one.covered >= 0.88  # counts are whole, so raw coverage is more
        assert abs(one.bias) < 0.08
    assert found.heights == pytest.approx([1.0] * 10, abs=0.1)
    assert found.slope == pytest.approx(1.0, abs=0.05)
    assert sum(t.places for t in found.thirds) == found.every.places == 12_000
    assert found.thirds[0].expected < found.thirds[2].expected
    assert "as sure as it should be" in doubt_words(found)


def test_too_sure_and_too_unsure_are_told() -> None:
    sure = level_doubt(level(24, 300, 1.0, 0.0, rate=6.0), "m", 1)
    unsure = level_doubt(level(24, 300, 0.05, 1.5, rate=6.0), "m", 1)
    assert sure is not None
    assert unsure is not None
    assert sure.every.pit < 0.8
    assert "too sure" in doubt_words(sure)
    assert unsure.every.pit > 0.95
    assert "too unsure" in doubt_words(unsure)


def test_the_draws_agree_with_their_expectation_and_repeat() -> None:
    held = level(24, 500, 0.5, 0.5)
    flat = held.counts.ravel(), held.mean["m"].ravel(), held.dispersion["m"].ravel()
    drawn = randomised_pit(*flat, seed=3)
    inside = np.mean((drawn >= 0.05) & (drawn <= 0.95))
    assert inside == pytest.approx(pit_between(*flat), abs=0.01)
    assert (drawn == randomised_pit(*flat, seed=3)).all()
    assert (drawn != randomised_pit(*flat, seed=4)).any()


def test_coverage_by_hand() -> None:
    """A Poisson of mean 1: 5 % lies at 0 and 95 % at 3."""
    counts = np.array([0.0, 3.0, 4.0])
    assert covered(counts, np.ones(3), np.zeros(3)).tolist() == [1.0, 1.0, 0.0]
    assert covered(np.array([0.0, 1.0]), np.full(2, 4.0), np.zeros(2)).tolist() == [0.0, 1.0]


def test_a_place_not_wholly_observed_is_left_out() -> None:
    parents = Parents("lsoa", ("a", "b", "c"), np.array([0, 0, 1, -1]))
    made = forecast(np.array([[1.0, 2.0, 3.0, 4.0]]), 0.5, ())
    keeper = LevelKeeper((parents,), {}, {}, {})
    keeper.add("m", made)
    seen = np.array([[True, False, True, True]])
    (held,) = keeper.rounds(["m"], np.array([[5, 6, 7, 8]], np.float32), seen)
    assert held.complete.tolist() == [[False, True, False]]
    assert held.counts[0, 1] == 7.0
    assert held.mean["m"].tolist() == [[3.0, 3.0, 0.0]]
    found = level_doubt(held, "m", 1)
    assert found is not None
    assert (found.every.places, found.every.observed, found.thirds) == (1, 7.0, ())
    none = LevelRounds(parents, held.counts, np.zeros((1, 3), bool), held.mean, held.dispersion, held.own)
    assert level_doubt(none, "m", 1) is None


def forecast(mean: np.ndarray, a: float, levels: tuple[LevelForecast, ...]) -> Forecast:
    return Forecast(
        GRID, "month", date(2022, 1, 1), (date(2022, 1, 1),), (date(2022, 2, 1),),
        np.arange(mean.shape[1]), "violence", "m", mean, np.full_like(mean, a), levels=levels,
    )  # fmt: skip


def test_a_levels_own_doubt_is_used_else_the_cells() -> None:
    parents = Parents("lsoa", ("a", "b"), np.array([0, 0, 1]))
    mean = np.array([[1.0, 3.0, 2.0]])
    own = LevelForecast(parents, summed(mean, parents), np.array([[0.1, 0.2]]))
    made_mean, made_spread, is_own = of_level(forecast(mean, 0.5, (own,)), parents)
    assert is_own
    assert made_spread.tolist() == [[0.1, 0.2]]
    assert made_mean.tolist() == [[4.0, 2.0]]
    _, alone, is_own = of_level(forecast(mean, 0.5, ()), parents)
    assert not is_own
    assert alone[0] == pytest.approx([0.5 * (1 + 9) / 16, 0.5])
    other = Parents("lsoa", ("x", "b"), parents.of_cell)
    assert not of_level(forecast(mean, 0.5, (own,)), other)[2]
