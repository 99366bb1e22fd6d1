"""Risk terrain: sites that drive risk are found with their sign, and sites that do nothing stay out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.domain.panel import Panel, Sites
from peelian.models import risk_terrain
from peelian.models.terrain.factors import Terrain
from peelian.models.terrain.sparse_poisson import fit_sparse, noise_bounds
from tests.worlds.city import panel_of, square

SIDE, KINDS = 30, ("bar", "school", "station", "stop")


def world(seed: int, effect: float, months: int = 24) -> tuple[Panel, np.ndarray]:
    """Sites of four kinds at random; schools alone change the rate, which is lumpy besides."""
    rng = np.random.default_rng(seed)
    east, north = GRID.centre(square(SIDE))
    kind = np.repeat(np.arange(4), 25)
    sites = Sites(
        KINDS, kind, rng.uniform(east.min(), east.max(), 100), rng.uniform(north.min(), north.max(), 100),
        np.ones(100),
    )  # fmt: skip
    away = [np.hypot(east - x, north - y) for x, y in zip(sites.easting, sites.northing, strict=True)]
    near = np.min([d for d, k in zip(away, kind, strict=True) if k == 1], axis=0) / GRID.size
    rate = np.exp(effect * np.exp(-near / 2)) * rng.gamma(1.0, 1.0, SIDE * SIDE)
    rate *= 0.2 / rate.mean()
    counts = rng.poisson(rate, (1, months, SIDE * SIDE)).astype(np.float32)
    return replace(panel_of(counts), sites=sites), np.exp(effect * np.exp(-near / 2))


def kinds_chosen(panel: Panel) -> dict[str, float]:
    terrain = risk_terrain.terrain_of(panel)
    count = panel.target_counts.sum(axis=0).astype(float)
    chosen = risk_terrain.choose(terrain, count, risk_terrain.blocks_of(panel))
    return {terrain.factors[k].kind: float(b) for k, b in zip(chosen.at, chosen.effect, strict=True)}


@pytest.mark.parametrize(("effect", "sign"), [(1.5, 1), (-1.5, -1)])
def test_the_kind_that_drives_risk_is_found(effect: float, sign: int) -> None:
    found = [kinds_chosen(world(seed, effect)[0]) for seed in range(12)]
    assert sum("school" in one and np.sign(one["school"]) == sign for one in found) >= 11
    assert sum(bool(set(one) - {"school"}) for one in found) <= 3


def test_sites_that_do_nothing_stay_out_even_where_counts_are_lumpy() -> None:
    assert (
        sum(bool(kinds_chosen(world(seed, 0.0)[0])) for seed in range(40)) <= 6
    )  # 5 % of 40, with its noise


def test_the_true_surface_is_told_as_setting() -> None:
    panel, truth = world(1, 1.5)
    fitted = risk_terrain.fit(panel, horizon=1, window=1, seed=1)
    got = fitted.predict(panel)
    setting = got.contributions["setting"][0]
    assert np.corrcoef(np.log(setting), np.log(truth))[0, 1] > 0.9
    assert setting.sum() > 0.7 * got.mean.sum()
    (factor,) = got.card["factors"]
    assert factor["kind"] == "school"
    assert factor["relative_risk"] > 1.1


def test_without_sites_it_is_an_even_spread_and_says_so() -> None:
    panel, _ = world(1, 1.5)
    got = risk_terrain.fit(replace(panel, sites=None), horizon=1, window=1, seed=1).predict(
        replace(panel, sites=None)
    )
    assert got.card["factors"] == "no sites held: an even spread"
    assert got.mean[0] == pytest.approx(np.full(SIDE * SIDE, got.mean[0, 0]))


def test_factors_by_hand() -> None:
    """One site in the middle of 5 x 5 cells: closeness is highest there and falls alike on all sides."""
    cells = square(5)
    east, north = GRID.centre(cells)
    one = Sites(("bar",), np.zeros(1, np.int64), east[12:13], north[12:13], np.array([50.0]))
    terrain = Terrain.of(GRID, cells, one)
    near = terrain.values[:, 0]
    assert (terrain.factors[0].how, terrain.factors[0].extent) == ("distance", 1.0)
    raw = np.exp(-np.hypot(*(np.indices((5, 5)) - 2)).ravel())
    assert near == pytest.approx((raw - raw.mean()) / raw.std())
    assert terrain.values.mean(axis=0) == pytest.approx(np.zeros(terrain.values.shape[1]), abs=1e-12)
    off = replace(one, easting=east[12:13] - 3 * GRID.size)  # one cell west of the mask
    beside = Terrain.of(GRID, cells, off).values[:, 1].reshape(5, 5)
    assert beside[2].argmax() == 0  # its density is felt inside all the same


def test_the_penalty_by_hand() -> None:
    """Values -1 and 1: without a penalty half the log odds; a penalty of the score shuts it off."""
    values, count = np.array([[-1.0], [1.0]]), np.array([10.0, 30.0])
    assert fit_sparse(values, count, np.zeros(1)) == pytest.approx([np.log(3) / 2], abs=1e-6)
    assert fit_sparse(values, count, np.array([20.0])).tolist() == [0.0]  # the score at 0 is 20
    # With penalty 4: 40 tanh(b) = 20 - 4.
    assert fit_sparse(values, count, np.array([4.0])) == pytest.approx([np.arctanh(0.4)], abs=1e-6)


def test_clustered_noise_raises_the_bound() -> None:
    rng = np.random.default_rng(1)
    blocks = np.repeat(np.arange(50), 16)
    values = np.repeat(rng.standard_normal(50), 16)[:, None]
    lone = rng.standard_normal(800)
    shared = np.repeat(rng.standard_normal(50), 16)
    assert noise_bounds(values, shared, blocks, 1) > 2 * noise_bounds(values, lone, blocks, 1)
