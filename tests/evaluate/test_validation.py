"""A validation: by hand, in worlds of known truth, and with small counts withheld."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from peelian.domain.errors import Refused
from peelian.domain.time import period_starts, step
from peelian.evaluate.interval import Interval
from peelian.evaluate.power import Power
from peelian.evaluate.validation import Hits, Validation, pit_between, validate
from peelian.evaluate.validation_words import answer_of, figures, sentences
from tests.evaluate.worlds import FIRST, count, oracle, uneven, uniform, world

WARM = period_starts(step(FIRST, "month", 12), 3, "month")
ORIGINS = period_starts(step(FIRST, "month", 15), 6, "month")


def run(w, *forecasters, model: str) -> Validation:
    plugs = {f.id: f for f in forecasters}
    return validate(w.panel_at, w.truth_at, plugs, model, ORIGINS, warmup=WARM, window=1)


def test_the_truth_is_found_better_and_calibrated() -> None:
    w = world(uneven(mean=0.1), 24, 4)
    found = run(w, uniform(), count(), oracle(w), model="oracle")
    events = float(w.counts[15:21].sum())
    assert found.events == events
    assert (found.windows, found.rival, str(found.until)) == (6, "count", "2021-09-30")
    assert answer_of(found) == "better"
    assert found.slope == pytest.approx(1.0, abs=0.15)
    assert found.bias == pytest.approx(6 * w.rate.sum() / events - 1)
    assert found.pit == pytest.approx(0.9, abs=0.02)
    best = np.argsort(-w.rate)[:16]
    assert found.hits[0].rate == pytest.approx(w.counts[15:21][:, best].sum() / events)


def test_where_all_places_are_alike_nothing_is_found() -> None:
    answers = []
    for seed in range(3):
        w = world(np.full(1600, 0.05), 24, seed)
        answers.append(answer_of(run(w, uniform(), replace(count("model"), id="guess"), model="guess")))
    assert answers.count("better") == 0


def test_rare_events_are_too_few_to_tell() -> None:
    w = world(uneven(mean=0.006), 24, 3)
    found = run(w, uniform(), replace(uniform("model"), id="same"), model="same")
    assert 10 <= found.events < 150
    assert found.power.gain > 0.05
    assert answer_of(found) == "too few to tell"
    assert "Too few to tell" in "\n".join(sentences(figures(found)))


def test_nothing_happened_is_refused() -> None:
    with pytest.raises(Refused, match="nothing happened"):
        run(world(np.zeros(1600), 24, 1), uniform(), replace(uniform("model"), id="m"), model="m")


def test_the_share_of_the_pit_by_hand() -> None:
    # A Poisson of mean ln 2 that saw 0: its PIT is spread over 0 to 0.5, of which nine tenths lie above 0.05.
    assert pit_between(np.zeros(1), np.array([np.log(2)]), np.zeros(1)) == pytest.approx(0.9)
    rng = np.random.default_rng(2)
    mean = rng.gamma(2, 1.0, 20_000)
    counts = rng.poisson(rng.gamma(1 / 0.5, 0.5 * mean)).astype(float)
    assert pit_between(counts, mean, np.full(20_000, 0.5)) == pytest.approx(0.9, abs=0.01)
    assert pit_between(counts, mean, np.zeros(20_000)) < 0.87  # too sure


def made(events: float, rate: float = 0.3, rival: float = 0.3) -> Validation:
    gain = Interval(0.02, -0.04, 0.08)
    hits = (Hits(0.01, rate, rival, gain, 0.04),)
    able = Power(events, 0.11, True, 0.02, (0.04,))
    return Validation(
        4, FIRST, FIRST, events, "learner", "kde", gain, hits, 1.0, 0.01, 0.9, "LSOA", able, "draws"
    )


@pytest.mark.parametrize(
    ("validation", "withheld"),
    [
        (made(100), False), (made(100, rate=0.09), True), (made(100, rate=0.95), True),
        (made(100, rival=0.02), True), (made(20, rate=0.4), True),
    ],
)  # fmt: skip
def test_counts_under_ten_cannot_be_worked_out(validation: Validation, withheld: bool) -> None:
    body = figures(validation)
    (hit,) = body["hit_rates"]
    assert (hit["rate"] is None) == (hit["rival"] is None) == (hit["gain"] is None) == withheld
    assert ("withheld" in "\n".join(sentences(body))) == withheld


def test_under_ten_events_no_figure_is_given() -> None:
    body = figures(made(9))
    assert body["events"] == "under 10"
    assert not {"gain", "hit_rates", "calibration", "power"} & set(body)
    assert "9" not in json.dumps(body)
    assert sentences(body)[-1].startswith("Too few to tell")


@pytest.mark.parametrize(
    ("gain", "smallest", "answer"),
    [
        (Interval(0.1, 0.01, 0.2), 0.2, "better"), (Interval(-0.1, -0.2, -0.01), 0.2, "worse"),
        (Interval(0.01, -0.01, 0.03), 0.03, "not better"),
        (Interval(0.01, -0.1, 0.1), 0.2, "too few to tell"),
    ],
)  # fmt: skip
def test_the_answer(gain: Interval, smallest: float, answer: str) -> None:
    able = Power(100, smallest, True, 0.02, (0.04,))
    assert answer_of(replace(made(100), gain=gain, power=able)) == answer
