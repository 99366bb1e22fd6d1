"""A month that was never published, just before the origin, is said and not taken for zero."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.cli.conftest import Run, Simulated


def test_a_gap_in_the_last_period_is_refused(run: Run, simulated: Simulated, tmp_path: Path) -> None:
    months = sorted(p for p in simulated.police_uk.iterdir() if p.is_dir())
    for month in [*months[:12], months[13]]:
        shutil.copytree(month, tmp_path / "files" / month.name)
    assert run("ingest", "police-uk", tmp_path / "files", "--home", tmp_path / "h").code == 0
    asked = ("--target", "asb", "--every", "month", "--origin", months[13].name, "--home", tmp_path / "h")
    said = run("forecast", *asked)
    assert said.code == 3
    assert "missing, not zero" in said.err
    assert f"{months[11].name}-01" in said.err
