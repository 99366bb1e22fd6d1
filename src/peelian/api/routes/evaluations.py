"""Evaluations: whether interventions worked, as JSON and as a page; null results are listed like others."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import HTMLResponse, Response

from peelian.api.acting_view import entry_json
from peelian.api.asking import Asked, asks
from peelian.api.evaluation_view import evaluation_json
from peelian.api.keys import Key
from peelian.api.page_form import Form, Typed
from peelian.api.templates import render
from peelian.domain.errors import Misuse
from peelian.domain.target import TARGETS
from peelian.store import jobs
from peelian.store.designs import list_designs
from peelian.store.effect_verdicts import get_verdict, list_verdicts
from peelian.store.interventions import get_entry, list_entries

router = APIRouter(tags=["evaluations"])
METHODS = ("auto", "wdd", "event-study", "matched", "synthetic", "randomised")
Word = Annotated[str, Field(max_length=80)]


class NewEvaluation(BaseModel):
    """What to evaluate; with a locked design it is what is measured, whatever else is given."""

    model_config = ConfigDict(extra="forbid")

    intervention: Word
    target: Word = "violence"
    method: Word = "auto"
    design: Word = ""


@router.get("/api/v1/evaluations")
def read_evaluations(
    asked: Annotated[Asked, Depends(asks("consultation", "evaluations"))],
    intervention: Annotated[str | None, Query(max_length=80)] = None, null: bool | None = None,
) -> dict[str, Any]:  # fmt: skip
    """List verdicts, the newest first; `null=true` gives the log of null results."""
    found = [evaluation_json(asked.ws, one) for one in list_verdicts(asked.ws, intervention)]
    return {"evaluations": [one for one in found if null is None or one["null"] == null]}


@router.get("/api/v1/evaluations/{number}")
def read_evaluation(
    number: Key, asked: Annotated[Asked, Depends(asks("consultation", "evaluation"))]
) -> dict[str, Any]:
    """Give one verdict whole."""
    return evaluation_json(asked.ws, get_verdict(asked.ws, number))


@router.get("/api/v1/designs")
def read_designs(asked: Annotated[Asked, Depends(asks("consultation", "designs"))]) -> dict[str, Any]:
    """List locked designs with their hashes, the newest first."""
    return {
        "designs": [
            {"id": one.id, "intervention": one.intervention, "sha256": one.sha256, "design": one.design,
             "locked": one.locked.isoformat(timespec="seconds"), "by_role": one.by_role}
            for one in list_designs(asked.ws)
        ]
    }  # fmt: skip


@router.post("/api/v1/evaluations", status_code=201)
def write_evaluation(
    new: NewEvaluation, asked: Annotated[Asked, Depends(asks("combination", "evaluation"))]
) -> dict[str, Any]:
    """Queue an evaluation; its verdict is kept whatever it is."""
    return {"job": _queue(asked, new.model_dump()), "state": "queued"}


@router.get("/evaluation", include_in_schema=False)
def read_evaluation_page(
    asked: Annotated[Asked, Depends(asks("consultation", "evaluation page"))],
    done: Annotated[str, Query(max_length=12)] = "",
) -> HTMLResponse:
    """Give the page: a part for each intervention evaluated, and the log of null results."""
    return _page(asked, Typed(), done)


@router.post("/evaluation", include_in_schema=False)
def write_evaluation_page(
    asked: Annotated[Asked, Depends(asks("combination", "evaluation"))], typed: Form
) -> Response:
    """Queue what was chosen."""
    return typed.then(
        lambda: _queue(asked, dict(typed.words)), lambda said: _page(asked, said),
        lambda job: f"/evaluation?done={job}",
    )  # fmt: skip


def _page(asked: Asked, typed: Typed, done: str = "") -> HTMLResponse:
    found = [evaluation_json(asked.ws, one) for one in list_verdicts(asked.ws)]
    newest: dict[str, dict[str, Any]] = {}
    for one in found:
        newest.setdefault(one["intervention"], one)
    entries = [entry_json(one) for one in list_entries(asked.ws, last=500)]
    return render(
        "evaluation.html", typed.status, simulated=asked.simulated,
        evaluations=list(newest.values()), typed=typed, error=typed.error,
        nulls=[one for one in found if one["null"]], done=done, methods=METHODS, targets=sorted(TARGETS),
        waiting=[one for one in entries if one["id"] not in newest], entries=entries,
        latest=asked.run_id, designs=[one.id for one in list_designs(asked.ws)], words=TARGETS,
    )  # fmt: skip


def _queue(asked: Asked, words: dict[str, str]) -> int:
    chosen = {name: words.get(name, "").strip() for name in NewEvaluation.model_fields}
    get_entry(asked.ws, chosen["intervention"])
    if (chosen["target"] or "violence") not in TARGETS or (chosen["method"] or "auto") not in METHODS:
        raise Misuse("that is no target or no method", expected=f"{', '.join(TARGETS)}; {', '.join(METHODS)}")
    kept = {name: value for name, value in chosen.items() if value}
    return jobs.create(asked.ws, "evaluate", kept, actor=asked.actor, purpose=asked.purpose)
