"""`peelian interventions` as people and scripts run it."""

from __future__ import annotations

from pathlib import Path

from peelian.domain.plan import NOT_PLANNABLE
from tests.cli.conftest import Run


def test_list_show_and_match(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "home"
    listed = run("--home", home, "interventions", "list")
    assert "Recorded and evaluated only, never proposed: closure power" in listed.out
    body = run("--home", home, "--json", "interventions", "list").json
    assert {one["id"] for one in body["recorded_only"]} == set(NOT_PLANNABLE)
    shown = run("--home", home, "interventions", "show", "street-outreach")
    assert "effect: unknown (no source was read)" in shown.out
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
    assert run(*asked, "--setting", "pub").json["statement"] == ""
    wrong = run("--home", home, "interventions", "match", "--target", "people")
    assert (wrong.code, "unknown target" in wrong.err) == (2, True)
