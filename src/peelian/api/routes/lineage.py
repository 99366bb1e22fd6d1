"""Lineage of one place, agreements, and coverage: what the numbers rest on."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from peelian.api.asking import Asked, asks
from peelian.store.lineage import trace

router = APIRouter(prefix="/api/v1/runs", tags=["lineage"])


@router.get("/{run}/places/{cell}/lineage")
def read_lineage(
    cell: int, asked: Annotated[Asked, Depends(asks("consultation", "lineage"))]
) -> dict[str, Any]:
    """Say what the forecast of one place rests on: feeds, files, rules, agreements and counts."""
    run = asked.run().base
    at = run.position(cell)
    return trace(asked.ws, run.card, run.cells, cell) | {"place": run.names[at]}
