"""The event study: by hand, against a fitted Poisson regression, and with effects that change."""

from __future__ import annotations

import numpy as np
import pytest

from peelian.domain.errors import Refused
from peelian.plan.effects.event_study import NEVER, event_study
from tests.plan.effects.worlds import staggered


def test_by_hand() -> None:
    """Four treated with 10 before and 6 after; eight controls with 5 before and 10 after: 24 / 80."""
    counts = np.array([[10.0, 6.0]] * 4 + [[5.0, 10.0]] * 8)
    starts = np.array([1] * 4 + [NEVER] * 8)
    made = event_study(counts, starts)
    assert made.seen == 24
    assert made.expected == pytest.approx(80)
    assert made.ratio == pytest.approx(0.3)
    assert made.change == pytest.approx(-56)


def test_agrees_with_a_poisson_regression_on_places_and_periods() -> None:
    """One cohort: the same ratio as a regression with place and period effects; its robust error, nearly."""
    import statsmodels.api as sm  # type: ignore[import-untyped]

    rng = np.random.default_rng(5)
    places, periods, start = 40, 10, 6
    counts = rng.poisson(np.tile(rng.gamma(3, 3, (places, 1)) + 2, (1, periods))).astype(float)
    counts[:12, start:] = rng.poisson(counts[:12, start:] * 0.7)
    starts = np.where(np.arange(places) < 12, start, NEVER)
    made = event_study(counts, starts)
    i, t = np.divmod(np.arange(places * periods), periods)
    treated = ((i < 12) & (t >= start)).astype(float)
    x = np.column_stack([np.eye(places)[i], np.eye(periods)[t][:, 1:], treated])
    fit = sm.GLM(counts.ravel(), x, family=sm.families.Poisson()).fit(
        cov_type="cluster", cov_kwds={"groups": i}
    )
    assert made.ratio == pytest.approx(np.exp(fit.params[-1]), rel=1e-6)
    assert made.more["log_error"] == pytest.approx(fit.bse[-1], rel=0.06)


@pytest.mark.parametrize("last", [0.4, 1.0, 1.6])
def test_changing_effects_do_not_bias_it(last: float) -> None:
    """Effects that grow by the month, in three cohorts: the mean over worlds meets the truth."""
    ratios = np.linspace(1, last, 30)
    misses = []
    for seed in range(120):
        counts, starts, truth = staggered(seed, ratios)
        made = event_study(counts, starts)
        assert made.ratio is not None
        misses.append(np.log(made.ratio / truth))
    assert abs(np.mean(misses)) < 3.3 * np.std(misses) / np.sqrt(len(misses)) + 0.003


def test_one_regression_on_all_would_be_biased_where_this_is_not() -> None:
    """No never-treated lead: a pooled regression compares late starters with early ones; this does not."""
    counts = np.full((24, 24), 100.0)
    starts = np.array([6] * 8 + [12] * 8 + [NEVER] * 8)
    for k in range(16):
        since = np.arange(24 - starts[k])
        counts[k, starts[k] :] = 100 * np.exp(-0.05 * (since + 1))
    made = event_study(counts, starts)
    truth = float(np.mean(np.exp(-0.05 * np.arange(1, 13))))
    assert made.ratio == pytest.approx(truth)
    assert [round(one["ratio"], 6) for one in made.more["by_period"]] == [
        round(float(np.exp(-0.05 * k)), 6) for k in range(1, 13)
    ]


def test_a_difference_before_the_start_is_told() -> None:
    rng = np.random.default_rng(3)
    counts = rng.poisson(40.0, (40, 30)).astype(float)
    starts = np.where(np.arange(40) < 12, 18, NEVER)
    assert not event_study(counts, starts).more["before"]["clear"]
    counts[:12, 14:] = rng.poisson(60.0, (12, 16))
    assert event_study(counts, starts).more["before"]["clear"]


def test_too_few_places_are_refused() -> None:
    counts = np.ones((20, 12))
    with pytest.raises(Refused, match="too few"):
        event_study(counts, np.array([6] * 3 + [NEVER] * 17))
    with pytest.raises(Refused, match="too few"):
        event_study(counts, np.array([6] * 14 + [NEVER] * 6))
    with pytest.raises(Refused, match="before"):
        event_study(counts, np.array([0] * 6 + [NEVER] * 14))
    with pytest.raises(Refused, match="no events"):
        event_study(np.zeros((20, 12)), np.array([6] * 6 + [NEVER] * 14))
