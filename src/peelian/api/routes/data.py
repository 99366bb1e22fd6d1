"""Data and lineage: what is held of each feed, under which agreement, and what was put aside."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import HTMLResponse

from peelian.api.asking import Asked, asks
from peelian.api.coverage import feeds_of
from peelian.api.overlap import NOTE, PATTERNS, overlaps_of
from peelian.api.templates import render
from peelian.domain.agreement import BUILT_IN, GATEWAYS
from peelian.domain.reporters import reporter_words
from peelian.store.agreements import list_agreements, today
from peelian.store.catalogue import reading
from peelian.store.coverage import coverage
from peelian.store.discovered_by import who_reported
from peelian.store.intake import count_aside, list_files
from peelian.store.lineage import trace

router = APIRouter(tags=["data"])
_LAST_FILES = 60


@router.get("/api/v1/coverage")
def read_coverage(asked: Annotated[Asked, Depends(asks("consultation", "coverage"))]) -> dict[str, Any]:
    """Give each feed's coverage month by month. What is not held is missing, never zero."""
    held = coverage(asked.ws, purpose=asked.purpose)
    said = [one | {"sentence": reporter_words(**one)} for one in who_reported(asked.ws)]
    return {"feeds": [feed.as_dict() for feed in feeds_of(held, today())], "reporters": said}


@router.get("/api/v1/overlap")
def read_overlap(asked: Annotated[Asked, Depends(asks("consultation", "overlap"))]) -> dict[str, Any]:
    """Give who saw what by force and LSOA, small counts withheld, as of each force's newest linking."""
    return {"note": NOTE, "forces": overlaps_of(asked.ws, asked.purpose)}


@router.get("/data", include_in_schema=False)
def read_data(asked: Annotated[Asked, Depends(asks("consultation", "data page"))]) -> HTMLResponse:
    """Give the page of feeds, agreements, files and rows put aside."""
    ws = asked.ws
    with reading(ws) as conn:
        agreements = list_agreements(conn)
        aside = count_aside(conn)
    files = list_files(ws)
    used = {file.agreement for file in files}
    held = [(one, "") for id_, one in BUILT_IN.items() if id_ in used] + agreements
    return render(
        "data.html", run=asked.run() if asked.run_id else None,
        feeds=feeds_of(coverage(ws, purpose=asked.purpose), today()),
        agreements=[(one, force, GATEWAYS[one.gateway], one.holds_on(today())) for one, force in held],
        files=list(reversed(files))[:_LAST_FILES], files_in_all=len(files), aside=aside,
        reporters=[reporter_words(**one) for one in who_reported(ws)],
        overlaps=overlaps_of(ws, asked.purpose), overlap_note=NOTE, patterns=PATTERNS,
    )  # fmt: skip


@router.get("/runs/{run}/places/{cell}/lineage", include_in_schema=False)
def read_lineage_page(
    cell: int, asked: Annotated[Asked, Depends(asks("consultation", "lineage page"))]
) -> HTMLResponse:
    """Give the page of what one place's forecast rests on."""
    run = asked.run().base
    at = run.position(cell)
    found = trace(asked.ws, run.card, run.cells, cell)
    names = {file["sha256"][:16]: file["name"] for file in found["files"]}
    return render("lineage.html", run=run, cell=cell, place=run.names[at], found=found, names=names)
