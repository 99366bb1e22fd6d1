"""The glossary and the model cards, as pages: Markdown of the docs, read into plain parts."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Final

from markupsafe import Markup, escape

_HERE: Final = Path(__file__).resolve().parent
_SHIPPED: Final = _HERE / "docs"
"""In a wheel; in a checkout the docs lie beside the source."""
_CHECKOUT: Final = _HERE.parents[2] / "docs"
_ROW: Final = re.compile(r"^\|\s*\*\*(.+?)\*\*\s*\|\s*(.+?)\s*\|$")
_LINK: Final = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_CODE: Final = re.compile(r"`([^`]+)`")
_ITEM: Final = re.compile(r"^([-*]|\d+\.)\s+")
_STRONG: Final = re.compile(r"\*\*([^*]+)\*\*")


def docs() -> Path:
    """Give the folder of docs."""
    return _SHIPPED if _SHIPPED.is_dir() else _CHECKOUT


@lru_cache(maxsize=1)
def glossary() -> tuple[tuple[str, str, Markup], ...]:
    """Give each word with its anchor and meaning, as GLOSSARY.md has them."""
    path = docs() / "GLOSSARY.md"
    found: list[tuple[str, str, Markup]] = []
    for line in path.read_text("utf-8").splitlines() if path.is_file() else ():
        if (match := _ROW.match(line)) is not None:
            word = _LINK.sub(r"\1", match[1])
            anchor = re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-")
            again = sum(other == word for other, _, _ in found)  # a word with two meanings has two rows
            found.append((word, f"{anchor}-{again + 1}" if again else anchor, inline(match[2])))
    return tuple(found)


def inline(text: str) -> Markup:
    """Give a line of Markdown as HTML: code and strong; a link keeps its words only.

    >>> inline("a `b` & [c](d.md)")
    Markup('a <code>b</code> &amp; c')
    """
    out = str(escape(_LINK.sub(r"\1", text)))
    return Markup(_STRONG.sub(r"<strong>\1</strong>", _CODE.sub(r"<code>\1</code>", out)))


@lru_cache(maxsize=32)
def model_card(model: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Give a model card as headings and their lines; empty where there is none of this name."""
    path = docs() / "models" / f"{model}.md"
    if not re.fullmatch(r"[a-z0-9-]{1,60}", model) or not path.is_file():
        return ()
    parts: list[tuple[str, list[str]]] = []
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("#"):
            parts.append((_CODE.sub(r"\1", line.lstrip("# ")), []))
        elif parts and _ITEM.match(line):
            parts[-1][1].append(_ITEM.sub("", line))
        elif parts and line.strip():
            if parts[-1][1] and not line.startswith("|"):
                parts[-1][1][-1] += f" {line.strip()}"
            else:
                parts[-1][1].append(line.strip())
    return tuple((title, tuple(lines)) for title, lines in parts)
