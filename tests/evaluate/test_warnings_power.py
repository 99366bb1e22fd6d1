"""The harness of power: worlds as asked for, the oracle, alarms at one rate, and what counts as found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from peelian.domain.series import Series
from peelian.evaluate.warnings_alarms import COMBINED, Alarm, delay, false_alarms, limit_for, separate
from peelian.evaluate.warnings_oracle import oracle_delay
from peelian.evaluate.warnings_plant import BANDS, band_of, plant
from peelian.evaluate.warnings_power import (
    A_WEEK,
    ORACLE,
    Judged,
    false_rates,
    limits,
    powers,
    watch,
)
from peelian.evaluate.warnings_world import Burst, Recipe, weekly_world
from peelian.warn import threshold

SMALL = Recipe(weekly=120.0, weeks=90, side=36)
STRONG = Burst(4500.0, 4500.0, 500.0, 80, 88, 5.0)


def alarm(week: int, x: float = 0.0, score: float = 0.01, radius: float = 100.0) -> Alarm:
    return Alarm("a", week, x, 0.0, radius, score)


def threshold_only(larger: Series, cells: Series) -> Judged:
    return {"threshold": (larger, threshold.detect(larger, seed=1))}, {}


def test_the_same_seed_gives_the_same_world_and_a_burst_only_adds_where_it_is() -> None:
    calm, again, burst = weekly_world(SMALL, 3), weekly_world(SMALL, 3), weekly_world(SMALL, 3, [STRONG])
    assert np.array_equal(calm.counts, again.counts)
    inside = STRONG.covers(*burst.centres)
    assert burst.bursts[0].expected == pytest.approx(burst.mean[80:88, inside].sum())
    assert np.array_equal(calm.mean, burst.mean)
    many = np.sum([weekly_world(SMALL, k, [STRONG]).counts[80:88, inside].sum() for k in range(30)])
    usual = np.sum([weekly_world(SMALL, k).mean[80:88, inside].sum() for k in range(30)])
    assert many / usual == pytest.approx(5.0, rel=0.1)


def test_both_series_add_up_to_the_same_and_distinct_is_never_more() -> None:
    world = weekly_world(SMALL, 4)
    cells, larger = world.cells(70), world.larger(70)
    assert cells.counts.sum() == larger.counts.sum() == world.counts[:70].sum()
    assert len(larger.places) == 12 * 12
    assert cells.distinct is not None
    assert (cells.distinct <= cells.counts).all()
    assert cells.points is not None
    assert len(cells.points.day) == world.counts[18:70].sum()
    place = (cells.points.northing // 250).astype(int) * 36 + (cells.points.easting // 250).astype(int)
    assert np.array_equal(place, cells.points.place)


def test_bursts_are_planted_as_the_issue_asks() -> None:
    bursts = [b for seed in range(12) for b in plant(Recipe(), seed, 208, 3)]
    assert {band_of(b.expected) for b in bursts} == set(range(len(BANDS)))
    assert all(2 <= b.factor <= 5 and 3 <= b.end - b.start <= 8 and 300 <= b.radius_m <= 600 for b in bursts)


def test_a_warning_that_goes_on_is_counted_once() -> None:
    run = [alarm(10), alarm(11), alarm(11, 5000.0), alarm(14), alarm(25)]
    assert [(a.week, a.easting) for a in separate(run, 1.0)] == [(10, 0.0), (11, 5000.0), (25, 0.0)]
    assert separate(run, 0.001) == []


def test_the_limit_gives_the_rate_and_not_more() -> None:
    rng = np.random.default_rng(0)
    runs = [[alarm(w, 1e4 * rng.random(), float(rng.random())) for w in range(100)] for _ in range(20)]
    limit = limit_for(runs, 100, 0.05)
    assert sum(len(separate(run, limit)) for run in runs) == pytest.approx(100, abs=3)
    assert limit_for([[]], 10, 0.05) == -1.0


def test_found_means_over_the_place_while_it_lasts() -> None:
    burst = Burst(0.0, 0.0, 300.0, 10, 14, 3.0)
    assert delay([alarm(12), alarm(11, 350.0)], burst, 1.0) == 1
    assert delay([alarm(12, 450.0), alarm(15), alarm(10)], burst, 1.0) is None
    assert delay([alarm(12, score=0.5)], burst, 0.1) is None
    wide = alarm(12, 2000.0, radius=9000.0)
    assert delay([wide], burst, 1.0) is None, "a circle of a whole town finds nothing"
    assert len(false_alarms([alarm(12), alarm(17), alarm(12, 9000.0)], [burst], 1.0)) == 1


def test_the_oracle_finds_a_strong_burst_at_once_and_seldom_one_that_is_not_there() -> None:
    for k in range(3):
        calm = weekly_world(SMALL, k)
        busiest = int(np.argmax(calm.mean[0]))
        at = replace(STRONG, easting=calm.centres[0][busiest], northing=calm.centres[1][busiest])
        world = weekly_world(SMALL, k, [at])
        assert world.bursts[0].expected > 5
        found = oracle_delay(world, world.bursts[0], A_WEEK, 1)
        assert found is not None
        assert found <= 3
    nothing = replace(STRONG, factor=3.0)
    none = [oracle_delay(weekly_world(SMALL, 50 + k), nothing, A_WEEK, k) for k in range(8)]
    assert sum(d is not None for d in none) <= 2


def test_a_detector_set_to_the_rate_keeps_to_it_in_worlds_it_has_not_seen() -> None:
    nulls = [watch(weekly_world(SMALL, 100 + k), 70, 82, threshold_only) for k in range(24)]
    limit = limits(nulls[:12])
    seen = next(one for one in false_rates(nulls[12:], limit) if one.who == "threshold")
    assert stats.binomtest(seen.found, 2 * seen.weeks, A_WEEK / 2, alternative="greater").pvalue > 0.001
    assert limit[COMBINED] == A_WEEK


def test_powers_are_told_by_band_beside_the_oracle() -> None:
    recipe = replace(SMALL, weekly=400.0)
    watches = [
        watch(weekly_world(recipe, k, plant(recipe, k, 76, 2)), 76, 86, threshold_only, True) for k in (1, 2)
    ]
    told = powers(watches, {"threshold": 0.05})
    assert [p.who for p in told if p.who == ORACLE]
    assert sum(p.bursts for p in told if p.who == "threshold") == sum(len(w.bursts) for w in watches)
    for one in told:
        assert 0 <= one.soon <= one.share <= 1
