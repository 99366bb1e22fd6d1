"""The list: the same numbers as the map, in rows."""

from __future__ import annotations

import csv
import io
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from starlette.responses import JSONResponse, Response

from peelian.api.asking import Asked, asks
from peelian.api.listing import Sort, list_places, parse_bbox
from peelian.api.places import PlaceRow
from peelian.domain.spreadsheet_text import harmless

router = APIRouter(prefix="/api/v1/runs", tags=["table"])


@router.get("/{run}/table", response_model=None)
def read_table(
    asked: Annotated[Asked, Depends(asks("consultation", "table"))],
    step: int = 0,
    limit: Annotated[int, Query(ge=1, le=100_000)] = 50,
    bbox: str | None = None,
    sort: Sort = "mean",
    format: Literal["json", "csv"] = "json",
) -> Response:
    """Give the places of a step, the highest first, within west,south,east,north if given."""
    run = asked.run()
    listing = list_places(run, step, limit=limit, bbox=parse_bbox(bbox), sort=sort)
    if format == "csv":
        named = {"content-disposition": f'attachment; filename="{run.id}-{step}.csv"'}
        return Response(_csv(listing.rows, run.title), media_type="text/csv; charset=utf-8", headers=named)
    rows = [row.as_dict() for row in listing.rows]
    # Set at once: the list follows the map's view, and walking through its plain values again takes longer
    # than making them.
    return JSONResponse({"rows": rows, "total": listing.total, "title": run.title})


def _csv(rows: list[PlaceRow], title: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["counted", *PlaceRow.__dataclass_fields__])
    for row in rows:
        said = (title, *row.as_dict().values())
        writer.writerow([harmless(one) if isinstance(one, str) else one for one in said])
    return out.getvalue()
