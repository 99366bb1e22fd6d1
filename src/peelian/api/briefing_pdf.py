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
from peelian.api.wording import CERTAINTY_LABELS, day, number

_TEMPLATE: Final = Path(__file__).parent / "typst" / "briefing.typ"


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
    """Give what stands in it as plain data."""
    run, near = made.run, made.around
    return {
        "area": str(run.card["area"]["name"]), "when": made.when, "title": run.title, "age": made.age,
        "run": run.id, "model": run.model_title, "notice": notice(run), "lead": list(made.lead),
        "simulated": run.simulated,
        "tops": [_top(one) for one in made.tops],
        "recent": [[one.title, one.days, _count(one.now), _count(one.before), one.words]
                   for one in made.recent.stretches],
        "recent_note": made.recent.note, "repeats": list(made.repeats.sentences),
        "repeat_rows": [list(one) for one in made.repeats.rows],
        "warnings": [[one.where, one.sentence, one.state] for one in near.warnings],
        "open_warnings": near.open_warnings,
        "entries": [_entry(one) for one in near.entries], "actions": [_action(one) for one in near.actions],
        "options": [f"{one['title']}. Led by {one['lead_agency']}. {one['finding']}."
                    for one in near.options],
        "options_note": _sentence(near.options_note), "cannot": list(made.cannot), "map_alt": made.map.words,
    }  # fmt: skip


def _top(one: Any) -> dict[str, Any]:
    row = one.row
    bar = one.bar
    unit = 1 / BAR
    return {
        "rank": str(row.rank), "name": row.name, "mean": number(row.mean or 0.0),
        "range": f"{row.q05} to {row.q95}", "chance": row.words, "last_year": _count(row.last_year),
        "before": _count(row.year_before), "arrow": one.arrow, "trend": one.trend,
        "sure": CERTAINTY_LABELS[row.certainty],
        "bar": [bar.low * unit, bar.width * unit, bar.mean * unit] if bar else [0, 0, 0],
    }  # fmt: skip


def _count(value: float | None) -> str:
    return "not held" if value is None else f"{round(value):,}"


def _entry(one: dict[str, Any]) -> str:
    days = f"{_day(one['start'])} to {_day(one['last_day'])}"
    return f"{one['title']} ({one['kind']}), {days}, {one['agency']}"


def _action(one: dict[str, Any]) -> str:
    late = ", overdue" if one["overdue"] else ""
    return f"{one['what']}, {one['agency']}, due {_day(one['due'])}{late}"


def _day(text: str) -> str:
    return day(date.fromisoformat(text))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""
