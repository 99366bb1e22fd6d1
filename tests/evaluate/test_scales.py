"""Curves, chance, Safer Streets' measures, hot places: by hand, where places differ, where none does."""

from __future__ import annotations

import numpy as np
import pytest

from peelian.domain.errors import Refused
from peelian.evaluate.hot_places import hot_places, pattern
from peelian.evaluate.lorenz import gini_of, lorenz, lorenz_points
from peelian.evaluate.safer_streets import poisson_gini, safer_streets, two_periods


def test_a_curve_by_hand() -> None:
    x, y = lorenz_points(np.array([10.0, 20, 30, 40]), np.ones(4))
    assert x.tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert y == pytest.approx([0, 0.4, 0.7, 0.9, 1])
    # trapezoids: 0.25 x (0.4 + 1.1 + 1.6 + 1.9) = 1.25, less one
    assert gini_of(x, y) == pytest.approx(0.25)


@pytest.mark.parametrize(("places", "mean"), [(40, 30.0), (400, 2.0), (4000, 0.1)])
def test_equal_rates_have_no_excess_at_any_scale(places: int, mean: float) -> None:
    rng = np.random.default_rng([places, 1])
    size = rng.uniform(0.5, 4.0, places)
    found = [lorenz(rng.poisson(mean * size), size, "area", worlds=60, seed=k) for k in range(60)]
    excess = np.array([one.excess for one in found])
    assert abs(excess.mean()) < 4 * excess.std() / np.sqrt(60) + 1e-4
    assert sum(one.p <= 0.05 for one in found) <= 9
    modified = [safer_streets(rng.poisson(mean, places)).modified_gini for _ in range(20)]
    assert abs(np.mean(modified)) < 4 * np.std(modified) / np.sqrt(20) + 0.03 / np.sqrt(mean)


def test_places_that_differ_have_an_excess_near_the_true_one() -> None:
    rng = np.random.default_rng(5)
    rate = rng.gamma(0.5, 2.0, 4000)
    found = lorenz(rng.poisson(20 * rate), np.ones(4000), "area")
    truth = gini_of(*lorenz_points(rate, np.ones(4000)))
    assert found.gini == pytest.approx(truth, abs=0.01)  # counts are many: chance adds little
    assert found.p < 0.01
    few = lorenz(rng.poisson(0.05 * rate), np.ones(4000), "area")
    assert few.gini > truth + 0.2  # counts are few: the plain Gini overstates
    assert 0.0 < few.excess < truth


def test_people_count_where_they_live() -> None:
    counts, people = np.array([10.0, 10.0, 0.0]), np.array([10.0, 1000.0, 0.0])
    found = lorenz(counts, people, "population")
    assert found.places == 2  # nobody lives in the third
    assert found.harm[0] == pytest.approx(0.5 + 0.5 * (0.01 - 10 / 1010) / (1000 / 1010))
    with pytest.raises(Refused, match="by population"):
        lorenz(np.zeros(3), people, "population")


def test_the_gini_by_chance_is_that_of_many_equal_places() -> None:
    rng = np.random.default_rng(3)
    for mean in (0.07, 1.0, 30.0):
        counts = rng.poisson(mean, 300_000)
        assert safer_streets(counts).naive_gini == pytest.approx(poisson_gini(mean), abs=0.004)


def test_the_plain_gini_is_half_the_relative_mean_difference() -> None:
    counts = np.random.default_rng(9).negative_binomial(0.4, 0.1, 800).astype(float)
    pairs = np.abs(counts[:, None] - counts[None, :]).mean()  # Gini's own definition, another way there
    assert safer_streets(counts).naive_gini == pytest.approx(pairs / (2 * counts.mean()))


def test_safer_streets_by_hand() -> None:
    found = safer_streets(np.array([0.0, 0, 0, 4]))
    assert found.naive_gini == pytest.approx(0.75)  # area under the curve 0.875
    chance = (poisson_gini(1.0) + 1) / 2
    assert found.modified_gini == pytest.approx((0.875 - chance) / (1 - chance))
    assert found.overdispersion == pytest.approx(2.0 - 1.0)  # a mean of 1 and a standard deviation of 2
    two = two_periods(np.array([5.0, 1, 1, 0]), np.array([4.0, 0, 5, 0]), 0.6)
    assert two.f1 == pytest.approx(2 * 1 / (1 + 2))  # three fifths of harm: {0} in the first, {0, 2} after
    assert two.cosine == pytest.approx(25 / np.sqrt(27 * 41))


def test_runs_of_hot_places() -> None:
    counts = np.zeros((6, 100))
    counts[:, 0] = 5  # hot throughout
    counts[4:, 1] = 9  # hot of late
    found = hot_places(counts, 0.02)
    assert found.runs[:3].tolist() == [6, 2, 0]
    assert found.mean_run == pytest.approx(4.0)
    assert found.turnover == pytest.approx(1 / 2 / 5)  # one new of two, once in five steps
    assert pattern(found.hot)[:3] == ["stable", "flaring", "quiet"]


def test_where_hot_places_are_drawn_anew_runs_are_as_short_as_chance() -> None:
    rng = np.random.default_rng(8)
    found = hot_places(rng.random((400, 200)), 0.05)
    assert found.mean_run == pytest.approx(found.mean_run_by_chance, abs=0.02)
    assert found.turnover == pytest.approx(0.95, abs=0.01)
