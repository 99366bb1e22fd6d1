"""`peelian warning` as people and scripts run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from peelian.domain.actor import LOCAL_ANALYST
from peelian.pipeline.delivery.reading import FORM
from peelian.store.warnings import keep_warnings
from tests.cli.conftest import Run
from tests.warnings_made import made, repeats
from tests.workspaces import fresh


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    ws = fresh(tmp_path_factory.mktemp("warnings") / "home")
    keep_warnings(ws, LOCAL_ANALYST, "prevention", [made(), repeats()])
    ws.engine.dispose()
    return ws.home


def test_a_life_by_command_and_its_json(run: Run, home: Path) -> None:
    def warning(*arguments: str) -> object:
        return json.loads(run("--home", home, "--json", "warning", *arguments).out)

    seen = warning("see", "w1", "--reason", "read at the meeting", "--version", "0")
    assert isinstance(seen, dict)
    assert (seen["state"], seen["version"]) == ("seen", 1)
    assert warning("see", "w1", "--reason", "again", "--version", "0") == {
        "error": "the warning has changed since you looked at it. Look at it again, then take the step if it "
        "still holds.", "exit": 3,
    }  # fmt: skip
    shown = warning("show", "w1")
    assert isinstance(shown, dict)
    assert [step["step"] for step in shown["life"]] == ["raised", "seen"]
    found = warning("list")
    assert isinstance(found, dict)
    assert [one["id"] for one in found["warnings"]] == ["r1", "w1"]


def test_people_are_told_in_plain_lines(run: Run, home: Path, tmp_path: Path) -> None:
    said = run("--home", home, "warning", "show", "r1")
    assert said.out.startswith("Repeat reports: welfare and case-review check, Marsh 001A")
    assert "Mill Lane" not in said.out
    assert "no reason to stop, search or suspect anyone" in said.out
    assert "Nobody is told" in run("--home", home, "warning", "settings").out
    (tmp_path / "told.toml").write_text(FORM)
    assert "north" in run("--home", home, "warning", "settings", tmp_path / "told.toml").out
    assert run("--home", home, "warning", "deliver").out.startswith("0 sent, 0 attempts failed")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("close", "r1", "--outcome", "arrest", "--reason", "x"), 2, "cannot end so"),
        (("close", "r1", "--outcome", "unknown", "--reason", "x"), 3, "cannot become closed"),
        (("see", "none", "--reason", "x"), 2, "no such warning"),
        (("list", "--state", "lost"), 2, "no state"),
        (("see", "r1", "--reason", "Mrs Smith rang"), 2, "a name"),
    ],
)  # fmt: skip
def test_what_cannot_be_teaches(
    run: Run, home: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    done = run("--home", home, "warning", *arguments)
    assert done.code == code
    assert said in done.err
