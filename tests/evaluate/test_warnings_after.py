"""What came after a warning: by hand, and no rise where places were picked for a low past alone."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from peelian.domain.series import Series
from peelian.domain.time import period_starts
from peelian.evaluate.warnings_after import Outlook, summed
from peelian.evaluate.warnings_power import FalseRate, Power
from peelian.evaluate.warnings_words import false_table, more_than_rate, power_table, verdicts


def series(counts: np.ndarray) -> Series:
    periods, places = counts.shape
    starts = tuple(period_starts(date(2021, 1, 1), periods, "month"))
    return Series(
        "asb", "month", "lsoa", starts, date(2030, 1, 1), tuple(f"a{k}" for k in range(places)),
        np.arange(places) * 1000.0, np.zeros(places), counts.astype(float), np.ones(counts.shape, bool),
    )  # fmt: skip


def test_what_came_after_is_counted_by_hand() -> None:
    counts = np.tile([10, 20, 30], (16, 1))
    counts[13:, 0] = 20
    outlook = Outlook(series(counts), 12, 3)
    assert outlook.found.tolist() == [60, 60, 90]
    assert outlook.usual.sum() == pytest.approx(210)
    one = outlook.of([0])
    assert (one.places, one.reports, one.still) == (1, 60, 1)
    assert one.usual == pytest.approx(210 / 6, rel=0.05)
    assert outlook.by_count(1).reports == 90
    assert outlook.at_random(3).reports == 210
    assert outlook.at_random(3).ratio == pytest.approx(1.0)
    assert outlook.by_score(np.array([0.5, np.nan, 0.01]), 2).reports == 150
    assert summed([{"warned": one}, {"warned": one}])["warned"].reports == 120


def test_places_picked_for_a_low_past_do_not_seem_to_rise() -> None:
    rng = np.random.default_rng(2)
    rate = rng.gamma(1.0, 2.0, 600)
    counts = rng.poisson(np.tile(rate, (16, 1)))
    outlook = Outlook(series(counts), 12, 3)
    low = np.argsort(counts[:12].sum(axis=0))[:200].tolist()
    assert outlook.of(low).ratio == pytest.approx(1.0, abs=0.3)
    raw = counts[:12].mean(axis=0)[low].sum() * 3
    assert outlook.found[low].sum() / raw > outlook.of(low).ratio


def test_tables_and_verdicts_say_what_holds_and_what_is_missed() -> None:
    bands = ("under 5", "5 to 15", "over 15")
    told = [Power("oracle", band, 10, 0.9, 0.5, 2.0, 1.0) for band in bands]
    told += [Power("threshold", band, 10, 0.4, 0.0, 4.0, 0.44) for band in bands]
    told += [Power("combination", band, 10, 0.8, 0.5, 2.0, 0.89) for band in bands[1:]]
    told += [Power("combination", "under 5", 10, 0.3, 0.1, None, 0.33)]
    nulls = [FalseRate("combination", 40, 100, 0.23)]
    said = verdicts(told, nulls)
    assert "holds: over 15 expected: 80% found, at least 80 % asked" in said
    assert "MISSED: under 5: 33% of the oracle's power, 80 % asked" in said
    assert "MISSED: under 5: 30% found, 40% by the plain threshold" in said
    assert more_than_rate(nulls[0]) < 0.001
    assert any(line.startswith("MISSED: null worlds") for line in said)
    assert len(power_table(told)) == 2 + len(told)
    assert "| combination | 100 | 40 | 1.73 |" in false_table(nulls, [])[2]
