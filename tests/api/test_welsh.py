"""Welsh: every message has a Welsh text with the same placeholders, and none is left over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.extract import extract_from_file

from peelian.api import messages, templates

API = Path(messages.__file__).parents[1]
_KEYWORDS = {
    "_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2),
    "plain": (1,), "plural": (1, 2), "later": (1,),
}  # fmt: skip
_JINJA = {"trimmed": "true", "silent": "false", "newstyle_gettext": "true"}
_PLACE = re.compile(r"%\(\w+\)s|%%|\{\w+[^}]*\}")
_TAG = re.compile(r"<[^>]+>")
_Id = str | tuple[str, ...]


def extracted(method: str, pattern: str) -> Iterator[_Id]:
    """Give the ids that files of the API's pages ask for."""
    for path in sorted(API.rglob(pattern)):
        for _, found, _, context in extract_from_file(method, path, keywords=_KEYWORDS, options=_JINJA):
            yield _named(context, found) if isinstance(found, str) else tuple(map(str, found or ()))


def _named(context: str | None, text: str) -> str:
    return f"{context}: {text}" if context else text


def held(*names: str) -> dict[_Id, Message]:
    files = messages.catalogues()
    return {
        _named(one.context, one.id) if isinstance(one.id, str) else tuple(one.id): one
        for name in names if name in files for one in files[name] if one.id
    }  # fmt: skip


def texts(one: Message) -> tuple[str, ...]:
    return (one.string,) if isinstance(one.string, str) else tuple(one.string or ())


def test_every_message_has_an_entry_and_none_is_left_over() -> None:
    pages = set(extracted("jinja2.ext:babel_extract", "pages_html/*.html"))
    python = set(extracted("python", "*.py"))
    everywhere = set(held("frame.po", "pages.po", "words.po", "pdf.po"))
    assert sorted(map(str, pages - everywhere)) == []
    assert sorted(map(str, python - everywhere)) == []
    assert sorted(map(str, set(held("frame.po", "pages.po")) - pages)) == []
    assert sorted(map(str, set(held("words.po", "pdf.po")) - python)) == []


def test_an_id_stands_in_one_file_only() -> None:
    parts = [one for name in ("frame.po", "pages.po", "words.po", "pdf.po", "shown.po") for one in held(name)]
    assert sorted(str(one) for one in set(parts) if parts.count(one) > 1) == []


def test_each_has_a_welsh_text_with_the_same_placeholders_and_markup() -> None:
    wrong = []
    for ident, one in held(*messages.catalogues()).items():
        english = ident if isinstance(ident, str) else ident[1]
        for text in texts(one):
            places = set(_PLACE.findall(text)) <= set(_PLACE.findall(english))
            if isinstance(ident, str):
                places = sorted(_PLACE.findall(text)) == sorted(_PLACE.findall(english))
            marks = sorted(_TAG.findall(text)) == sorted(_TAG.findall(english))
            quotes = '"' in _TAG.sub("", text)  # would end an attribute
            if not text.strip() or not places or not marks or quotes or "fuzzy" in one.flags:
                wrong.append((ident, text))
    assert wrong == []


def test_a_number_takes_its_own_welsh_form() -> None:
    forms = [messages.welsh().ngettext("no such message", "no such messages", n) for n in (1, 2)]
    assert forms == ["no such message", "no such messages"]
    assert [messages.welsh().plural(n) for n in (0, 1, 2, 3, 6, 4, 11)] == [0, 1, 2, 3, 4, 5, 5]  # type: ignore[attr-defined]


def test_a_template_takes_a_translated_block() -> None:
    environment = templates._ENVIRONMENT
    page = environment.from_string("{% trans n=2, w='<b>' %}{{ n }} %, {{ w }}{% endtrans %}")
    assert page.render() == "2 %, &lt;b&gt;"
