"""The regression by hand, and the reference windows."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from scipy import stats

from peelian.domain.errors import Misuse
from peelian.domain.time import period_starts
from peelian.warn.surveillance.bounds import judge
from peelian.warn.surveillance.control import Control
from peelian.warn.surveillance.fit import fit
from peelian.warn.surveillance.reference import Reference, anchors, reference

PLAIN = Control(reweight=False, trend=False, package_spread=False, method="nbPlugin")


def past(n: int, level: list[int] | None = None) -> Reference:
    levels = np.array(level or [0] * n)
    return Reference(np.arange(n), levels, np.arange(n) - float(n), n, int(levels.max()) + 1)


def column(*y: float) -> np.ndarray:
    return np.array(y, float)[:, None]


def test_one_level_by_hand() -> None:
    # mean 4; Pearson (4 + 0 + 4 + 4 + 4 + 0) / 4 = 4; df 5: overdispersion 0.8; error 1/sqrt(24)
    y = column(2, 4, 6, 2, 6, 4, 9)
    found = fit(y, np.ones(y.shape, bool), past(6), PLAIN)
    assert found.mean[0] == pytest.approx(4)
    assert found.overdispersion[0] == pytest.approx(4 / 5)
    assert found.log_error[0] == pytest.approx(24**-0.5)
    assert judge(y[-1], found, PLAIN).p[0] == pytest.approx(stats.poisson.sf(8, 4))


def test_two_levels_and_the_last_one_is_judged() -> None:
    y = column(1, 3, 10, 20, 2, 30, 0)
    found = fit(y, np.ones(y.shape, bool), past(6, [0, 0, 1, 1, 0, 1]), PLAIN)
    assert found.mean[0] == pytest.approx(20)
    assert found.df[0] == 4


def test_a_trend_is_followed() -> None:
    y = np.exp(1 + 0.1 * np.arange(31))[:, None]
    found = fit(
        y, np.ones(y.shape, bool), past(30), Control(reweight=False, package_spread=False, trend_p=1.0)
    )
    assert not found.trend[0]  # it would predict more than was ever counted
    falling = y[::-1]
    found = fit(falling, np.ones(y.shape, bool), past(30), Control(reweight=False, package_spread=False))
    assert found.trend[0]
    assert found.slope[0] == pytest.approx(-0.1, rel=1e-6)
    assert found.mean[0] == pytest.approx(falling[30, 0], rel=1e-6)


def test_missing_is_left_out_and_never_zero() -> None:
    y = column(2, 4, 6, 999, 2, 6, 4, 9)
    seen = np.ones(y.shape, bool)
    seen[3] = False
    with_hole = fit(y, seen, past(7), PLAIN)
    without = fit(np.delete(y, 3, axis=0), np.ones((7, 1), bool), past(6), PLAIN)
    assert with_hole.mean[0] == without.mean[0] == pytest.approx(4)
    assert with_hole.df[0] == without.df[0]


def test_a_past_outbreak_counts_less() -> None:
    y = column(*[2, 3, 1, 2, 3, 2, 1, 3, 2, 2, 2, 3] * 4, 0)
    usual = fit(y, np.ones(y.shape, bool), past(48), PLAIN).mean[0]
    y[9] = 40
    seen = np.ones(y.shape, bool)
    steady = fit(y, seen, past(48), Control(trend=False))
    assert fit(y, seen, past(48), PLAIN).mean[0] == pytest.approx(usual + 38 / 48)
    assert steady.mean[0] == pytest.approx(usual, abs=0.1)


def test_places_do_not_touch_one_another() -> None:
    rng = np.random.default_rng(3)
    y = rng.poisson(3, (40, 5)).astype(float)
    seen = rng.random(y.shape) < 0.9
    together = fit(y, seen, past(39), Control())
    for a in range(5):
        alone = fit(y[:, [a]], seen[:, [a]], past(39), Control())
        assert alone.mean[0] == together.mean[a]


def test_a_place_without_reports_does_not_stop_the_others() -> None:
    y = np.zeros((41, 3))
    y[:, 1], y[39, 2] = 4, 1
    found = fit(y, np.ones(y.shape, bool), past(40), Control(trend_p=1.0))
    assert found.mean[:2] == pytest.approx([0, 4])
    assert np.isfinite(found.mean).all()


def test_reference_windows_and_levels() -> None:
    starts = period_starts(date(2017, 1, 2), 157, "week")
    rows = anchors(starts, "week", 156, 5)
    assert [starts[r] for r in rows] == [
        date(2019, 12, 30),
        date(2018, 12, 31),
        date(2018, 1, 1),
        date(2017, 1, 2),
    ]
    found = reference(rows, Control(years=3, half_window=1, levels=3, skipped=4), np.arange(157.0))
    last = found.rows[found.level == 2]
    assert last.tolist() == [0, 1, 51, 52, 53, 103, 104, 105]
    assert found.rows.max() == 151
    assert np.bincount(found.level[(found.rows > 53) & (found.rows < 103)]).tolist() == [25, 24]


def test_too_short_or_too_finely_cut_is_refused() -> None:
    with pytest.raises(Misuse, match="too short"):
        reference([30], Control(years=1), np.arange(31.0))
    with pytest.raises(Misuse, match="more levels"):
        reference([24, 12, 0], Control(years=2, half_window=3, levels=10), np.arange(25.0))
    with pytest.raises(Misuse, match="out of range"):
        Control(years=0)
