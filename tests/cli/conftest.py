"""A workspace of a small simulated force, made by the real executable."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest


@dataclass(frozen=True)
class Said:
    """What the executable said and how it left."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Said]


def peelian(*arguments: str | Path, cwd: Path | None = None) -> Said:
    command = [sys.executable, "-m", "peelian", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False)
    return Said(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def run() -> Run:
    """The executable as users run it: a process of its own."""
    return peelian


@dataclass(frozen=True)
class Simulated:
    home: Path
    area: Path
    extract: Path
    mapping: Path
    police_uk: Path
    monday: date
    """The first origin after its last day."""


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory, run: Run) -> Simulated:
    """The tiny scenario simulated and its crime extract ingested."""
    folder = tmp_path_factory.mktemp("simulated")
    said = run("--json", "simulate", "--out", folder / "files", "--scenario", "tiny", "--seed", "3")
    assert said.code == 0, said.err
    files = said.json
    home, extract, mapping = folder / "home", Path(files["crime extract"]), Path(files["mapping"])
    said = run("ingest", "table", extract, "--mapping", mapping, "--home", home)
    assert said.code == 0, said.err
    rows = run("coverage", "--json", "--home", home).json
    end = date.fromisoformat(max(r["to"] for r in rows)) + timedelta(days=1)
    monday = end - timedelta(days=end.weekday())
    return Simulated(home, Path(files["area"]), extract, mapping, Path(files["police.uk layout"]), monday)
