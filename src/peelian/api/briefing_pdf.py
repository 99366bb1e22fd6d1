"""A briefing as a PDF of two pages, set by typst: no browser and no network is needed."""

from __future__ import annotations

import json
import tempfile
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal

from peelian.api.briefing import Briefing
from peelian.api.briefing_map import svg
from peelian.api.briefing_places import BAR
from peelian.api.export_table import notice
from peelian.api.languages import Told, day, language, later, plain
from peelian.api.wording import number

_TEMPLATE: Final = Path(__file__).parent / "typst" / "briefing.typ"
_WORDS: Final = {
    "briefing": later("Briefing"), "counted": later("Counted: {counted}."),
    "simulated": later("Simulated, fictional place: no number here is about a real place."),
    "aloud": later("Read this out"), "first": later("The first {n} places"), "place": later("Place"),
    "expected": later("Expected"), "range": later("Likely range"), "last_year": later("Counted last year"),
    "before": later("Same days a year before"), "against": later("Against then"), "where": later("Where"),
    "bars": later("Bars: the likely range (9 in 10 times), with a mark at the number expected. "
                  "“Much as a year before”: that count lies in the likely range."),
    "late": later("Counts of late"), "time": later("Time"), "days": later("Days"),
    "recorded": later("Recorded"),
    "year": later("A year before"), "difference": later("Difference"), "new": later("New early warnings"),
    "none": later("None is open here."), "repeats": later("Repeats"), "hand": later("In hand, and due"),
    "no_entry": later("Nothing was entered in the register for the last 28 days."),
    "no_action": later("No action of partners is waiting."), "cannot": later("What this cannot tell you"),
    "prevent": later("What prevention may fit"), "run": later("Run"), "page": later("Page"),
    "of": later("of"),
}  # fmt: skip
_UNREVIEWED: Final = "This Welsh was made by machine. No Welsh speaker has reviewed it yet."
Text = dict[str, str]
"""A text with the language it is in, so that a reader of the PDF speaks it so."""


def pdf(made: Briefing) -> bytes:
    """Give the PDF (tagged)."""
    return _set(made, "pdf")[0]


def pictures(made: Briefing) -> list[bytes]:
    """Give its pages as PNG pictures."""
    return _set(made, "png")


def _set(made: Briefing, format: Literal["pdf", "png"]) -> list[bytes]:
    import typst  # late: a plain page must not wait for it

    with tempfile.TemporaryDirectory(prefix="peelian-pdf-") as folder:
        root = Path(folder)
        (root / "map.svg").write_text(svg(made.map), "utf-8")
        (root / "briefing.typ").write_bytes(_TEMPLATE.read_bytes())
        # What comes from data goes in as JSON, never as markup.
        (root / "briefing.json").write_text(json.dumps(said(made), ensure_ascii=False), "utf-8")
        out = typst.compile(str(root / "briefing.typ"), root=folder, format=format)
    pages: Any = out  # one file, or a list of pages
    return [bytes(one) for one in pages] if isinstance(pages, list) else [bytes(pages)]


def said(made: Briefing) -> dict[str, Any]:
    """Give what stands in it as plain data: `words` are its own, in the language of the request."""
    run, near = made.run, made.around
    values: dict[str, dict[str, object]] = {
        "counted": {"counted": plain(run.title)},
        "first": {"n": len(made.tops)},
    }
    return {
        "lang": language(), "unreviewed": plain(_UNREVIEWED) if language() == "cy" else "",
        "words": {name: plain(text, **values.get(name, {})) for name, text in _WORDS.items()},
        "area": str(run.card["area"]["name"]), "when": made.when, "age": _text(made.age),
        "run": run.id, "notice": _text(notice(run)), "lead": [_text(one) for one in made.lead],
        "simulated": run.simulated,
        "tops": [_top(one) for one in made.tops],
        "recent": [[_text(one.title), _text(one.days), _text(_count(one.now)), _text(_count(one.before)),
                    _text(one.words)] for one in made.recent.stretches],
        "recent_note": _text(made.recent.note), "repeats": [_text(one) for one in made.repeats.sentences],
        "warnings": [[_text(one.where), _text(one.sentence), plain(one.state)] for one in near.warnings],
        "entries": [_entry(one) for one in near.entries], "actions": [_action(one) for one in near.actions],
        "options": [_option(one) for one in near.options],
        "options_note": _text(_sentence(near.options_note)), "cannot": [_text(one) for one in made.cannot],
        "map_alt": _text(made.map.words),
    }  # fmt: skip


def _text(words: str) -> Text:
    shown = plain(words)
    ours = shown != words or isinstance(words, Told)
    return {"text": str(shown), "lang": language() if ours else "en"}


def _top(one: Any) -> dict[str, Any]:
    row = one.row
    bar = one.bar
    unit = 1 / BAR
    return {
        "rank": str(row.rank), "name": row.name, "mean": number(row.mean or 0.0),
        "range": plain("{low} to {high}", low=row.q05, high=row.q95), "last_year": _count(row.last_year),
        "before": _count(row.year_before), "arrow": one.arrow, "trend": _text(one.trend),
        "bar": [bar.low * unit, bar.width * unit, bar.mean * unit] if bar else [0, 0, 0],
    }  # fmt: skip


def _count(value: float | None) -> str:
    return plain("not held") if value is None else f"{round(value):,}"


def _option(one: dict[str, Any]) -> list[Text]:
    led = plain("Led by {agency}.", agency=plain(str(one["lead_agency"])))
    title = _text(str(one["title"]))
    return [title | {"text": f"{title['text']}."}, _text(led), _text(f"{one['finding']}.")]


def _entry(one: dict[str, Any]) -> str:
    days = plain("{start} to {end}", start=_day(one["start"]), end=_day(one["last_day"]))
    return f"{one['title']} ({plain(one['kind'])}), {days}, {one['agency']}"


def _action(one: dict[str, Any]) -> str:
    late = f", {plain('overdue')}" if one["overdue"] else ""
    return (
        plain("{what}, {agency}, due {due}", what=one["what"], agency=one["agency"], due=_day(one["due"]))
        + late
    )


def _day(text: str) -> str:
    return day(date.fromisoformat(text))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""
