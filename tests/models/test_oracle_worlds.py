"""Small worlds whose true rates are known: how much of the truth's score a forecaster reaches."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from peelian.evaluate.oracle import Reached, reached
from peelian.models import MODELS, SERVED
from tests.worlds.city import cut, panel_of

SIDE, WEEKS, TEST = 24, 90, 8
PLACES = SIDE * SIDE


def world(seed: int, *, even: bool = False, again: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Draw weekly counts (P, C) and true rates: steady places, and a share `again` that triggers at once.

    Triggered events fall in the same place, half of those left each week.
    """
    rng = np.random.default_rng(seed)
    base = np.full(PLACES, 0.5) if even else rng.gamma(0.5, 1.0, PLACES)
    memory, counts, rates = np.zeros(PLACES), [], []
    for _ in range(WEEKS):
        rates.append(base * (1 - again) + again * memory)
        counts.append(rng.poisson(rates[-1]))
        memory = 0.5 * memory + 0.5 * counts[-1]
    return np.array(counts, float), np.array(rates)


@cache
def scored(model: str, seed: int = 3, even: bool = False, again: float = 0.0) -> tuple[Reached, float]:
    """Forecast the last weeks, learned once before them; gives the share of the mean told as recent too."""
    counts, rates = world(seed, even=even, again=again)
    whole = panel_of(counts[None].astype(np.float32), every="week")
    first = WEEKS - TEST
    fitted = MODELS[model].fit(cut(whole, first), horizon=1, window=1, seed=1)
    made = [fitted.predict(cut(whole, week)) for week in range(first, WEEKS)]
    mean, spread = (np.stack([getattr(one, name)[0] for one in made]) for name in ("mean", "dispersion"))
    recent = [one.contributions["recent events"] for one in made if "recent events" in one.contributions]
    told = float(np.sum(recent) / mean.sum()) if recent else 0.0
    return reached(counts[first:], mean, spread, rates[first:], share=0.05), told


def each(choose: Callable[[str], bool]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("name", [n for n in MODELS if choose(n)])


@pytest.mark.parametrize("name", [SERVED, "shrunk-decay"])
def test_steady_places_are_forecast_nearly_as_well_as_by_their_true_rates(name: str) -> None:
    one, _ = scored(name)
    assert one.hits_reached > 0.95
    assert one.gain_reached > 0.93


def test_near_repeats_are_worth_something_to_the_served_model() -> None:
    with_memory, told = scored(SERVED, again=0.6)
    plain, _ = scored("five-year-count", again=0.6)
    assert with_memory.gain_reached > 0.85
    assert with_memory.gain > plain.gain + 0.02
    assert told > 0.15


def test_without_near_repeats_little_is_told_as_recent() -> None:
    _, told = scored(SERVED)
    _, with_memory = scored(SERVED, again=0.6)
    assert told < 0.25 * with_memory + 0.02


@each(lambda _: True)
def test_where_every_place_is_alike_no_ranking_beats_chance(name: str) -> None:
    one, _ = scored(name, even=True)
    assert abs(one.pai - 1.0) < 3.5 * one.pai_noise
    assert one.gain < 0.005


def test_the_truth_reaches_all_and_half_the_truth_less() -> None:
    counts, rates = world(5)
    none = np.zeros_like(rates)
    assert reached(counts, rates, none, rates).gain_reached == pytest.approx(1.0)
    blurred = (rates + rates.mean()) / 2
    assert reached(counts, blurred, none, rates).gain_reached < 0.95
    assert reached(counts, blurred, none, rates).hits_reached == pytest.approx(1.0)
    turned = rates[:, ::-1]
    assert reached(counts, turned, none, rates).hits_reached < 0.5
