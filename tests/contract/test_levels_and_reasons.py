"""Every forecaster with its larger places: sums agree, reasons add up, the same bytes in another process."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from functools import cache
from hashlib import sha256

import numpy as np
import pytest

from peelian.domain.forecast import Forecast
from peelian.domain.panel import Panel, Parents
from peelian.models import MODELS
from peelian.models.levels import with_levels
from tests.worlds.city import lively, panel_of

EACH = pytest.mark.parametrize("name", MODELS)
SIDE, PERIODS = 12, 26


def city() -> Panel:
    """A square in small and large places; one corner belongs to none."""
    place = np.arange(SIDE * SIDE)
    small = (place // SIDE // 3) * 4 + place % SIDE // 3
    large = np.where(small == 15, -1, small // 8)
    small = np.where(small == 15, -1, small)
    parents = (
        Parents("lsoa", tuple(f"a{k}" for k in range(15)), small),
        Parents("msoa", ("b0", "b1"), large),
    )
    return replace(panel_of(lively(SIDE, PERIODS, seed=5, kinds=3)), parents=parents)


def run(name: str) -> Forecast:
    return with_levels(MODELS[name]).fit(city(), horizon=2, window=2, seed=11).predict(city())


@cache
def kept(name: str) -> Forecast:
    return run(name)


def stamp(forecast: Forecast) -> str:
    digest = sha256()
    for array in (forecast.mean, forecast.dispersion, *forecast.contributions.values()):
        digest.update(np.ascontiguousarray(array).tobytes())
    for level in forecast.levels:
        digest.update(level.parents.level.encode())
        digest.update(np.ascontiguousarray(level.mean).tobytes())
        digest.update(np.ascontiguousarray(level.dispersion).tobytes())
    digest.update(json.dumps(forecast.card, default=str).encode())
    return digest.hexdigest()


@EACH
def test_sums_agree_up_the_hierarchy(name: str) -> None:
    made = kept(name)
    assert [level.parents.level for level in made.levels] == ["lsoa", "msoa", "area"]
    for level in made.levels:
        for h in range(2):
            for k in range(len(level.parents.codes)):
                cells = made.mean[h, level.parents.of_cell == k].sum()
                assert level.mean[h, k] == pytest.approx(cells, abs=1e-9)
        assert np.isfinite(level.dispersion).all()
        assert (level.dispersion >= 0).all()
    area = made.levels[-1].mean[:, 0]
    assert area == pytest.approx(made.mean.sum(axis=1), abs=1e-9)


@EACH
def test_reasons_add_up_in_every_cell_and_larger_place(name: str) -> None:
    made = kept(name)
    gap = np.sum(list(made.contributions.values()), axis=0) - made.mean
    assert np.abs(gap).max() < 1e-9
    assert np.abs(gap.sum(axis=1)).max() < 1e-9


def test_every_forecaster_gives_the_same_bytes_in_another_process() -> None:
    code = (
        "import json; from tests.contract.test_levels_and_reasons import *; "
        "print(json.dumps({n: stamp(run(n)) for n in MODELS}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {name: stamp(kept(name)) for name in MODELS}
