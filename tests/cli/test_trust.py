"""The deployment register and the answers to challenges, as commands."""

from __future__ import annotations

from pathlib import Path

from peelian.domain.actor import LOCAL_ANALYST
from peelian.store.challenges import add_challenge, get_challenge
from peelian.store.deployments import discontinued
from peelian.store.workspace import open_workspace
from tests.cli.conftest import Run


def test_an_area_is_approved_only_with_all_that_it_needs_and_stopped_at_a_word(
    run: Run, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    assert "register is empty" in run("deployment", "list", "--home", home).out
    short = run(
        "deployment", "set", "fenshire", "approved", "--owner", "deputy chief constable", "--home", home
    )
    assert short.code == 2
    assert "lacks lawful basis, ethics" in short.err
    run("deployment", "set", "fenshire", "discontinued", "--why", "the panel said stop", "--home", home)
    assert discontinued(open_workspace(home)) == {"fenshire"}
    assert "fenshire: discontinued" in run("deployment", "list", "--home", home).out


def test_a_challenge_gets_one_answer_without_a_person_in_it(run: Run, tmp_path: Path) -> None:
    ws = open_workspace(tmp_path / "home")
    code = add_challenge(ws, LOCAL_ANALYST, "prevention", "fenshire", "", "other", "the park was closed")
    assert code in run("challenge", "list", "--home", ws.home).out
    named = run("challenge", "answer", code, "--text", "call 07700 900123", "--home", ws.home)
    assert named.code != 0
    said = run("challenge", "answer", code, "--text", "the feed held a wrong date", "--home", ws.home)
    assert said.code == 0, said.err
    assert get_challenge(ws, code).state == "answered"
    assert run("challenge", "answer", code, "--text", "again", "--home", ws.home).code != 0
