"""Kinds of intervention: the catalogue in force here, with the sentence behind each figure."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from peelian.api.asking import Asked, asks
from peelian.plan.catalogue.load import held, kind_named
from peelian.plan.catalogue.view import catalogue_view, kind_view

router = APIRouter(prefix="/api/v1/interventions/kinds", tags=["interventions"])


@router.get("")
def read_kinds(
    asked: Annotated[Asked, Depends(asks("consultation", "kinds of intervention"))],
) -> dict[str, Any]:
    """List the kinds: those that may be planned, and apart from them those only ever recorded."""
    return catalogue_view(held(asked.ws.home))


@router.get("/{kind}")
def read_kind(
    kind: str, asked: Annotated[Asked, Depends(asks("consultation", "kinds of intervention"))]
) -> dict[str, Any]:
    """Give one kind; hyphens may stand for spaces."""
    return kind_view(kind_named(kind, held(asked.ws.home)))
