"""The phone's page: today's places, a visit logged in two taps, and what makes it work out of reach."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Depends, Query
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response

from peelian.api.acting_asked import desk_of
from peelian.api.asking import Asked, asks
from peelian.api.page_form import Form, Typed
from peelian.api.run_folder import Run
from peelian.api.templates import render
from peelian.api.today import HOURS, places_today, step_now
from peelian.api.today_visits import MINUTES, log_visit, moment, visit_of
from peelian.domain.errors import Misuse
from peelian.store.interventions import HeldEntry

router = APIRouter(tags=["today"])
_STATIC: Final = Path(__file__).resolve().parents[1] / "static"
_HERE: Final = {"permissions-policy": "camera=(), geolocation=(self), microphone=()"}
"""This page alone may ask where it is; the distance is worked out on the device and never sent."""
Visits = Annotated[Asked, Depends(asks("collection", "visit"))]


@router.get("/today", include_in_schema=False)
def read_today(
    asked: Annotated[Asked, Depends(asks("consultation", "phone page"))],
    shift: Annotated[str, Query(max_length=20)] = "", done: Annotated[str, Query(max_length=20)] = "",
) -> HTMLResponse:  # fmt: skip
    """Give today's places; `shift` is a step's number (default: the window that holds now)."""
    return _page(asked, Typed(), shift, done)


@router.post("/today/visits", include_in_schema=False)
def write_visit_page(asked: Visits, typed: Form) -> Response:
    """Log a visit from the page's form."""
    run = asked.run()

    def log() -> HeldEntry:
        return log_visit(desk_of(asked), run, visit_of(typed.words, moment()))[0]

    return typed.then(
        log, lambda said: _page(asked, said), lambda held: f"/today?run={run.id}&done={held.entry.id}"
    )


@router.post("/api/v1/runs/{run}/visits")
def write_visit(asked: Visits, body: Annotated[dict[str, Any], Body()]) -> JSONResponse:
    """Log a visit: `key` (hex, the idempotency key), `cell`, `minutes`, `ended` (ISO 8601 with zone).

    201 when it is new, 200 when it was logged under that key before. It says where and when, never who.
    """
    if not all(isinstance(one, str | int) for one in body.values()) or len(body) > 8:
        raise Misuse("the visit cannot be read", expected="key, cell, minutes, ended")
    said = {name: str(value) for name, value in body.items()}
    held, new = log_visit(desk_of(asked), asked.run(), visit_of(said, moment()))
    entry = {"entry": held.entry.id, "minutes": held.entry.dose, "day": str(held.entry.start)}
    return JSONResponse(entry, 201 if new else 200)


@router.get("/today-worker.js", include_in_schema=False)
def read_worker(
    asked: Annotated[Asked, Depends(asks("consultation", "phone page's worker"))],
) -> FileResponse:
    """Give the service worker, from the root so that it may keep /today."""
    return FileResponse(_STATIC / "today-worker.js", media_type="text/javascript")


def _page(asked: Asked, typed: Typed, shift: str = "", done: str = "") -> HTMLResponse:
    run: Run = asked.run()
    at = moment()
    step = int(shift) if shift.isascii() and shift.isdecimal() else step_now(run, at)
    windows = [(k, run.label(k)) for k in range(run.steps)]
    if step >= run.steps:
        raise Misuse("this run has no such step", expected=f"from 0 to {run.steps - 1}")
    page = render(
        "today.html", typed.status, run=run, today=places_today(run, step, at), windows=windows, done=done,
        minutes=MINUTES, hours=HOURS, error=typed.error, made=at.isoformat(timespec="seconds"),
        new_key=lambda: secrets.token_hex(16),
    )  # fmt: skip
    page.headers.update(_HERE)
    return page
