"""First run: from an empty workspace to a map of one's own data, with no command line and no script."""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from peelian.api.asking import Asked, asks
from peelian.api.keys import Key
from peelian.api.starting import (
    OFFERED,
    Standing,
    answers_of,
    holds_demonstration,
    own_upload,
    queue,
    standing,
)
from peelian.api.templates import render
from peelian.api.uploading import MAX_UPLOAD, take_files
from peelian.domain.errors import Misuse, PeelianError, Refused
from peelian.store import jobs
from peelian.store.agreements import list_agreements, today
from peelian.store.catalogue import reading
from peelian.store.uploads import MOST_FILES, Upload

router = APIRouter(tags=["pages"], include_in_schema=False)
MIXED: Final = Refused(
    "this workspace holds the demonstration", expected="a workspace of your own",
    do="start Peelian with another --home, such as: peelian serve --home my-area",
)  # fmt: skip


@router.get("/start")
def read_start(
    asked: Annotated[Asked, Depends(asks("consultation", "first-run page"))],
    demo: Annotated[Key | None, Query(ge=1)] = None,
) -> HTMLResponse:
    """Give the first-run page: choose files, or make the demonstration."""
    job = jobs.get(asked.ws, demo) if demo else None
    if job is not None and job.kind != "demo":
        job = None
    return _start(asked, job=job)


def _start(asked: Asked, error: PeelianError | None = None, job: jobs.Job | None = None) -> HTMLResponse:
    return render(
        "start.html", error.http_status if error else 200, run=None, empty=asked.run_id is None,
        most_gib=MAX_UPLOAD >> 30, most_files=MOST_FILES, error=error, job=job,
        demonstration=holds_demonstration(asked),
    )  # fmt: skip


@router.post("/start/files")
async def write_files(
    request: Request, asked: Annotated[Asked, Depends(asks("collection", "files chosen"))]
) -> Response:
    """Take files in and queue a look at them."""
    if await run_in_threadpool(holds_demonstration, asked):
        return _start(asked, MIXED)
    try:
        upload = await take_files(asked.ws, request)
    except PeelianError as error:
        return _start(asked, error)
    upload.write("owner", {"actor": asked.actor.id})
    queue(asked, upload, "look")
    return RedirectResponse(f"/start/{upload.id}", status_code=303)


@router.post("/start/demo")
def write_demo(asked: Annotated[Asked, Depends(asks("alteration", "demonstration"))]) -> Response:
    """Queue the demonstration, where the workspace is empty."""
    if asked.run_id is not None:
        return _start(
            asked, Misuse("this workspace holds runs already", do="make the demonstration in an empty one")
        )
    waiting = [
        one for one in jobs.list(asked.ws) if one.kind == "demo" and one.state in ("queued", "running")
    ]
    made = waiting[0].id if waiting else jobs.create(
        asked.ws, "demo", {}, actor=asked.actor, purpose=asked.purpose
    )  # fmt: skip
    return RedirectResponse(f"/start?demo={made}", status_code=303)


@router.get("/start/{upload}")
def read_upload(
    upload: str, asked: Annotated[Asked, Depends(asks("consultation", "upload page"))]
) -> HTMLResponse:
    """Give where an upload stands: looked at, to confirm, coming in, done."""
    held = own_upload(asked, upload)
    return _page(asked, held, standing(asked, held))


@router.post("/start/{upload}")
async def write_confirmed(
    upload: str, request: Request, asked: Annotated[Asked, Depends(asks("collection", "upload confirmed"))]
) -> Response:
    """Take the mapping as confirmed or corrected, and queue the work; `drop` deletes the files instead."""
    held = own_upload(asked, upload)
    body = (await request.body()).decode(errors="replace")
    try:
        typed = dict(parse_qsl(body, max_num_fields=200, keep_blank_values=True))
    except ValueError:
        raise Misuse("the form has more fields than ours", do="open the page again") from None
    if "drop" in typed:
        held.drop()
        return RedirectResponse("/start", status_code=303)
    now = standing(asked, held)
    if now.state != "asking":
        return RedirectResponse(f"/start/{held.id}", status_code=303)
    try:
        answers = answers_of(typed, held.note("proposal"))
    except Misuse as error:
        return _page(asked, held, Standing("asking", now.job, error.sentence), typed, error.http_status)
    held.write("answers", answers)
    queue(asked, held, "bring-in")
    return RedirectResponse(f"/start/{held.id}", status_code=303)


def _page(
    asked: Asked, upload: Upload, now: Standing, typed: dict[str, str] | None = None, status: int = 200
) -> HTMLResponse:
    with reading(asked.ws) as conn:
        agreements = [one for one, _ in list_agreements(conn) if one.holds_on(today())]
    answers = upload.note("answers")
    columns = {f"column.{ours}": name for ours, name in (answers.get("columns") or {}).items()}
    return render(
        "start_upload.html", status, run=None, upload=upload, now=now, proposal=upload.note("proposal"),
        done=upload.note("done"), targets=OFFERED, agreements=agreements,
        typed=typed if typed is not None else answers | columns,
    )  # fmt: skip
