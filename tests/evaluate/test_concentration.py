from __future__ import annotations

import json

import numpy as np
import pytest

from peelian.domain.errors import Refused
from peelian.evaluate.concentration import concentration, gini
from peelian.evaluate.persistence import persistence, rank_biased_overlap, rank_overlap_by_chance


@pytest.mark.parametrize(("places", "events"), [(60, 3000), (2000, 3000), (20_000, 1500)])
def test_where_all_places_are_alike_no_excess_is_found(places: int, events: int) -> None:
    rng = np.random.default_rng(places)
    alike, worlds = np.full(places, 1 / places), 12
    found = [
        concentration(year.astype(float), np.ones((2, 1), bool), worlds=60, seed=k)
        for k, year in enumerate(rng.multinomial(events, alike, (worlds, 2)))
    ]
    for k, share in enumerate((0.01, 0.02, 0.05)):
        excess = np.array([f.top[k].excess for f in found])
        assert abs(excess.mean()) < 4 * excess.std() / np.sqrt(worlds) + 1e-4
        assert sum(f.top[k].p <= 0.05 for f in found) <= 3  # one in twenty is what chance gives
        held = np.array([f.persistence.next_year[k].held for f in found])
        assert held.mean() == pytest.approx(share, abs=4 * np.sqrt(share / events / worlds))
        overlap = np.mean([f.persistence.next_year[k].overlap for f in found])
        assert overlap == pytest.approx(share, abs=0.06)
    assert abs(np.mean([f.gini_excess for f in found])) < 0.005
    unrelated = found[0].persistence.rank_overlap_by_chance
    assert np.mean([f.persistence.rank_overlap for f in found]) == pytest.approx(unrelated, abs=0.05)


def test_few_events_look_concentrated_but_are_not() -> None:
    counts = np.random.default_rng(1).multinomial(200, np.full(5000, 1 / 5000), 1).astype(float)
    found = concentration(counts, np.ones((1, 5000), bool))
    assert found.top[0].observed > 0.2  # one per cent of places with over a fifth of harm
    assert found.top[0].excess < 0.03
    assert found.gini > 0.9
    assert found.gini_excess < 0.01


def test_places_that_differ_are_found_and_stay() -> None:
    rng = np.random.default_rng(2)
    rate = rng.gamma(0.2, 1.0, 3000)
    counts = rng.poisson(rate, (3, 3000)).astype(float)
    found = concentration(counts, np.ones((3, 3000), bool))
    assert found.top[0].excess > 0.05
    assert found.top[0].p < 0.01
    assert found.persistence.pairs == 2
    one = found.persistence.next_year[0]
    assert one.times_chance > 5
    assert one.held < one.most
    assert one.overlap > 0.2
    assert found.persistence.rank_overlap > found.persistence.rank_overlap_by_chance + 0.2
    json.dumps(found.to_json(), allow_nan=False)


def test_top_share_and_gini_by_hand() -> None:
    counts = np.array([[6.0, 2.0, 1.0, 1.0]])
    found = concentration(counts, np.ones((1, 1), bool), shares=(0.25, 0.5))
    assert [t.observed for t in found.top] == [0.6, 0.8]
    # sum of |x_i - x_j| over ordered pairs is 32, over 2 n^2 times the mean 2.5
    assert float(gini(counts[0])) == pytest.approx(32 / (2 * 16 * 2.5))


def test_what_was_not_observed_is_neither_quiet_nor_busy() -> None:
    counts = np.array([[4.0, 1.0, 9.0], [4.0, 9.0, 9.0]])
    seen = np.array([[True, True, False], [True, False, False]])
    found = concentration(counts, seen, shares=(0.5,))
    assert found.places == 2  # the third was never observed
    assert found.events == 9.0
    assert found.top[0].observed == pytest.approx(0.8)  # rates of four and one a year


def test_persistence_by_hand() -> None:
    counts = np.array([[5.0, 3.0, 0.0, 0.0], [4.0, 0.0, 4.0, 2.0]])
    year = persistence(counts, np.ones_like(counts, bool), [0.5]).next_year[0]
    assert year.held == pytest.approx(0.4)  # the first two places held 4 of 10 next year
    assert year.most == pytest.approx(0.8)
    assert year.overlap == pytest.approx(0.5)


def test_rank_biased_overlap_by_hand() -> None:
    a, b = np.array([3.0, 2.0, 1.0]), np.array([2.0, 3.0, 1.0])
    assert rank_biased_overlap(a, a, 0.9) == pytest.approx(1.0)
    # agreement 0, 1, 1 at depths 1 to 3, the last going on for ever
    assert rank_biased_overlap(a, b, 0.5) == pytest.approx(0.5 * (0.5 + 0.25) + 0.125)
    assert rank_overlap_by_chance(1000, 0.9) < 0.02


def test_equal_counts_overlap_by_lot() -> None:
    flat = np.ones(1000)
    assert rank_biased_overlap(flat, flat, 0.9) == pytest.approx(rank_overlap_by_chance(1000, 0.9), rel=0.01)


def test_no_harm_is_refused() -> None:
    with pytest.raises(Refused):
        concentration(np.zeros((2, 5)), np.ones((2, 5), bool))
