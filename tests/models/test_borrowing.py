"""A rare target borrows from what is common: it gains where both go together, and loses little where not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from peelian.domain import negative_binomial as nb
from peelian.domain.panel import Panel
from peelian.models import MODELS, SERVED
from tests.worlds.city import cut, panel_of, rates

SIDE, PERIODS, LEARN = 30, 48, 42
RARE = 0.05


def rare(seed: int, related: bool) -> Panel:
    """Violence at lumpy rates, and of it, or elsewhere in the same pattern, a few with a knife."""
    rng = np.random.default_rng(seed)
    common = rates(SIDE, seed)
    knife = RARE * (common if related else rates(SIDE, seed + 100))
    shape = (PERIODS, SIDE * SIDE)
    counts = np.stack([rng.poisson(knife, shape), rng.poisson(common, shape)])
    return replace(panel_of(counts.astype(np.float32)), target="violence")


def score(panel: Panel) -> float:
    """Give the log score of the next quarter a knife event, over two quarters."""
    total, events = 0.0, 0.0
    for start in range(LEARN, PERIODS, 3):
        known = cut(panel, start)
        fitted = MODELS[SERVED].fit(known, horizon=1, window=3, seed=1)
        made = fitted.predict(known)
        happened = panel.counts[0, start : start + 3].sum(axis=0).astype(float)
        total += float(nb.log_pmf(happened, made.mean[0], made.dispersion[0]).sum())
        events += float(happened.sum())
    return total / events


def alone(panel: Panel) -> Panel:
    return replace(
        panel, types=panel.types[:1], counts=panel.counts[:1], observed=panel.observed[:1],
        elsewhere=panel.elsewhere[:1],
    )  # fmt: skip


def test_knife_violence_gains_from_all_violence() -> None:
    panel = rare(1, related=True)
    assert 100 < panel.counts[0].sum() < 1000
    assert score(panel) > score(alone(panel)) + 0.1


def test_where_violence_says_nothing_of_knives_little_is_lost() -> None:
    panel = rare(2, related=False)
    assert score(panel) == pytest.approx(score(alone(panel)), abs=0.08)
