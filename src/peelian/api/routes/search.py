"""Search: a place name, a postcode or a National Grid reference."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from peelian.api.asking import Asked, asks
from peelian.api.searching import search

router = APIRouter(prefix="/api/v1", tags=["search"])


@router.get("/search")
def read_search(
    asked: Annotated[Asked, Depends(asks("consultation", "place search"))],
    q: Annotated[str, Query(max_length=100)] = "",
) -> dict[str, Any]:
    """Give up to 12 places; with `run` (and `level`), its own places too."""
    return {"q": q, "found": search(asked.ws.gazetteer, asked.run() if asked.run_id else None, q)}
