"""The organisation's own answers: `settings/transparency.toml` of the workspace, read anew each time."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any, Final

from peelian.domain.errors import Misuse
from peelian.govern.records.questions import MAILBOX, NAMES, QUESTIONS
from peelian.guard.acting import no_person
from peelian.guard.unreadable import NO_TOML
from peelian.store.workspace import Workspace

FILE: Final = "transparency.toml"
_LONGEST: Final = 4_000
_MAILBOX: Final = re.compile(r"[^@\s]{1,100}@[^@\s]{1,200}")
_HEAD: Final = """# What only your organisation knows; all else in the records comes from the system.
# All of it is shown to the public. Posts and teams, never a person's name. An empty answer counts as missing.
# One area may differ: put its answers under [areas.CODE].
"""


def settings_file(ws: Workspace) -> Path:
    """Name the file."""
    return ws.home / "settings" / FILE


def template(*, simulated: bool = False) -> str:
    """Give the file with its questions, empty, or with the demonstration's answers."""
    lines = [_HEAD]
    for one in QUESTIONS:
        lines += [f"# {one.asks}", f"{one.name} = {json.dumps(one.simulated if simulated else '')}", ""]
    return "\n".join(lines)


def answers(ws: Workspace, area: str) -> dict[str, str]:
    """Give the answers that hold for an area; none where there is no file.

    Raises:
        Misuse: the file cannot be read, asks nothing of ours, or holds a person's data.
    """
    path = settings_file(ws)
    if not path.is_file():
        return {}
    try:
        held = tomllib.loads(path.read_text("utf-8"))
    except NO_TOML:
        raise _unread("it is no TOML file") from None
    areas = held.pop("areas", {})
    own = areas.get(area, {}) if isinstance(areas, dict) else None
    if not isinstance(own, dict):
        raise _unread("[areas.CODE] must be a table of answers")
    return {name: _answer(name, text) for name, text in (held | own).items()}


def _answer(name: str, text: Any) -> str:
    if name not in NAMES:
        raise _unread(f"{name} is none of the questions")
    if isinstance(text, int) and not isinstance(text, bool):
        text = str(text)
    if not isinstance(text, str) or len(text) > _LONGEST:
        raise _unread(f"the answer to {name} must be a text of at most {_LONGEST} characters")
    if name == MAILBOX:
        if text and not _MAILBOX.fullmatch(text.strip()):
            raise _unread(f"{name} must be the address of a team's mailbox")
    else:
        no_person(**{name: text})
    return text.strip()


def _unread(why: str) -> Misuse:
    return Misuse(
        f"settings/{FILE} cannot be used: {why}", expected="a line `name = \"answer\"` for each question",
        do="write it anew with: peelian transparency template",
    )  # fmt: skip
