"""Search as a page: a place name, a postcode or a grid reference; no script is needed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import HTMLResponse

from peelian.api.asking import Asked, asks
from peelian.api.searching import search
from peelian.api.templates import render

router = APIRouter(tags=["pages"], include_in_schema=False)


@router.get("/search")
def read_search_page(
    asked: Annotated[Asked, Depends(asks("consultation", "place search page"))],
    q: Annotated[str, Query(max_length=100)] = "",
) -> HTMLResponse:
    """Give the form and up to 12 places, each with its page in the forecast where it has one."""
    run = asked.run() if asked.run_id else None
    return render(
        "search.html", run=run, q=q, found=search(asked.ws.gazetteer, run, q) if q.strip() else [],
        gazetteer=asked.ws.gazetteer.is_file(),
    )  # fmt: skip
