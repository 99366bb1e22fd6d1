"""The invented town's gazetteer, read from files in the real products' layouts."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from peelian.gazetteer import Gazetteer
from peelian.gazetteer.loaders import load_kind
from tests.gazetteer import town


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return town.write_files(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="session")
def entries(files: dict[str, Path]) -> pl.DataFrame:
    return pl.concat([load_kind(kind, path) for kind, path in files.items()])


@pytest.fixture(scope="session")
def places(entries: pl.DataFrame) -> Gazetteer:
    return Gazetteer.of(entries)
