"""`peelian design` and `peelian evaluate-intervention` as people and scripts run them."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run


def test_power_draw_and_lock(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "home"
    size = ("--treated", "20", "--control", "20", "--rate", "3", "--fall", "40", "--worlds", "60")
    said = run("--home", home, "design", "power", *size)
    assert (said.code, "A fall of 40 % would be found" in said.out) == (0, True)
    places = tmp_path / "places.csv"
    places.write_text("place,count\n" + "".join(f"{100 + k},{k}\n" for k in range(24)))
    draws = [run("--home", home, "design", "randomise", places, "--seed", "7") for _ in range(2)]
    assert draws[0].out == draws[1].out
    draw = draws[0].json
    assert sum(draw["treated"]) == 12
    design = tmp_path / "design.json"
    design.write_text(json.dumps({"target": "robbery", "method": "randomised", "draw": draw}))
    asked = ("--home", home, "design", "lock", design, "--id", "d1", "--by", "analyst")
    locked = run(*asked)
    assert (locked.code, "sha256" in locked.out) == (0, True)
    design.write_text(json.dumps({"target": "violence", "method": "randomised", "draw": draw}))
    assert run(*asked).code == 3


def test_an_entry_nobody_holds(run: Run, tmp_path: Path) -> None:
    said = run("--home", tmp_path / "home", "evaluate-intervention", "i9")
    assert (said.code, "no such entry" in said.err) == (2, True)


def test_no_verdict_is_said_to_be_none(run: Run, tmp_path: Path) -> None:
    said = run("--home", tmp_path / "home", "intervention", "verdicts")
    assert (said.code, said.out.strip()) == (0, "Nothing has been evaluated here.")


def test_a_template_is_printed_to_edit_and_an_unknown_return_is_named(run: Run, tmp_path: Path) -> None:
    said = run("--home", tmp_path / "home", "return", "csp", "--print-template")
    assert (said.code, "[[block]]" in said.out) == (0, True)
    wrong = run("--home", tmp_path / "home", "return", "other", "--print-template")
    assert (wrong.code, "sna, csp, hotspot, vru" in wrong.err) == (2, True)
