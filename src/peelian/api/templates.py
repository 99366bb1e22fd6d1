"""Pages from templates: escaped by default, no script, no inline style."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse

from peelian.api import languages
from peelian.api.coverage import month_words
from peelian.api.csrf import signed_in, with_token
from peelian.api.register_notice import register_notice
from peelian.api.session_clock import session_clock
from peelian.api.wording import CERTAINTY_LABELS, number, percent, points
from peelian.api.words import inline

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
_ENVIRONMENT.filters |= {"number": number, "percent": percent, "points": points, "english": languages.english}
_ENVIRONMENT.globals |= {
    "plain": languages.plain,
    "lang": languages.tag,
    "switch": languages.switch,
    "signed_in": signed_in,
    "register_notice": register_notice,
    "session_clock": session_clock,
    "inline": inline,
    "sure": CERTAINTY_LABELS,
    "month_words": month_words,
    "british_month": lambda text: languages.written(date.fromisoformat(f"{text}-01"), "MMMM y"),
    "british": lambda text: languages.day(date.fromisoformat(text)),
}


def render(name: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Give a page."""
    return HTMLResponse(with_token(_ENVIRONMENT.get_template(name).render(values)), status)
