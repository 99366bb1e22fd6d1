"""Down the levels: by hand, with parents that matter, and with parents that do not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.domain.panel import Panel, Parents
from peelian.models import shrunk_decay
from peelian.models.hierarchy import down_the_levels, fit_events, with_surroundings
from peelian.models.mask_image import MaskImage
from peelian.models.plain import PlainFitted, weigh
from peelian.models.search import best_setting
from tests.worlds.city import panel_of, square

SIDE = 24


def parents_of(side: int) -> Parents:
    column, row = GRID.column_row(square(SIDE))
    many = SIDE // side
    of_cell = (row - row.min()) // side * many + (column - column.min()) // side
    return Parents("lsoa", tuple(map(str, range(many * many))), of_cell)


def test_strength_is_found_again() -> None:
    rng = np.random.default_rng(1)
    expected = rng.uniform(1, 20, 4000)
    count = rng.poisson(expected * rng.gamma(2.0, 0.5, 4000)).astype(float)
    assert fit_events(count, expected) == pytest.approx(2.0, rel=0.1)
    assert fit_events(rng.poisson(expected).astype(float), expected) > 50  # nothing of their own
    assert fit_events(np.zeros(5), np.ones(5)) == 1.0


def test_two_areas_share_as_their_counts_when_they_have_shown_enough() -> None:
    two = Parents("lsoa", ("a", "b"), np.array([0, 0, 1, 1]))
    share = down_the_levels(np.array([800.0, 0, 100, 100]), [two], [two.of_cell])
    assert share == pytest.approx([0.4, 0.4, 0.1, 0.1], rel=0.02)
    assert down_the_levels(np.zeros(4), [two], [two.of_cell]) == pytest.approx(np.full(4, 0.25))


def test_cells_of_no_place_are_one_more() -> None:
    one = Parents("lsoa", ("a",), np.array([0, 0, -1, -1]))
    share = down_the_levels(np.array([90.0, 90, 10, 10]), [one], [np.array([0, 0, 1, 1])])
    assert share.sum() == pytest.approx(1.0)
    assert share[0] == share[1] > 5 * share[2]


def test_the_surroundings_say_nothing_of_the_cell_itself() -> None:
    image = MaskImage.of(GRID, square(9))
    count = np.zeros(81)
    count[40] = 50.0
    got = with_surroundings(count, np.full(81, 1 / 81), image, 1.0)
    assert got[40] < got[41]
    assert got[41] > 5 * got[0]


def world(seed: int) -> tuple[Panel, np.ndarray]:
    """Areas of 4 x 4 cells that differ much from each other, with few events a cell."""
    rng = np.random.default_rng(seed)
    parents = parents_of(4)
    rate = 0.03 * rng.gamma(0.4, 2.5, len(parents.codes))[parents.of_cell]
    counts = rng.poisson(rate, (1, 30, SIDE * SIDE)).astype(np.float32)
    return replace(panel_of(counts), parents=(parents,)), rate


def error(panel: Panel, rate: np.ndarray) -> float:
    got = shrunk_decay.fit(panel, horizon=1, window=1, seed=1).predict(panel).mean[0]
    return float((got - rate * np.log(np.maximum(got, 1e-12))).mean())


def test_larger_places_that_matter_help() -> None:
    gains = []
    for seed in range(4):
        panel, rate = world(seed)
        gains.append(error(replace(panel, parents=()), rate) - error(panel, rate))
    assert np.mean(gains) > 0
    assert sum(gain > 0 for gain in gains) >= 3


def test_larger_places_that_do_not_matter_hurt_little() -> None:
    panel, rate = world(1)
    shuffled = np.random.default_rng(9).permutation(panel.parents[0].of_cell)
    wrong = replace(panel, parents=(replace(panel.parents[0], of_cell=shuffled),))
    best = float((rate - rate * np.log(np.maximum(rate, 1e-12))).mean())
    plain = error(replace(panel, parents=()), rate)
    assert error(wrong, rate) - plain < 0.3 * (plain - best) + 0.002


def test_the_search_finds_what_a_full_round_finds() -> None:
    panel, _ = world(2)
    tried = {"half_life": (6.0, 24.0, float("inf")), "width": (0.7, 2.0), "prior_events": (0.1, 1.0)}
    got = best_setting("shrunk-decay", panel, shrunk_decay.reader, tried, horizon=1, window=1)
    maps_at = shrunk_decay.reader(panel)

    def score(setting: dict[str, float]) -> float:
        cuts = list(range(24, 30))
        truth = [panel.target_counts[t].astype(float) for t in cuts]
        return weigh([maps_at(t, setting) for t in cuts], truth)[0]

    every = [
        {"half_life": h, "width": w, "prior_events": e}
        for h in tried["half_life"] for w in tried["width"] for e in tried["prior_events"]
    ]  # fmt: skip
    assert score(dict(got)) > max(map(score, every)) - 0.05


def test_the_setting_is_told_on_the_card() -> None:
    fitted = shrunk_decay.fit(world(3)[0], horizon=1, window=1, seed=1)
    assert isinstance(fitted, PlainFitted)
    assert set(fitted.card["setting"]) == {"half_life", "width", "prior_events"}
