"""The picker of all forces: what is held of each. There is no national map of heat."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import HTMLResponse

from peelian.api.asking import Asked, asks
from peelian.api.force_coverage import forces
from peelian.api.templates import render
from peelian.store.agreements import today

router = APIRouter(tags=["forces"])


@router.get("/api/v1/forces")
def read_forces(asked: Annotated[Asked, Depends(asks("consultation", "forces"))]) -> dict[str, Any]:
    """Give the 43 forces with what is held of each: held, silent or not held."""
    return forces(asked.ws, asked.purpose, today())


@router.get("/forces", include_in_schema=False)
def read_forces_page(asked: Annotated[Asked, Depends(asks("consultation", "forces page"))]) -> HTMLResponse:
    """Give the same as a page, with the way to each force's map."""
    run = asked.run() if asked.run_id else None
    return render("forces.html", run=run, held=forces(asked.ws, asked.purpose, today()))
