"""Worlds made once for the whole session."""

from __future__ import annotations

import pytest

from peelian.simulate.emit import SimulatedFiles, emit
from peelian.simulate.scenario import load_scenario
from peelian.simulate.world import World, build_world


@pytest.fixture(scope="session")
def plain() -> World:
    return build_world(load_scenario("plain"), 1)


@pytest.fixture(scope="session")
def tiny() -> World:
    return build_world(load_scenario("tiny"), 3)


@pytest.fixture(scope="session")
def tiny_files(tiny: World, tmp_path_factory: pytest.TempPathFactory) -> SimulatedFiles:
    return emit(tiny, tmp_path_factory.mktemp("tiny"))
