"""Audit: who saw, exported, changed and approved what, and when; never the content."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query
from starlette.responses import HTMLResponse, StreamingResponse

from peelian.api.asking import Asked as Gate
from peelian.api.asking import asks
from peelian.api.templates import render
from peelian.domain.errors import Misuse
from peelian.domain.spreadsheet_text import harmless
from peelian.domain.typed_day import typed_day
from peelian.govern.policy import VERBS
from peelian.store.audit_reading import A_PAGE, Asked, actors, chain_status, read_all, read_page
from peelian.store.workspace import Workspace

router = APIRouter(tags=["pages"])
COLUMNS: Final = (
    "id",
    "at",
    "actor",
    "role",
    "force",
    "purpose",
    "verb",
    "what",
    "area",
    "window",
    "recipient",
)
Text = Annotated[str, Query(max_length=120)]


def asked_for(actor: Text = "", verb: Text = "", what: Text = "", first: Text = "", last: Text = "") -> Asked:
    """Read the filters.

    Raises:
        Misuse: a day or a verb that is none.
    """
    if verb and verb not in VERBS:
        raise Misuse("there is no such verb", expected=", ".join(VERBS))
    return Asked(actor, verb, what, _day(first), _day(last))


def _day(text: str) -> date | None:
    return typed_day(text) if text.strip() else None


Filters = Annotated[Asked, Depends(asked_for)]


@router.get("/audit", include_in_schema=False)
def read_audit_page(
    asked: Annotated[Gate, Depends(asks("consultation", "audit page"))],
    filters: Filters,
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> HTMLResponse:
    """Give a page of the audit, newest first, and where its chain stands."""
    total, rows = read_page(asked.ws, filters, page)
    return render(
        "audit.html", simulated=asked.simulated,
        run=None, rows=rows, total=total, page=page, pages=max(1, -(-total // A_PAGE)),
        filters=filters, verbs=VERBS, actors=actors(asked.ws), chain=chain_status(asked.ws),
    )  # fmt: skip


@router.get("/api/v1/audit.csv")
def read_audit_csv(
    asked: Annotated[Gate, Depends(asks("disclosure", "audit"))], filters: Filters
) -> StreamingResponse:
    """Give all rows that match as CSV, oldest first, in UTC."""
    return StreamingResponse(
        _lines(asked.ws, filters), media_type="text/csv; charset=utf-8",
        headers={"content-disposition": 'attachment; filename="audit.csv"'},
    )  # fmt: skip


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _lines(ws: Workspace, filters: Asked) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in read_all(ws, filters, COLUMNS):
        texts = [_text(value) for value in tuple(row)[1:]]
        writer.writerow([harmless(text) for text in texts])
        if out.tell() > 65_536:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()
