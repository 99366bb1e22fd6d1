"""The mixture scan: by hand, a planted burst found where and when it is, and null worlds at their rate."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from peelian.domain import negative_binomial as nb
from peelian.domain.series import Series
from peelian.evaluate.warnings_world import Burst, Recipe, weekly_world
from peelian.warn import mixture_scan
from peelian.warn.mixture.circles import circles
from peelian.warn.mixture.null import Tail, separate, tail
from peelian.warn.mixture.ratio import FACTORS, forms, mixture
from peelian.warn.mixture.usual import usual

SMALL = Recipe(weekly=120.0, weeks=110, side=24)


def busiest(seed: int) -> Burst:
    calm = weekly_world(SMALL, seed)
    at = int(np.argmax(calm.mean[0]))
    return Burst(float(calm.centres[0][at]), float(calm.centres[1][at]), 400.0, 104, 110, 4.0)


def test_circles_hold_their_squares_by_hand() -> None:
    x, y = np.tile([125.0, 375.0, 625.0], 3), np.repeat([125.0, 375.0, 625.0], 3)
    sizes = circles(x, y)
    middle = {one.radius_m: int(one.sums(np.ones(9))[4]) for one in sizes[:5]}
    assert middle == {200.0: 1, 300.0: 5, 400.0: 9, 520.0: 9, 650.0: 9}
    assert sizes[5].sums(np.ones(9))[0] == 4, (
        "a corner's circle of 200 m holds the four squares that meet there"
    )
    assert sizes[5].sums(np.ones(9))[8] == 1


def test_a_form_is_the_ratio_of_two_negative_binomials() -> None:
    series = weekly_world(SMALL, 2).cells(106)
    sizes = circles(series.easting, series.northing)
    known = usual(series, sizes[2])
    assert known is not None
    form = forms(known, sizes, "week")[12]
    at, y = 300, 7.0
    mean = form.mean[at]
    _, squares = known.window(form.wide)
    held = form.circles.sums(known.held)[at]
    a = known.own * form.circles.sums(squares)[at] / mean**2 + known.common + 1 / (held + 0.5)
    told = form.log_ratios(np.full(len(series.places), y))[:, at]
    by_hand = [
        float(nb.log_pmf(np.array(y), mean * f, a) - nb.log_pmf(np.array(y), mean, a)) for f in FACTORS
    ]
    assert told == pytest.approx(by_hand, abs=1e-6)


def test_weights_of_all_forms_add_up_to_one_everywhere() -> None:
    series = weekly_world(SMALL, 3).cells(106)
    sizes = circles(series.easting, series.northing)
    known = usual(series, sizes[2])
    assert known is not None
    tried = forms(known, sizes, "week")
    assert np.sum([form.weight.sum(axis=0) for form in tried], axis=0) == pytest.approx(1.0)
    empty = np.zeros((8, len(series.places)))
    assert (mixture(empty, tried, sizes[0]) <= 0).all(), "nothing at all is never a sign of more"


def test_the_spread_is_recovered() -> None:
    recipe = replace(SMALL, weekly=800.0, dispersion=0.5, weeks=160)
    series = weekly_world(recipe, 4).cells(160)
    known = usual(series, circles(series.easting, series.northing)[2])
    assert known is not None
    assert known.own == pytest.approx(0.5, rel=0.25)
    assert known.common < 0.02
    assert known.share.sum() == pytest.approx(1.0)


def test_a_burst_is_found_where_it_is_since_it_began() -> None:
    burst = busiest(5)
    found = mixture_scan.detect(weekly_world(SMALL, 5, [burst]).cells(108), seed=1)
    first = found.signals[0]
    assert first.adjusted
    assert first.p < 0.01
    assert np.hypot(first.easting - burst.easting, first.northing - burst.northing) < 400
    assert first.observed > 2 * first.expected
    assert 1 <= (first.end - first.start).days / 7 <= 6
    assert first.distinct is not None
    assert first.distinct <= first.observed


def test_the_same_series_gives_the_same_bytes() -> None:
    series = weekly_world(SMALL, 6).cells(106)
    one, two = (mixture_scan.detect(series, seed=3) for _ in range(2))
    assert one.p.tobytes() == two.p.tobytes()
    assert one.signals == two.signals


def test_null_worlds_have_signals_at_their_chance() -> None:
    """The strongest `p` of a calm week is under 0.2 in a fifth of them."""
    strongest = []
    for seed in range(24):
        found = mixture_scan.detect(weekly_world(SMALL, 100 + seed).cells(108), seed=seed)
        strongest.append(min((s.p for s in found.signals), default=1.0))
    many = sum(p < 0.2 for p in strongest)
    assert stats.binomtest(many, len(strongest), 0.2, alternative="greater").pvalue > 0.001


def test_missing_is_not_zero_and_is_not_judged() -> None:
    series = weekly_world(SMALL, 7).cells(106)
    seen = series.observed.copy()
    seen[-1, :10] = False
    seen[50:60, 100:200] = False
    found = mixture_scan.detect(replace(series, observed=seen), seed=1)
    assert np.isnan(found.p[:10]).all()
    assert np.isfinite(found.p[10:]).all()
    whole, part = (
        usual(one, circles(one.easting, one.northing)[2]) for one in (series, replace(series, observed=seen))
    )
    assert whole is not None
    assert part is not None
    assert part.share[150:190].sum() == pytest.approx(whole.share[150:190].sum(), rel=0.25)


def test_short_history_is_said_in_words() -> None:
    series = weekly_world(SMALL, 8).cells(20)
    found = mixture_scan.detect(series, seed=1)
    assert "half a year" in found.unable
    assert not found.signals
    nobody = Series("asb", "week", "cell", (), series.end, (), np.empty(0), np.empty(0), np.empty((0, 0)),
                    np.empty((0, 0), bool))  # fmt: skip
    assert mixture_scan.detect(nobody, seed=1).unable


def test_the_tail_falls_and_peaks_are_apart() -> None:
    fitted = Tail(2.0, 0.5, 1.0)
    assert fitted.a_period(np.array([2.0, 3.0])) == pytest.approx([0.5, 0.5 / np.e])
    points = np.array([[0.0, 0.0], [500.0, 0.0], [1500.0, 0.0]])
    assert separate(np.array([3.0, 2.0, 1.0]), points, 3) == [0, 2]
    series = weekly_world(SMALL, 9).cells(106)
    sizes = circles(series.easting, series.northing)
    known = usual(series, sizes[2])
    assert known is not None
    drawn = tail(known, forms(known, sizes, "week"), sizes[1], series.easting, series.northing, 1)
    assert 0.5 <= drawn.rate <= 1.0
    assert drawn.slope > 0
