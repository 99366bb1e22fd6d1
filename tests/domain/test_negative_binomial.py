"""The distribution every number shown comes from."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from peelian.domain import negative_binomial as nb

means, dispersions = st.floats(1e-4, 500), st.floats(0, 5)


def test_hand_computed() -> None:
    # mean 1, dispersion 1 is geometric with p = 1/2: P(0) = 1/2, P(1) = 1/4
    assert np.allclose(np.exp(nb.log_pmf(np.array([0.0, 1.0]), np.array(1.0), np.array(1.0))), [0.5, 0.25])
    assert np.isclose(nb.p_any(np.array(1.0), np.array(1.0)), 0.5)
    assert nb.quantile(0.5, np.array(1.0), np.array(1.0)) == 0


@given(means, dispersions)
def test_probabilities_add_up(mean: float, dispersion: float) -> None:
    top = int(nb.quantile(1 - 1e-9, np.array(mean), np.array(dispersion))) + 1
    counts = np.arange(top + 1, dtype=float)
    p = np.exp(nb.log_pmf(counts, np.array(mean), np.array(dispersion)))
    assert abs(p.sum() - 1) < 1e-6
    assert abs(1 - p[0] - nb.p_any(np.array(mean), np.array(dispersion))) < 1e-6


@given(means)
def test_no_dispersion_is_poisson(mean: float) -> None:
    k = np.arange(10.0)
    assert np.allclose(nb.log_pmf(k, np.array(mean), np.array(0.0)), stats.poisson.logpmf(k, mean))


def test_simulated_variance_is_recovered() -> None:
    mean, dispersion = 2.0, 0.7
    r = 1 / dispersion
    draws = np.random.default_rng(1).negative_binomial(r, r / (r + mean), 400_000)
    assert abs(draws.var() - (mean + dispersion * mean**2)) < 0.1
    assert abs((draws > 0).mean() - nb.p_any(np.array(mean), np.array(dispersion))) < 0.005
