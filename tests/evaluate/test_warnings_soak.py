"""A thousand worlds in which nothing changes: the combination keeps to one false warning a month."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "benchmarks" / "soak_null_warnings.py"


@pytest.mark.soak
def test_false_warnings_over_a_thousand_null_worlds() -> None:
    out = ROOT / "docs" / "evidence" / "warnings_null.json"
    run = [sys.executable, str(SCRIPT), "--worlds", "1000", "--out", str(out)]
    assert subprocess.run(run, check=False).returncode == 0


def test_a_few_worlds_run_as_the_soak_does(tmp_path: Path) -> None:
    run = [sys.executable, str(SCRIPT), "--worlds", "2", "--first", "7", "--out", str(tmp_path / "x.json")]
    assert subprocess.run(run, check=False, capture_output=True).returncode == 0
    assert '"worlds": 2' in (tmp_path / "x.json").read_text()
