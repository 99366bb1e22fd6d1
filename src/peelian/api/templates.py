"""Pages from templates: escaped by default, no script, no inline style."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse

from peelian.api.coverage import month_words
from peelian.api.wording import CERTAINTY_LABELS, day, number, percent

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "pages_html"),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters |= {"number": number, "percent": percent}
_ENVIRONMENT.globals |= {
    "sure": CERTAINTY_LABELS,
    "month_words": month_words,
    "british_month": lambda text: f"{date.fromisoformat(f'{text}-01'):%B %Y}",
    "british": lambda text: day(date.fromisoformat(text)),
}


def render(name: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Give a page."""
    return HTMLResponse(_ENVIRONMENT.get_template(name).render(values), status)
