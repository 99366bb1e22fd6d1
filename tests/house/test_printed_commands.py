"""Every `peelian` command printed in the docs and in --help is there, with the options it is printed with."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from peelian.cli.app import app
from peelian.cli.examples import EXAMPLES
from peelian.cli.main import hoist
from peelian.cli.sections import SECTIONS

ROOT = Path(__file__).resolve().parents[2]
DECISIONS = ROOT / "docs" / "adr"  # they speak of their day, and of what there is not
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
COMMANDS = typer.main.get_command(app)
CALL = re.compile(r"(?:^|[\s/])peelian ([a-z-].*)")


def printed(text: str) -> Iterator[tuple[str, bool]]:
    """Give each command of a page, and whether it stands in a block to be copied."""
    fenced = False
    for line in text.replace("\\\n", " ").split("\n"):
        fenced ^= line.startswith("```")
        found = CALL.search(re.sub(r"(?:^|\s)#.*", "", line)) if fenced else None
        if found:
            yield found[1], True
    for inline in re.findall(r"`(?:\.venv/bin/)?peelian ([a-z-][^`]*)`", text):
        yield inline.replace("\n", " "), False


def wrong(call: str, copied: bool) -> str:
    """Say what a printed command gets wrong; empty if nothing."""
    words = hoist(shlex.split(re.split(r"\s[|>&;]", call)[0]))
    at: Any = COMMANDS
    given, values, left = set(), 0, iter(words)
    for word in left:
        if word in {"...", "--help"}:
            return ""  # the page leaves the rest out and says so, or asks for none
        if word.startswith("-"):
            name, _, joined = word.partition("=")
            option = next((one for one in at.params if name in [*one.opts, *one.secondary_opts]), None)
            if option is None:
                return f"{at.name} has no {name}"
            given.add(option.name)
            if not (getattr(option, "is_flag", False) or joined):
                for _ in range(option.nargs):
                    next(left, None)
        elif hasattr(at, "commands"):
            if word not in at.commands:
                return f"{at.name} has no command {word}"
            at = at.commands[word]
        else:
            values += 1
    if not copied:
        return ""
    asked = [one for one in at.params if one.param_type_name == "argument"]
    lacking = [
        one.opts[0] for one in at.params if one.required and one not in asked and one.name not in given
    ]
    endless = any(one.nargs == -1 for one in asked)
    if values < sum(one.required for one in asked) or (values > len(asked) and not endless):
        return f"{at.name} takes {len(asked)} values, not {values}"
    return f"{at.name} needs {', '.join(lacking)}" if lacking else ""


@pytest.mark.parametrize(
    "doc", [one for one in PAGES if one.parent != DECISIONS], ids=lambda one: str(one.relative_to(ROOT))
)
def test_printed_commands_are_there(doc: Path) -> None:
    said = [(call, wrong(call, copied)) for call, copied in printed(doc.read_text("utf-8"))]
    assert [one for one in said if one[1]] == []


@pytest.mark.parametrize(
    ("call", "why"),
    [
        ("forecsat --target asb", "no command forecsat"),
        ("coverage --target asb", "no --target"),
        ("audit export", "needs --out"),
        ("coverage what is held", "takes 0 values, not 3"),
    ],
)
def test_a_slip_is_found(call: str, why: str) -> None:
    assert why in wrong(call, copied=True)


@pytest.mark.parametrize("call", [one for some in EXAMPLES.values() for one in some])
def test_examples_of_the_help_are_there(call: str) -> None:
    assert wrong(call.removeprefix("peelian "), copied=True) == ""


def test_each_command_stands_in_one_section_of_the_help() -> None:
    named = [one for some in SECTIONS.values() for one in some]
    assert sorted(named) == sorted(COMMANDS.commands)  # type: ignore[attr-defined]
    assert set(EXAMPLES) <= set(named)
