"""A workspace of a small simulated force, made by the real executable."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from peelian.cli.main import main


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


def executable(*arguments: str | Path, cwd: Path | None = None) -> Said:
    """Run it as users do: a process of its own, which takes a second or two to load."""
    command = [sys.executable, "-m", "peelian", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False)
    return Said(done.returncode, done.stdout, done.stderr)


def peelian(*arguments: str | Path, cwd: Path | None = None) -> Said:
    """Run it by its own entry in this process: the same words, files and exit codes, loaded once."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    before, sys.argv = sys.argv, ["peelian", *map(str, arguments)]
    try:
        with redirect_stdout(out), redirect_stderr(err), chdir(cwd or Path.cwd()):
            main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        sys.argv = before
    return Said(code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="session")
def run() -> Run:
    """The command line, by its entry."""
    return peelian


@pytest.fixture(scope="session")
def process() -> Run:
    """The executable, in a process of its own."""
    return executable


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
