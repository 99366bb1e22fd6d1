"""The application: one place that puts routes, errors and safety together."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from peelian import __version__
from peelian.api.access import Access
from peelian.api.area_names import AreaNames
from peelian.api.asking import House
from peelian.api.attempts import Attempts
from peelian.api.described import RESPONSES
from peelian.api.languages import Languages
from peelian.api.problems import QuietFaults, add_handlers
from peelian.api.routes import (
    about,
    account,
    acting,
    acting_pages,
    audit_page,
    basemap,
    briefing,
    catalogue,
    challenges,
    data,
    drawn,
    evaluations,
    fairness,
    feeds,
    forces,
    health,
    jobs,
    layers,
    lineage,
    model,
    ogc,
    overlays,
    pages,
    place_pages,
    places,
    plans,
    releases,
    returns,
    runs,
    search,
    search_page,
    sign_in,
    start,
    stream,
    table,
    takeaway,
    today,
    transparency,
    warning_pages,
    warnings,
    words,
)
from peelian.api.security import Gatekeeper
from peelian.api.sessions import Sessions
from peelian.domain.actor import Actor, Purpose
from peelian.domain.live import Inlet
from peelian.store.workspace import Workspace


def create_app(
    ws: Workspace, *, actor: Actor, purpose: Purpose, inlet: Inlet | None = None, access: Access | None = None
) -> FastAPI:
    """Give the ASGI application that serves one workspace to one actor for one purpose.

    With `access` people sign in instead, and each acts as itself. `inlet` takes what live feeds send; without
    one the server takes none.

    It reads runs and writes job and audit rows; it computes no forecast. Pages, JSON and byte layers come
    from this origin only; there is no interactive API page (it would load from elsewhere), the description
    is at /api/v1/openapi.json.
    """
    app = FastAPI(
        title="Peelian", version=__version__, docs_url=None, redoc_url=None, openapi_url=None,
        responses=RESPONSES,
    )  # fmt: skip
    app.state.house = House(ws, actor, purpose, access=access)
    app.state.inlet = inlet
    app.state.attempts = Attempts()
    for family in (
        about, challenges, transparency,
        layers, table, places, drawn, overlays, search, forces, basemap, lineage, runs, data, jobs, health,
        stream, feeds, warnings, acting, acting_pages, warning_pages, catalogue, plans,
        briefing, place_pages, today,
        start, takeaway, ogc, words,
        search_page, model, fairness, audit_page, evaluations, releases, returns, sign_in, account, pages,
    ):  # fmt: skip
        app.include_router(family.router)
    add_handlers(app)
    mimetypes.add_type("text/javascript", ".mjs")
    mimetypes.add_type("font/woff2", ".woff2")
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    if (pages.WEB / "assets").is_dir():
        app.mount("/assets", StaticFiles(directory=pages.WEB / "assets"), name="assets")
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=6)
    app.add_middleware(AreaNames, ws=ws)
    app.add_middleware(Sessions, house=app.state.house)
    app.add_middleware(QuietFaults)
    app.add_middleware(Languages)
    app.add_middleware(Gatekeeper, access=access)
    return app
