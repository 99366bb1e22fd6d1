"""No command that proposes, ranks or writes a file tells of a power, though two are recorded beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from peelian.domain.plan import NOT_PLANNABLE
from peelian.store.runs import add_run
from peelian.store.workspace import Workspace
from tests.acting_made import added, decided, opened
from tests.api.run_folder import write_run
from tests.cli.test_acting import call
from tests.workspaces import fresh

WORDS = (*NOT_PLANNABLE, "an order under the act", "live camera van")


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    ws = fresh(tmp_path / "home")
    add_run(ws, "r1", write_run(ws.runs / "r1") | {"marks_known": True})
    problem = opened(ws)
    for kind, title, at in (("section 60", "An order under the Act", "100"),
                            ("facial recognition", "Live camera van", "101")):  # fmt: skip
        added(ws, problem.id, kind=kind, title=title, places=at, legal_reference="1994 Act")
    decided(ws, "problem", problem.id)
    return ws


def test_no_command_proposes_or_exports_a_power(ws: Workspace, tmp_path: Path) -> None:
    told = [call(ws.home, "plan", "--run", "r1", "--visits", 12)]
    plan = next(iter(sorted(one.name for one in (ws.home / "plans").iterdir())))
    leave = decided(ws, "plan", plan).id
    asked: list[tuple[object, ...]] = [
        ("plan", "export", plan, "--decision", leave, "--out", tmp_path / "plan.csv"),
        ("plan", "export", plan, "--decision", leave, "--format", "geojson", "--out", tmp_path / "a.geojson"),
        ("problem", "pack", 1, "--decision", 1, "--out", tmp_path / "pack.md"),
        ("problem", "actions", "--out", tmp_path / "actions.md"),
        ("warning", "list"),
        *(
            ("interventions", "match", "--target", target, "--setting", "pub", "--pattern", p)
            for target in ("violence", "asb", "robbery")
            for p in ("stable", "flaring")
        ),
    ]  # fmt: skip
    told += [call(ws.home, *one) for one in asked]
    assert [one.code for one in told] == [0] * len(told), [one.err for one in told if one.code]
    written = [path.read_text() for path in sorted(tmp_path.glob("*.*")) if path.is_file()]
    assert len(written) == 4
    texts = [*(one.out for one in told), *written]
    assert not [word for text in texts for word in WORDS if word in text.lower()]
    assert "section 60" in call(ws.home, "intervention", "list").out  # so that the words are the words told


@pytest.mark.parametrize("kind", NOT_PLANNABLE)
def test_a_team_that_is_a_power_is_refused_by_command(ws: Workspace, tmp_path: Path, kind: str) -> None:
    teams = tmp_path / "teams.toml"
    teams.write_text(
        f'[[team]]\nname = "A"\nkind = "{kind}"\nagency = "police"\nbase = [0, 0]\nmode = "foot"\nhours = 7\n'
    )
    said = call(ws.home, "plan", "--run", "r1", "--resources", teams)
    assert said.code == 3
    assert "a power that is recorded and evaluated only" in said.err
