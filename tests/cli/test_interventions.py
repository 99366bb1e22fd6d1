"""`peelian interventions` as people and scripts run it."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run


def test_list_and_match(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "home"
    listed = run("--home", home, "interventions", "list")
    assert "Recorded and evaluated only, never proposed: closure power" in listed.out
    asked = (
        "--home",
        home,
        "--json",
        "interventions",
        "match",
        "--target",
        "violence",
        "--pattern",
        "flaring",
    )
    assert run(*asked).json["statement"] == "no evidence-matched option"
    wrong = run("--home", home, "interventions", "match", "--target", "people")
    assert (wrong.code, "unknown target" in wrong.err) == (2, True)
