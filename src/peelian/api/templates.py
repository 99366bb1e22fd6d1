"""Pages from templates: escaped by default, no script, no inline style."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse

from peelian.api import languages
from peelian.api.area_names import area_name
from peelian.api.coverage import month_words
from peelian.api.csrf import with_token
from peelian.api.register_notice import register_notice
from peelian.api.session_clock import session_clock
from peelian.api.wording import CERTAINTY_LABELS, count, number, percent, points
from peelian.api.words import inline
from peelian.domain.per_cent import change, change_per_cent

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "pages_html"),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=["jinja2.ext.i18n"],
)
_ENVIRONMENT.policies["ext.i18n.trimmed"] = True
_ENVIRONMENT.install_gettext_callables(  # type: ignore[attr-defined]
    languages.gettext, languages.ngettext, newstyle=True, pgettext=languages.pgettext
)
_ENVIRONMENT.filters |= {
    "number": number,
    "count": count,
    "percent": percent,
    "points": points,
    "change": change,
    "change_per_cent": change_per_cent,
    "english": languages.english,
    "area_name": area_name,
}
_ENVIRONMENT.globals |= {
    "plain": languages.plain,
    "lang": languages.tag,
    "switch": languages.switch,
    "here": languages.here,
    "register_notice": register_notice,
    "session_clock": session_clock,
    "area_name": area_name,
    "inline": inline,
    "sure": CERTAINTY_LABELS,
    "month_words": month_words,
    "british_month": lambda text: languages.written(date.fromisoformat(f"{text}-01"), "MMMM y"),
    "day_before": lambda text: languages.day(date.fromisoformat(text) - timedelta(days=1)),
    "british": lambda text: languages.day(date.fromisoformat(text)),
}


def render(name: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Give a page."""
    return HTMLResponse(with_token(_ENVIRONMENT.get_template(name).render(values)), status)
