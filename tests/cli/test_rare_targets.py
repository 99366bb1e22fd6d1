"""The commands about rare targets, harm and the gate, as people run them."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run, Simulated


def test_a_week_of_knife_violence_is_refused_with_the_reason(run: Run, simulated: Simulated) -> None:
    said = run(
        "forecast", "--target", "knife-violence", "--every", "week", "--origin", "2023-02-06",
        "--area", simulated.area, "--home", simulated.home,
    )  # fmt: skip
    assert said.code == 3
    assert "0.029" in said.err
    assert "--window 13" in said.err


def test_labels_too_short_to_validate_on_are_refused(run: Run, simulated: Simulated) -> None:
    said = run("validate", "--area", simulated.area, "--home", simulated.home)
    assert (said.code, "too short to validate on" in said.err) == (3, True)


def test_validation_is_returned_as_totals(run: Run, simulated: Simulated, tmp_path: Path) -> None:
    out = tmp_path / "answer.json"
    said = run(
        "--json", "validate", "--target", "violence", "--every", "month", "--window", "1", "--windows", "1",
        "--area", simulated.area, "--home", simulated.home, "--out", out,
    )  # fmt: skip
    assert said.code == 0, said.err
    assert said.json["real_labels"] is False
    assert said.json["windows"] == 1
    assert said.json == json.loads(out.read_text())
    assert "eldermarch" not in out.read_text()


def test_harm_without_weights_says_what_to_import(run: Run, simulated: Simulated, tmp_path: Path) -> None:
    asked = (
        "forecast", "--target", "violence", "--every", "month", "--origin", "2023-02-01", "--harm", "--area",
        simulated.area, "--home", simulated.home,
    )  # fmt: skip
    said = run(*asked)
    assert (said.code, "context import severity" in said.err) == (3, True)
    assert "Traceback" not in said.err


def test_an_empty_gate_says_how_to_reach_a_verdict(run: Run, tmp_path: Path) -> None:
    said = run("gate", "list", "--home", tmp_path / "home")
    assert (said.code, "peelian backtest" in said.out) == (0, True)
    assert run("--json", "gate", "list", "--home", tmp_path / "home").json == []
