"""Templates of returns: plain TOML that a partnership edits: tables, and the words around them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from peelian.domain.errors import Misuse, NotFound
from peelian.domain.offence import GROUPS, KNIFE
from peelian.domain.returns import NAMES
from peelian.guard.unreadable import NO_TOML

KINDS: Final = (
    "events", "measures", "register", "patrols", "verdicts", "concentration", "problems", "statements",
)  # fmt: skip
_BLOCK: Final = frozenset({"id", "title", "kind", "text", "lines"})
_LINE: Final = frozenset(
    {"what", "groups", "knife", "offence", "not_domestic", "measures", "ages", "says", "no_source"}
)


@dataclass(frozen=True)
class Asks:
    """One table: its kind, the words above it, and its lines as written."""

    id: str
    title: str
    kind: str
    text: str
    lines: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Template:
    """A return's title, the words that open it, what was read for it, and its tables."""

    title: str
    text: str
    read: tuple[str, ...]
    blocks: tuple[Asks, ...]


def shipped_text(name: str) -> str:
    """Give the template that ships with Peelian, as TOML.

    Raises:
        Misuse: there is no such return.
    """
    if name not in NAMES:
        raise Misuse(f"there is no return {name!r}", expected=", ".join(NAMES))
    return (files("peelian.pipeline.returning") / "templates" / f"{name}.toml").read_text("utf-8")


def template_text(name: str, path: Path | None) -> str:
    """Give the text of a template: a partnership's own file, else the one shipped.

    Raises:
        Misuse: there is no such return, or the file is not text. NotFound: there is no such file.
    """
    if path is None:
        return shipped_text(name)
    shipped_text(name)
    if not path.is_file():
        raise NotFound("there is no such template", do="print one with: peelian return NAME --print-template")
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise Misuse("the template is not text in UTF-8", do="save it as UTF-8") from None


def read_template(text: str) -> Template:
    """Read a template.

    Raises:
        Misuse: it is no TOML, or says something a return does not know; says what.
    """
    try:
        body = tomllib.loads(text)
    except NO_TOML:
        raise Misuse("the template is not TOML", do="print one to start from: --print-template") from None
    blocks = tuple(_block(one) for one in body.get("block", []))
    if not body.get("title") or not blocks or len({one.id for one in blocks}) < len(blocks):
        raise Misuse("the template lacks a title or tables, or names a table twice", expected="[[block]]")
    return Template(
        str(body["title"]), str(body.get("text", "")), tuple(map(str, body.get("read", ()))), blocks
    )


def _block(one: dict[str, Any]) -> Asks:
    strange = set(one) - _BLOCK
    if strange or not {"id", "title", "kind"} <= set(one) or one["kind"] not in KINDS:
        raise Misuse(
            "a table of the template lacks its id, title or kind, or says something unknown",
            expected=f"{', '.join(sorted(_BLOCK))}; kinds: {', '.join(KINDS)}",
        )
    lines = tuple(_line(line) for line in one.get("lines", ()))
    return Asks(str(one["id"]), str(one["title"]), str(one["kind"]), str(one.get("text", "")), lines)


def _line(line: dict[str, Any]) -> dict[str, Any]:
    groups, knife = line.get("groups", []), line.get("knife", [])
    if set(line) - _LINE or "what" not in line or set(groups) - set(GROUPS) or set(knife) - set(KNIFE):
        raise Misuse(
            "a line of the template says something unknown",
            expected=f"{', '.join(sorted(_LINE))}; groups: {', '.join(GROUPS)}; knife: {', '.join(KNIFE)}",
        )
    return line
