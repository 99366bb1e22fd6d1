"""Every forecaster, whatever it is, keeps the contract. A new one is covered without editing this file."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from hashlib import sha256

import numpy as np
import pytest

from peelian.domain.errors import Refused
from peelian.domain.forecast import CONTRIBUTIONS, Forecast
from peelian.domain.panel import Panel
from peelian.models import MODELS, SERVED
from tests.worlds.city import cut, lively, panel_of

EACH = pytest.mark.parametrize("name", MODELS)
SIDE, PERIODS = 12, 30


def city() -> Panel:
    return panel_of(lively(SIDE, PERIODS, seed=3, kinds=2))


def run(name: str, panel: Panel, horizon: int = 1, window: int = 1) -> Forecast:
    return MODELS[name].fit(panel, horizon=horizon, window=window, seed=7).predict(panel)


def stamp(forecast: Forecast) -> str:
    digest = sha256()
    for array in (forecast.mean, forecast.dispersion, *forecast.contributions.values()):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def test_the_served_model_is_one_of_them() -> None:
    assert MODELS[SERVED].SPEC.kind == "model"
    assert all(name == model.SPEC.id for name, model in MODELS.items())


@EACH
def test_shapes_and_sense(name: str) -> None:
    panel = city()
    got = run(name, panel, horizon=3, window=2)
    assert got.mean.shape == got.dispersion.shape == (3, SIDE * SIDE)
    assert got.mean.dtype == got.dispersion.dtype == np.float64
    assert np.isfinite(got.mean).all()
    assert (got.mean > 0).all()
    assert (got.dispersion >= 0).all()
    assert got.starts == (date(2022, 7, 1), date(2022, 8, 1), date(2022, 9, 1))
    assert got.ends == (date(2022, 9, 1), date(2022, 10, 1), date(2022, 11, 1))
    assert (got.model, got.target, got.origin) == (name, "violence", panel.origin)


@EACH
def test_reasons_add_up_to_the_mean(name: str) -> None:
    got = run(name, city(), horizon=2)
    assert set(got.contributions) <= set(CONTRIBUTIONS)
    assert np.allclose(sum(got.contributions.values()), got.mean, rtol=0, atol=1e-9)


@EACH
def test_a_window_is_the_sum_of_its_periods(name: str) -> None:
    panel = city()
    one = run(name, panel, horizon=3, window=1).mean.sum()
    assert run(name, panel, horizon=1, window=3).mean.sum() == pytest.approx(one, rel=0.1)


@pytest.fixture(scope="module")
def elsewhere() -> dict[str, str]:
    """What another process says of each forecaster."""
    code = (
        "import json; from tests.contract.test_models import *; "
        "print(json.dumps({n: stamp(run(n, city())) for n in MODELS}))"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return dict(json.loads(other.stdout))


@EACH
def test_the_same_seed_gives_the_same_bytes_in_another_process(name: str, elsewhere: dict[str, str]) -> None:
    assert elsewhere[name] == stamp(run(name, city()))


@EACH
def test_a_later_panel_is_forecast_without_learning_again(name: str) -> None:
    whole = city()
    fitted = MODELS[name].fit(cut(whole, 24), horizon=1, window=1, seed=7)
    later = fitted.predict(cut(whole, 27))
    assert later.origin == date(2022, 4, 1)
    assert later.mean.sum() == pytest.approx(whole.counts[0].sum() / PERIODS, rel=0.15)


@EACH
def test_a_hole_in_the_past_is_no_fake_zero(name: str) -> None:
    full = lively(SIDE, PERIODS, seed=3)
    hole = panel_of(full, missing=(14, 15, 22))
    got = run(name, hole).mean.sum()
    assert got == pytest.approx(run(name, panel_of(full)).mean.sum(), rel=0.12)


@EACH
def test_a_gap_before_the_origin_is_looked_over(name: str) -> None:
    full = lively(SIDE, PERIODS, seed=3)
    late = panel_of(full, missing=(28, 29))
    got = run(name, late).mean.sum()
    assert got == pytest.approx(full[0].sum() / PERIODS, rel=0.15)


@EACH
def test_what_is_stored_under_missing_or_after_the_origin_is_never_read(name: str) -> None:
    panel = panel_of(lively(SIDE, PERIODS, seed=3, kinds=2), missing=(28, 29))
    poisoned = panel.counts.copy()
    poisoned[:, 28:] = 99.0
    assert stamp(run(name, replace(panel, counts=poisoned))) == stamp(run(name, panel))


@EACH
def test_less_than_a_year_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(Refused, match="year of history"):
        run(name, cut(city(), 11))


@EACH
def test_a_panel_of_nothing_is_forecast_as_nearly_nothing(name: str) -> None:
    got = run(name, panel_of(np.zeros((1, 24, 100), np.float32)))
    assert np.isfinite(got.mean).all()
    assert got.mean.sum() < 1.0


@EACH
@pytest.mark.parametrize(("horizon", "window"), [(1, 1), (4, 1), (1, 4), (12, 1)])
def test_a_bare_year_with_two_months_withheld_is_enough(name: str, horizon: int, window: int) -> None:
    panel = panel_of(lively(SIDE, 12, seed=3, kinds=2), missing=(10, 11))
    got = run(name, panel, horizon=horizon, window=window)
    monthly = panel.counts[0, :10].sum() / 10
    assert got.mean.sum(axis=1) == pytest.approx(np.full(horizon, monthly * window), rel=0.25)


@EACH
def test_a_window_longer_than_the_history_can_teach_is_refused(name: str) -> None:
    with pytest.raises(Refused, match="--window"):
        run(name, cut(city(), 12), window=13)


@EACH
def test_weeks_are_forecast_too(name: str) -> None:
    panel = panel_of(lively(SIDE, 70, seed=3), every="week", start=date(2020, 1, 6))
    got = run(name, panel, horizon=1, window=4)
    assert (got.starts[0], got.ends[0]) == (date(2021, 5, 10), date(2021, 6, 7))
    assert got.mean.sum() == pytest.approx(panel.counts.sum() / 70 * 4, rel=0.1)
