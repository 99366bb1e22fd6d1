"""Pages made on the server: they work without JavaScript and say the same as the map."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from peelian.api.asking import Asked, asks
from peelian.api.languages import language
from peelian.api.level_run import views
from peelian.api.listing import list_places
from peelian.api.map_page import welsh_page
from peelian.api.security import REPORT_CSP
from peelian.api.story import story
from peelian.api.templates import render

router = APIRouter(tags=["pages"], include_in_schema=False)
WEB: Final = Path(__file__).resolve().parents[2] / "web"


@router.get("/")
def read_home(asked: Annotated[Asked, Depends(asks("consultation", "map page"))]) -> Response:
    """Give the map's page, the list where the page is not built, the first-run page where nothing is held."""
    if asked.run_id is None:
        return RedirectResponse("/start", status_code=303)
    index = WEB / "index.html"
    if not index.is_file():
        return render("unbuilt.html")
    if language() == "cy":
        return HTMLResponse(welsh_page(index, index.stat().st_mtime))
    return FileResponse(index, media_type="text/html")


@router.get("/list")
def read_list(
    asked: Annotated[Asked, Depends(asks("consultation", "list page"))],
    step: int = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
) -> HTMLResponse:
    """Give the top places as a plain table."""
    run = asked.run_as_it_opens()
    listing = list_places(run, step, limit=limit)
    windows = [(k, run.label(k)) for k in range(run.steps)]
    return render(
        "list.html", run=run, story=story(run), listing=listing, step=step, windows=windows, views=views(run)
    )


@router.get("/runs/{run}/report")
def read_report(asked: Annotated[Asked, Depends(asks("consultation", "report"))]) -> Response:
    """Give the evaluation report, or say that its stage still runs."""
    run = asked.run()
    report = run.folder / "report.html"
    if report.is_file():
        return FileResponse(report, media_type="text/html", headers={"content-security-policy": REPORT_CSP})
    return render("report_pending.html", run=run)


@router.get("/use-your-own-data")
def read_own_data(
    request: Request, asked: Annotated[Asked, Depends(asks("consultation", "help page"))]
) -> HTMLResponse:
    """Say how to load a download of data.police.uk or any table."""
    return render("own_data.html", run=asked.run() if asked.run_id else None)
