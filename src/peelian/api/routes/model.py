"""Model and fairness: how well the numbers held, by the run's own backtest, and what was audited."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import HTMLResponse

from peelian.api.asking import Asked, asks
from peelian.api.model_view import model_view
from peelian.api.templates import render
from peelian.api.words import model_card

router = APIRouter(tags=["pages"], include_in_schema=False)


@router.get("/model")
def read_model_page(
    asked: Annotated[Asked, Depends(asks("consultation", "model and fairness page"))],
) -> HTMLResponse:
    """Give hits, PAI and calibration with their intervals, the model card, and the fairness audit if made."""
    run = asked.run()
    return render("model.html", run=run, view=model_view(run), card=model_card(str(run.card["model"]["id"])))
