"""The certainty the map shows follows what is held of a place."""

from __future__ import annotations

import numpy as np

from peelian.api.quantise import certainty
from peelian.models import shrunk_decay
from peelian.models.before import before
from peelian.models.dispersion import Doubt
from tests.worlds.city import lively, panel_of


def test_more_evidence_is_never_less_certain_and_goes_from_end_to_end() -> None:
    doubt = Doubt(0.01, 0.3, 1.0)
    shown = certainty(doubt.of(np.array([0.0, 0.5, 2.0, 5.0, 20.0, 100.0]))).astype(int)
    assert (np.diff(shown) >= 0).all()
    assert (shown[0], shown[-1]) == (0, 7)


def test_the_same_place_is_surer_after_a_longer_history() -> None:
    panel = panel_of(lively(20, 72, seed=3))
    fitted = shrunk_decay.fit(panel, horizon=1, window=1, seed=1)
    early, late = (certainty(fitted.predict(before(panel, n)).dispersion[0]).astype(int) for n in (24, 72))
    assert (late >= early).mean() > 0.95
    assert late.mean() > early.mean() + 0.5


def test_a_place_with_many_events_is_surer_than_one_with_few() -> None:
    panel = panel_of(lively(20, 48, seed=4))
    made = shrunk_decay.fit(panel, horizon=1, window=1, seed=1).predict(panel)
    order = np.argsort(panel.counts[0].sum(axis=0))
    shown = certainty(made.dispersion[0]).astype(int)
    assert shown[order[-40:]].min() > shown[order[:40]].max()
