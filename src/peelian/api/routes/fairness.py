"""The fairness audit of a run's model as JSON: figures with intervals, proxies, and how it stands today."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from peelian.api.asking import Asked, asks
from peelian.api.fairness_view import fairness_json

router = APIRouter(prefix="/api/v1/runs", tags=["evaluation"])


@router.get("/{run}/fairness")
def read_fairness(asked: Annotated[Asked, Depends(asks("consultation", "fairness"))]) -> dict[str, Any]:
    """Give the audit that stands for the run (null: not audited) and its standing: current, stale, none.

    Ratios are by class of neighbourhood: attention for harm, expected over recorded, share of harm missed,
    false flags; each with a 95 % interval. Bounds are a heuristic, not a legal test.
    """
    return fairness_json(asked.run())
