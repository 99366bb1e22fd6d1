"""Each plain count on a city small enough to count by hand."""

from __future__ import annotations

import numpy as np
import pytest

from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.models import MODELS, kde, shrunk_decay
from peelian.models.hierarchy import shrink
from peelian.models.memory import FOREVER, decayed
from peelian.models.mixture import fit_weights
from peelian.models.raw_count import count_reader
from peelian.models.surroundings import Surroundings
from tests.worlds.city import panel_of, square


def two_places(months: int, missing: tuple[int, ...] = ()) -> tuple[np.ndarray, object]:
    """Cell 12 has one event a month, cell 0 has six in the first month only; 5 x 5 cells."""
    counts = np.zeros((1, months, 25), np.float32)
    counts[0, :, 12] = 1
    counts[0, 0, 0] = 6
    return counts, panel_of(counts, missing=missing)


@pytest.mark.parametrize(
    ("periods", "cut", "want"),
    [
        (1, 18, {12: 1.0}),  # the last month
        (12, 18, {12: 1.0}),  # the last year
        (12, 12, {12: 12 / 18, 0: 6 / 18}),  # a year that still holds the first month
        (60, 18, {12: 18 / 24, 0: 6 / 24}),  # all there is
    ],
)
def test_raw_shares_by_hand(periods: int, cut: int, want: dict[int, float]) -> None:
    _, panel = two_places(18)
    maps = count_reader(periods, "long-run place")(panel)(cut, {"width": 1.0})  # type: ignore[arg-type]
    share = maps.shares["long-run place"]
    assert {int(k): float(share[k]) for k in np.flatnonzero(share)} == pytest.approx(want)
    assert maps.evidence.sum() == pytest.approx(sum(want.values()) * maps.evidence.sum())


def test_last_period_is_the_last_published_one_when_the_last_is_missing() -> None:
    _, panel = two_places(18, missing=(16, 17))
    maps = count_reader(1, "recent events")(panel)(18, {"width": 1.0})  # type: ignore[arg-type]
    assert maps.shares["recent events"][12] == 1.0
    assert maps.evidence[12] == 1.0


def test_a_missing_month_lowers_no_share() -> None:
    _, whole = two_places(18)
    _, hole = two_places(18, missing=(3, 4, 5))
    read = count_reader(12, "long-run place")
    full, holed = (read(p)(15, {"width": 1.0}).shares["long-run place"] for p in (whole, hole))  # type: ignore[arg-type]
    assert np.array_equal(full, holed)


def test_memory_by_hand_and_over_a_hole() -> None:
    counts = np.array([[4.0, 0.0], [0.0, 2.0], [2.0, 0.0]], np.float32)
    state, whole = decayed(counts, np.array([True, True, True]), [1.0, FOREVER], [2, 3])
    assert state[0, 0].tolist() == [2.0, 2.0]
    assert state[0, 1].tolist() == [3.0, 1.0]
    assert state[1, 1].tolist() == [6.0, 2.0]
    assert whole.tolist() == [[4.0, 4.0], [6.0, 8.0]]
    state, whole = decayed(counts, np.array([True, False, True]), [1.0], [3])
    assert state[0, 0].tolist() == [3.0, 0.0]  # time passed over the hole, and nothing was added
    assert whole[0, 0] == 3.0


def test_shrinking_by_hand() -> None:
    got = shrink(np.array([0.0, 3.0]), 10.0, np.array([0.1, 0.1]), 1.0)
    assert got.tolist() == pytest.approx([1 / 20, 4 / 20])


def test_surroundings_leave_the_place_out_and_are_undiluted_at_the_edge() -> None:
    cells = square(9)
    near = Surroundings.of(GRID, cells, np.arange(81), (1.0, 2.5))
    assert near.smooth(np.ones(81, np.float32), 1.0) == pytest.approx(np.ones(81), abs=1e-5)
    point = np.zeros(81, np.float32)
    point[40] = 1.0
    around = near.smooth(point, 1.0)
    assert around[40] == 0.0
    assert around[[31, 39, 41, 49]] == pytest.approx(around[41])
    assert around[41] > around[42] > 0


def test_mixture_weights_are_found_again() -> None:
    rng = np.random.default_rng(1)
    maps = rng.dirichlet(np.full(200, 0.3), 3)
    truth = np.array([0.6, 0.3, 0.1])
    counts = rng.multinomial(60_000, truth @ maps).astype(float)
    assert fit_weights(maps, counts) == pytest.approx(truth, abs=0.02)


@pytest.mark.parametrize("module", [kde, shrunk_decay])
def test_shares_add_up_to_one(module: object) -> None:
    _, panel = two_places(18)
    setting = {"width": 1.0, "years": 1.0, "half_life": 12.0, "prior_events": 0.3}
    shares = module.reader(panel)(18, setting).shares  # type: ignore[attr-defined]
    assert [share.sum() for share in shares.values()] == pytest.approx([1.0] * len(shares))


def test_the_year_forgets_what_the_five_years_remember() -> None:
    _, panel = two_places(30)
    year, five = (
        MODELS[name].fit(panel, horizon=1, window=1, seed=1).predict(panel)  # type: ignore[arg-type]
        for name in ("year-count", "five-year-count")
    )
    assert year.mean[0, 0] < five.mean[0, 0] / 3
    assert year.mean[0].argmax() == five.mean[0].argmax() == 12
