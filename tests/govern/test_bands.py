"""What the public sees of a forecast does not give one event away: each is left out and all fitted again."""

from __future__ import annotations

import numpy as np
import pytest

from peelian.domain.panel import Panel
from peelian.domain.tier import PUBLIC
from peelian.govern.disclosure.bands import BANDS, bands
from peelian.models import MODELS
from tests.worlds.city import panel_of

SIDE, BLOCK, MONTHS = 20, 4, 24
PLACES = (SIDE // BLOCK) ** 2


def place_of() -> np.ndarray:
    column, row = np.meshgrid(np.arange(SIDE) // BLOCK, np.arange(SIDE) // BLOCK)
    return (row * (SIDE // BLOCK) + column).ravel()


def city(seed: int) -> Panel:
    """Places with few events and with many: some within one event of the floor."""
    draw = np.random.default_rng(seed)
    rate = draw.choice([0.01, 0.05, 0.055, 0.3], PLACES)[place_of()]
    return panel_of(draw.poisson(rate, (1, MONTHS, SIDE * SIDE)).astype(np.float32))


def shown(panel: Panel) -> tuple[dict[str, str], np.ndarray]:
    """The bands as they would be released, with a refit of the plain shrunk count."""
    made = MODELS["shrunk-decay"].fit(panel, horizon=1, window=1, seed=1).predict(panel)
    expected = np.bincount(place_of(), made.mean.sum(axis=0), PLACES)
    year = np.bincount(place_of(), panel.counts[0, -12:].sum(axis=0), PLACES)
    names = [f"p{k}" for k in range(PLACES)]
    return bands(
        dict(zip(names, expected.tolist(), strict=True)),
        dict(zip(names, year.astype(int).tolist(), strict=True)), PUBLIC.least,
    ), year  # fmt: skip


def leave_out(events: int) -> None:
    panel = city(2)
    before, year = shown(panel)
    assert {PUBLIC.least - 1, PUBLIC.least} & set(year.astype(int).tolist()), (
        "a place must stand at the floor"
    )
    assert set(before.values()) == set(BANDS)
    hit = np.argwhere(panel.counts[0] > 0)
    for period, cell in hit[np.random.default_rng(1).choice(len(hit), events, replace=False)]:
        panel.counts[0, period, cell] -= 1
        after, count = shown(panel)
        panel.counts[0, period, cell] += 1
        assert all(count[int(name[1:])] >= PUBLIC.least for name in after)
        for name in before.keys() & after.keys():
            assert abs(BANDS.index(before[name]) - BANDS.index(after[name])) <= 1


def test_leaving_out_one_event_moves_no_band_by_more_than_a_step() -> None:
    leave_out(40)


@pytest.mark.soak
def test_leaving_out_each_of_500_events() -> None:
    leave_out(500)


def test_bands_by_hand() -> None:
    year = dict.fromkeys("abcd", 50) | {"e": 9}
    made = bands({"a": 2.0, "b": 3.0, "c": 3.1, "d": 4.7, "e": 99.0}, year, 10)
    assert made == {"a": "lower", "b": "middle", "c": "middle", "d": "higher"}
    assert bands({"a": 1.0}, {"a": 3}, 10) == {}


def test_an_even_world_has_no_higher_place() -> None:
    draw = np.random.default_rng(9)
    panel = panel_of(draw.poisson(1.0, (1, MONTHS, SIDE * SIDE)).astype(np.float32))
    assert set(shown(panel)[0].values()) == {"middle"}
