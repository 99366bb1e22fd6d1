"""`peelian intervention`, `problem` and `decide` as people and scripts run them."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from peelian.cli.app import app
from peelian.cli.main import hoist
from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.errors import Misuse, PeelianError, Refused
from peelian.domain.register_rules import FIELDS
from peelian.pipeline.acting.registering import file_entered
from peelian.pipeline.context import Context
from peelian.store.interventions import list_entries
from peelian.store.warnings import keep_warnings
from tests.acting_made import typed
from tests.cli.conftest import Run, Said
from tests.warnings_made import made
from tests.workspaces import fresh

SECRET = "Zanzibar"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    ws = fresh(tmp_path_factory.mktemp("acting") / "home")
    keep_warnings(ws, LOCAL_ANALYST, "prevention", [made()])
    ws.engine.dispose()
    return ws.home


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    ws = fresh(tmp_path / "home")
    keep_warnings(ws, LOCAL_ANALYST, "prevention", [made()])
    return Context(ws, LOCAL_ANALYST, "prevention")


def call(home: Path, *arguments: object) -> Said:
    """The command in this process: a process of its own each time would cost a minute on a busy machine."""
    done = CliRunner().invoke(app, hoist(["--home", str(home), *map(str, arguments)]))
    if isinstance(done.exception, PeelianError):
        return Said(done.exception.exit_code, done.stdout, done.exception.sentence)
    return Said(done.exit_code, done.stdout, done.stderr)


def table(path: Path, *rows: dict[str, str]) -> Path:
    with path.open("w", newline="") as text:
        writer = csv.DictWriter(text, FIELDS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_from_a_warning_to_a_tasking_pack_by_command(home: Path, tmp_path: Path) -> None:
    def say(*arguments: str) -> Any:
        return call(home, "--json", *arguments).json

    assert say("problem", "open", "--title", "Evenings", "--agency", "council", "--warnings", "w1")["id"] == 1
    none = call(home, "problem", "pack", "1")
    assert (none.code, "none was named" in none.err) == (3, True)
    decided = say("decide", "problem", "1", "--decided", "outreach", "--by", "chair", "--why", "fits",
                  "--option", "do nothing", "--option", "outreach")  # fmt: skip
    assert (decided["stands"], decided["options"]) == (True, ["do nothing", "outreach"])
    say("problem", "action", "1", "--what", "repair the lamps", "--agency", "council", "--due", "2027-01-31",
        "--decision", "1")  # fmt: skip
    out = tmp_path / "pack.md"
    said = call(home, "problem", "pack", "1", "--decision", "1", "--out", out)
    assert (said.code, out.read_text().startswith("# Tasking pack: Evenings")) == (0, True)
    listed = call(home, "problem", "actions").out
    assert "| repair the lamps | council | 31 January 2027 | waiting |" in listed
    assert "action 1, due 2027-01-31" in call(home, "problem", "show", "1").out


def test_a_second_approver_by_command(home: Path) -> None:
    def decide(*arguments: str) -> Any:
        return call(home, "decide", *arguments)

    words = ("--why", "x", "--option", "nothing")
    first = decide("warning", "w1", "--decided", "section 60 order", "--by", "superintendent", *words)
    assert "waits for a second approver" in first.out
    assert "section 60 order" in decide("--queue").out
    number = first.out.split("decision ")[1].split()[0]
    same = decide("--second", number, "--by", "Superintendent", "--why", "x", "--approve", "yes")
    assert (same.code, "the role that decided" in same.err) == (3, True)
    assert "not approved" in decide("--second", number, "--by", "ethics", "--why", "x", "--approve", "no").out


def test_an_entry_by_command(home: Path) -> None:
    one = typed(places="", area_kind="")
    flags = {"start": "from", "end": "to", "decision_maker": "decided-by"}
    given = [x for k, v in one.items() if v for x in (f"--{flags.get(k, k.replace('_', '-'))}", v)]
    assert "Entered as i1." in call(home, "intervention", "add", *given).out
    again = call(home, "intervention", "add", *given)
    assert (again.code, "overlaps entry i1" in again.err) == (3, True)
    assert call(home, "intervention", "withdraw", "i1", "--reason", "twice").code == 0
    assert "withdrawn_why: twice" in call(home, "intervention", "show", "i1").out


def test_the_executable_says_why_in_json(run: Run, home: Path) -> None:
    said = run("--home", home, "--json", "problem", "show", "99")
    assert (said.code, "no such problem" in json.loads(said.out)["error"]) == (2, True)


def test_a_file_is_entered_whole_or_not_at_all_and_told_by_line(ctx: Context, tmp_path: Path) -> None:
    sound = typed(places="7")
    bad = table(
        tmp_path / "bad.csv", sound, typed(dose=""), sound, typed(reason=f"Mrs {SECRET}"), typed(start=SECRET)
    )
    with pytest.raises(Refused) as caught:
        file_entered(ctx, bad)
    said = caught.value.sentence
    for words in ("4 cannot be", "line 3: the entry lacks its dose", "line 4: the entry overlaps entry i1",
                  "line 5: the reason seems to hold a name", "line 6: the start is not a day"):  # fmt: skip
        assert words in said
    assert SECRET not in said
    assert list_entries(ctx.ws) == []
    done = file_entered(ctx, bad, good_only=True)
    assert ([one.entry.id for one in done.kept], [line for line, _ in done.aside]) == (["i1"], [3, 4, 5, 6])
    good = table(tmp_path / "good.csv", typed(), typed(kind="lighting"))
    assert len(file_entered(ctx, good).kept) == 2


def test_a_file_of_another_form_is_misuse(ctx: Context, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    for text in (f"kind,{SECRET}\na,b\n", "", "\x00\n"):
        path.write_text(text)
        with pytest.raises(Misuse) as caught:
            file_entered(ctx, path)
        assert SECRET not in caught.value.sentence
