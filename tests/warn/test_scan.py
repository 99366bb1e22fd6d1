"""The space-time scan: by brute force, a planted burst found, null worlds at their rate, the same bytes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from peelian.domain.series import Series
from peelian.warn import scan
from peelian.warn.scanning.kernel import best
from peelian.warn.scanning.null import chance
from tests.warn import worlds


def squares(seed: int, *, side: int = 8, own: float = 0.5, mean: float = 1.0, weeks: int = 90) -> Series:
    rng = np.random.default_rng([71, seed])
    rate = mean * rng.gamma(2, 0.5, side * side) * np.ones((weeks, 1))
    given = worlds.series(rng.poisson(rate * rng.gamma(1 / own, own, rate.shape)).astype(float))
    east, north = np.meshgrid(np.arange(side) * 250.0, np.arange(side) * 250.0)
    return replace(given, easting=east.ravel(), northing=north.ravel())


def test_kernel_is_brute_force() -> None:
    rng = np.random.default_rng(3)
    many, wide = 6, 3
    windows = np.cumsum(rng.poisson(2.0, (many, wide)), axis=1).astype(float)
    order = np.array([rng.permutation(many) for _ in range(many)])
    ends = np.tile([1, 3, 6], (many, 1))
    mean, dispersion = rng.uniform(1, 9, (many, 3, wide)), rng.uniform(0.1, 1, (many, 3, wide))
    score, circle, window = best(windows, np.arange(many) * many, order.ravel(), ends, mean, dispersion)

    def law(c: float, e: float, d: float) -> float:
        return float(stats.nbinom.logpmf(c, 1 / d, 1 / (1 + d * e)))

    for k in range(many):
        by_hand = {}
        for r in range(3):
            for t in range(wide):
                c, e, d = windows[order[k, : ends[k, r]], t].sum(), mean[k, r, t], dispersion[k, r, t]
                by_hand[r, t] = law(c, c, d) - law(c, e, d) if c > e else 0.0
        assert score[k] == pytest.approx(max(by_hand.values()), abs=1e-9)
        assert by_hand[circle[k], window[k]] == pytest.approx(score[k], abs=1e-9)


def test_gumbel_is_the_tail_of_maxima() -> None:
    top = stats.gumbel_r.rvs(5, 1.5, size=4000, random_state=np.random.default_rng(1))
    assert chance(20.0, top) == pytest.approx(stats.gumbel_r.sf(20.0, 5, 1.5), rel=0.4)
    assert chance(5.0, top) == pytest.approx(stats.gumbel_r.sf(5.0, 5, 1.5), rel=0.1)


def test_a_planted_burst_is_found_where_and_when() -> None:
    calm = squares(5, side=14, mean=1.5)
    at = 14 * 7 + 7
    inside = np.hypot(calm.easting - calm.easting[at], calm.northing - calm.northing[at]) <= 400
    counts = calm.counts.copy()
    counts[-4:, inside] += np.random.default_rng(2).poisson(3.0, (4, int(inside.sum())))
    found = scan.detect(replace(calm, counts=counts, distinct=counts / 2), seed=1)
    first = found.signals[0]
    assert first.p < 0.001
    assert first.adjusted
    assert np.hypot(first.easting - calm.easting[at], first.northing - calm.northing[at]) <= 400
    assert calm.starts[-6] <= first.start <= calm.starts[-3]
    assert first.distinct == pytest.approx(first.observed / 2)
    taken = [place for one in found.signals for place in one.places]
    assert len(taken) == len(set(taken)), "secondary circles do not overlap"


def test_null_worlds_keep_the_level(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "REPLICAS", 49)  # quick; benchmarks/scan.py has all 199
    found = [scan.detect(squares(s, side=6, weeks=60), seed=s) for s in range(200)]
    for level in (0.05, 0.2):
        hits = sum(bool(f.signals) and f.signals[0].p <= level for f in found)
        assert stats.binom.sf(hits - 1, 200, level) > 0.001, (level, hits)


def test_same_bytes_and_missing() -> None:
    given = squares(9)
    seen = given.observed.copy()
    seen[-1, :10] = False
    seen[40:44] = False
    given = replace(given, observed=seen)
    one, two = scan.detect(given, seed=4), scan.detect(given, seed=4)
    assert one.p.tobytes() == two.p.tobytes()
    assert one.signals == two.signals
    assert np.isnan(one.p[:10]).all()
    assert np.isfinite(one.p[10:]).all()
    assert scan.detect(replace(given, observed=np.zeros_like(seen)), seed=1).unable
    assert scan.detect(worlds.series(np.ones((12, 4))), seed=1).unable
