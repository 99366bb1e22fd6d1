"""The smoother: by hand, a smooth surface recovered with its doubt, and nothing found in a flat world."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import optimize, sparse

from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.domain.grid import Floats
from peelian.domain.panel import Panel, Parents
from peelian.models import smoother
from peelian.models.car import areas as layout
from peelian.models.car.areas import Areas, areas_at, areas_of
from peelian.models.car.field import RIDGE, Counts, field_at, fit_field
from peelian.models.car.within import fit_trust, share_within
from tests.worlds.city import panel_of, square

SIDE = 24


def surface(amplitude: float, mean: float) -> Floats:
    across, up = np.meshgrid(np.linspace(0, 1, SIDE), np.linspace(0, 1, SIDE))
    risk = np.exp(amplitude * np.sin(4 * across) * np.cos(5 * up)).ravel()
    return np.asarray(mean * risk / risk.mean())


def drawn(rate: Floats, seed: int, months: int = 24) -> Panel:
    counts = np.random.default_rng(seed).poisson(rate / months, (1, months, len(rate)))
    return panel_of(counts.astype(np.float32))


def in_a_row(count: list[float]) -> tuple[Areas, Counts]:
    """Areas in a row, each one cell, the next touching."""
    size = len(count)
    edges = np.column_stack([np.arange(size - 1), np.arange(1, size)])
    areas = Areas(np.arange(size), np.ones(size), edges)
    return areas, Counts.over(areas, np.array(count))


def test_two_areas_by_hand() -> None:
    """Counts 2 and 6 of 4 expected: up to the ridge the field is -x and x, where 4 e^x + 2 tau x = 6."""
    _, data = in_a_row([2.0, 6.0])
    field = field_at(data, tau=1.0, shape=1e9)
    assert data.expected.tolist() == [4.0, 4.0]
    slope = (data.count - 4 * np.exp(field.mode)) - (
        np.array([[1, -1], [-1, 1]]) + RIDGE * np.eye(2)
    ) @ field.mode
    assert slope == pytest.approx([0, 0], abs=1e-4)
    assert field.mode[0] < 0 < field.mode[1]
    assert field.mode[1] < np.log(6 / 4)


def test_mode_doubt_and_evidence_agree_with_a_dense_solve() -> None:
    areas, data = in_a_row([0.0, 1.0, 5.0, 9.0, 3.0, 0.0])
    tau, shape = 2.0, 1.5
    precision = tau * (data.laplacian.toarray() + RIDGE * np.eye(6))

    def loss(x: Floats) -> float:
        mean = data.expected * np.exp(x)
        return float(
            0.5 * x @ precision @ x - (data.count * x - (shape + data.count) * np.log(shape + mean)).sum()
        )

    dense = optimize.minimize(loss, np.zeros(6), method="BFGS", options={"gtol": 1e-9}).x
    field = field_at(data, tau, shape)
    assert field.mode == pytest.approx(dense, abs=1e-4)
    mean = data.expected * np.exp(dense)
    curve = shape * mean * (shape + data.count) / (shape + mean) ** 2
    inverse = np.linalg.inv(precision + np.diag(curve))
    assert field.variance(areas, seed=1, draws=4000) == pytest.approx(np.diag(inverse), rel=0.05)
    other = field_at(data, 5.0, shape)
    change = other.evidence - field.evidence
    assert change == pytest.approx(
        _dense_evidence(data, 5.0, shape) - _dense_evidence(data, tau, shape), abs=1e-3
    )


def _dense_evidence(data: Counts, tau: float, shape: float) -> float:
    field = field_at(data, tau, shape)
    precision = tau * (data.laplacian.toarray() + RIDGE * np.eye(len(field.mode)))
    mean = data.expected * np.exp(field.mode)
    fit = (data.count * field.mode - (shape + data.count) * np.log(shape + mean)).sum()
    logs = [np.linalg.slogdet(m)[1] for m in (precision, precision + np.diag(field.curve))]
    return float(fit - 0.5 * field.mode @ precision @ field.mode + 0.5 * logs[0] - 0.5 * logs[1])


def test_a_smooth_surface_is_recovered_better_than_by_raw_counts() -> None:
    truth = surface(1.2, mean=2.0)
    rates = smoother.area_rates(drawn(truth, seed=1))
    whole = rates.field.data.count.sum()
    error = np.mean((rates.share * whole - truth) ** 2)
    raw = np.mean((rates.field.data.count - truth) ** 2)
    assert error < 0.1 * raw
    assert rates.field.mode.std() > 0.3


def test_the_doubt_covers_the_truth() -> None:
    rng = np.random.default_rng(2)
    truth = surface(1.2, mean=4.0) * rng.gamma(1.0, 1.0, SIDE * SIDE)
    rates = smoother.area_rates(drawn(truth, seed=2))
    assert rates.field.shape == pytest.approx(1.0, rel=0.35)
    middle = np.log(rates.share * rates.field.data.count.sum())
    # The log of a gamma leans left, so its 95 % band is checked about the mean of the log, not of the rate.
    near = np.abs(np.log(truth) - middle) < 2.5 * rates.sd
    assert 0.9 < near.mean() <= 1.0


@pytest.mark.parametrize("own", [False, True])
def test_a_flat_world_has_no_structure(own: bool) -> None:
    rng = np.random.default_rng(3)
    rate = 2.0 * (rng.gamma(1.0, 1.0, SIDE * SIDE) if own else np.ones(SIDE * SIDE))
    field = fit_field(
        Counts.over(areas_of(drawn(rate, 3)), drawn(rate, 3).target_counts.sum(axis=0).astype(float))
    )
    assert field.mode.std() < 0.05
    assert (field.shape < 2) == own  # places differ on their own, or not at all


def test_every_area_touches_another_even_where_places_lie_alone() -> None:
    cells = square(20)
    lone = np.sort(np.append(cells, cells[-1] + 40 * GRID.columns))
    panel = replace(panel_of(np.zeros((1, 12, 400), np.float32)), cells=lone)
    areas = areas_of(panel)
    assert set(np.unique(areas.edges)) == set(range(401))
    assert len(areas.edges) == 2 * 20 * 19 + 1  # rook's moves, and the island's bridge
    column, row = GRID.column_row(cells)
    wards = replace(panel, cells=cells[(column % 5 == 0) & (row % 5 == 0)])
    assert set(np.unique(areas_of(wards).edges)) == set(range(16))
    assert sparse.csgraph.connected_components(areas_of(wards).laplacian())[0] == 1


def test_larger_places_take_the_field_and_cells_share_it_by_their_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    column, row = GRID.column_row(square(SIDE))
    of_cell = (row - row.min()) // 4 * 6 + (column - column.min()) // 4
    truth = surface(1.2, mean=1.0)
    panel = replace(drawn(truth, 5), parents=(Parents("lsoa", tuple(map(str, range(36))), of_cell),))
    rates = smoother.area_rates(panel, "lsoa")
    assert len(rates.sd) == 36
    by_area = np.bincount(of_cell, truth)
    assert np.corrcoef(rates.share, by_area)[0, 1] > 0.9
    with pytest.raises(KeyError):
        areas_at(panel, "msoa")
    monkeypatch.setattr(layout, "MOST", 100)
    fitted = smoother.fit(panel, horizon=1, window=1, seed=1)
    got = fitted.predict(panel)
    assert got.card["areas"] == 36
    assert np.corrcoef(got.mean[0], truth)[0, 1] > 0.8
    without = smoother.fit(replace(panel, parents=()), horizon=1, window=1, seed=1)
    assert without.predict(replace(panel, parents=())).card["areas"] <= 100  # blocks stand in


def test_cells_share_by_hand() -> None:
    areas = Areas(np.array([0, 0, 1]), np.array([2.0, 1.0]), np.array([[0, 1]]))
    assert share_within(areas, np.array([3.0, 0.0, 5.0]), 0.5) == pytest.approx([3.5 / 4, 0.5 / 4, 1.0])


def test_trust_in_an_even_share_is_found_again() -> None:
    rng = np.random.default_rng(7)
    areas = Areas(np.repeat(np.arange(300), 10), np.full(300, 10.0), np.zeros((0, 2), np.int64))
    share = rng.dirichlet(np.full(10, 0.5), 300)
    count = np.concatenate([rng.multinomial(20, p) for p in share]).astype(float)
    assert fit_trust(areas, count) == pytest.approx(0.5, rel=0.15)
