"""Scoring of fusing: hand-computed, nothing for equal surfaces, a gain and a loss where they are planted."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from peelian.evaluate.fused import FLOOR, fused_gain, normalised
from peelian.evaluate.fused_words import (
    BEGIN,
    LABEL,
    fused_lines,
    fused_section,
    said,
    with_section,
)

DAYS = (date(2023, 1, 2), date(2023, 1, 30), date(2023, 2, 27))


def view_of(result: object) -> dict[str, object]:
    return {
        "model": "a forecaster", "alone": ["police_crime"], "feeds": 6, "window": 4, "every": "week",
    } | result.to_json()  # type: ignore[attr-defined] # fmt: skip


def test_log_gain_and_hits_by_hand() -> None:
    alone, fused = np.array([[3.0, 1.0, 0.0, 0.0]]), np.array([[1.0, 3.0, 0.0, 0.0]])
    events = np.array([[1.0, 2.0, 0.0, 0.0]])
    result = fused_gain(DAYS[:1], alone, fused, events, np.array([0, 0, 1, 1]))
    high, low = 0.75 * (1 - FLOOR) + FLOOR / 4, 0.25 * (1 - FLOOR) + FLOOR / 4
    assert result.log_gain.value == pytest.approx((np.log(low / high) + 2 * np.log(high / low)) / 3)
    # 5 % of 4 places is a fifth of the first: the first of alone holds 1 event, of fused 2, of 3
    assert result.hits[2].alone == pytest.approx(0.2 * 1 / 3)
    assert result.hits[2].fused == pytest.approx(0.2 * 2 / 3)
    assert result.hits[2].gain.value == pytest.approx(0.2 / 3)


def test_knowing_more_events_scores_nothing_by_itself() -> None:
    rng = np.random.default_rng(1)
    mean = rng.gamma(1.0, 1.0, (3, 400))
    result = fused_gain(DAYS, mean, 3 * mean, rng.poisson(mean).astype(float), np.arange(400) // 20)
    assert result.log_gain.value == pytest.approx(0, abs=1e-12)
    assert all(hit.gain.value == pytest.approx(0, abs=1e-12) for hit in result.hits)
    assert "no gain" in said(result.to_json()["log_gain"])


@pytest.mark.parametrize("better", [True, False])
def test_a_planted_gain_and_a_planted_loss_are_found(better: bool) -> None:
    rng = np.random.default_rng(2)
    true = rng.gamma(0.5, 2.0, 900)
    wrong = rng.permutation(true)  # as uneven, but elsewhere
    events = rng.poisson(np.tile(true, (3, 1))).astype(float)
    one, other = np.tile(wrong, (3, 1)), np.tile(true, (3, 1))
    result = fused_gain(DAYS, *((one, other) if better else (other, one)), events, np.arange(900) // 30)
    gain = result.log_gain
    assert gain.above_zero if better else gain.below_zero
    assert result.hits[2].gain.above_zero if better else result.hits[2].gain.below_zero
    assert len(result.by_origin) == len(result.left_out) == 3


def test_a_place_of_no_expectation_costs_what_the_floor_says() -> None:
    assert normalised(np.array([1.0, 0.0]))[1] == pytest.approx(FLOOR / 2)
    assert normalised(np.zeros(4)).sum() == pytest.approx(FLOOR)


def test_words_carry_the_label_and_a_section_replaces_itself() -> None:
    rng = np.random.default_rng(3)
    mean = rng.gamma(1.0, 1.0, (3, 100))
    view = view_of(fused_gain(DAYS, mean, mean, rng.poisson(mean).astype(float), np.arange(100) // 10))
    lines = fused_lines(view)
    assert lines[0].startswith(LABEL)
    section = fused_section(view)
    assert LABEL in section
    page = with_section(with_section("<main><h1>x</h1></main>", section), section)
    assert page.count(BEGIN) == 1
    assert page.endswith("</main>")
    assert "<h1>x</h1>" in page
