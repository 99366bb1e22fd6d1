"""Plans: as JSON and as pages, drafts told as such; given out only by a decision that stands."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from starlette.responses import HTMLResponse, Response

from peelian.api.asking import Asked, asks
from peelian.api.page_form import Form, Typed
from peelian.api.plan_asking import ask_for_plan, may_ask, queued
from peelian.api.plan_leaving import FORMATS, leave, leaving
from peelian.api.plan_rounds import rounds_of
from peelian.api.register_notice import left_out
from peelian.api.templates import render
from peelian.domain.target import TARGETS
from peelian.store.catalogue import reading
from peelian.store.decisions import list_decisions
from peelian.store.plans import HeldPlan, get_plan, list_plans, read_visits
from peelian.store.stopped import stopped_too

router = APIRouter(tags=["plans"])
Decided = Annotated[int | None, Query(ge=1, le=999_999_999)]


def plan_json(made: HeldPlan) -> dict[str, Any]:
    """Give what a list says of a plan."""
    words = TARGETS[made.target].words if made.target in TARGETS else made.target
    return {
        "id": made.id, "area": made.area, "target": made.target, "target_words": words, "run": made.run,
        "start": str(made.start), "end": str(made.end), "state": made.state,
        "created": made.created.isoformat(timespec="seconds"),
        **{name: made.card[name] for name in ("visits", "places", "covered", "all_harm", "gap", "rivals")},
    }  # fmt: skip


def whole_plan(asked: Asked, plan_id: str) -> dict[str, Any]:
    """Give a plan with its visits, options, what is left uncovered, held out and noted.

    Raises:
        NotFound: no such plan.
    """
    with reading(asked.ws) as conn:
        made = get_plan(conn, plan_id)
    more = ("sharing", "uncovered", "held_out", "notes", "options", "rules", "slots")
    listed = {name: made.card.get(name) or [] for name in ("sensitivity", "teams", "replays")}
    visits = read_visits(asked.ws, plan_id).to_dicts()
    whole = plan_json(made) | {name: made.card.get(name) for name in more} | listed
    return whole | {"kind": made.card.get("kind") or "", "rows": visits, "rounds": rounds_of(visits)}


@router.get("/api/v1/plans")
def read_plans(asked: Annotated[Asked, Depends(asks("consultation", "plans"))]) -> dict[str, Any]:
    """List the plans, newest first; `left_out` says of which areas none is listed, and why."""
    with stopped_too():
        areas = {one.area for one in list_plans(asked.ws)}
    return {"plans": [plan_json(one) for one in list_plans(asked.ws)], "left_out": left_out(asked.ws, areas)}


@router.get("/api/v1/plans/{plan}")
def read_plan(plan: str, asked: Annotated[Asked, Depends(asks("consultation", "plan"))]) -> dict[str, Any]:
    """Give one plan whole."""
    return whole_plan(asked, plan)


@router.get("/api/v1/plans/{plan}/export")
def read_plan_export(
    plan: str, asked: Annotated[Asked, Depends(asks("disclosure", "plan export"))],
    format: Literal["csv", "geojson"] = "csv", decision: Decided = None,
) -> Response:  # fmt: skip
    """Give a plan as a file; refused without a decision about it that stands."""
    body = leave(asked.ws, plan, decision, format)
    named = {"content-disposition": f'attachment; filename="{plan}.{format}"'}
    return Response(body, media_type=FORMATS[format], headers=named)


@router.get("/plans", include_in_schema=False)
def read_plans_page(
    asked: Annotated[Asked, Depends(asks("consultation", "plans page"))],
    done: Annotated[str, Query(max_length=12)] = "",
) -> HTMLResponse:
    """Give the page of all plans, and the form of a new one to those who may ask for it."""
    return _page(asked, Typed(), done)


@router.post("/plans", include_in_schema=False)
def write_plans_page(asked: Annotated[Asked, Depends(asks("alteration", "plans"))], typed: Form) -> Response:
    """Queue the plan that was asked for."""
    return typed.then(
        lambda: ask_for_plan(asked, typed.words), lambda said: _page(asked, said),
        lambda job: f"/plans?done={job}",
    )  # fmt: skip


def _page(asked: Asked, typed: Typed, done: str = "") -> HTMLResponse:
    return render(
        "plans.html", typed.status, run=_run(asked), plans=[plan_json(one) for one in list_plans(asked.ws)],
        typed=typed, error=typed.error, job=queued(asked, done), may_ask=may_ask(asked),
    )  # fmt: skip


@router.get("/plans/{plan}", include_in_schema=False)
def read_plan_page(
    plan: str, asked: Annotated[Asked, Depends(asks("consultation", "plan page"))]
) -> HTMLResponse:
    """Give the page of one plan."""
    stands = [one.id for one in list_decisions(asked.ws, about_kind="plan", about=plan) if one.stands]
    return render("plan.html", run=_run(asked), plan=whole_plan(asked, plan), decision=max(stands, default=0))


@router.get("/plans/{plan}/print", include_in_schema=False)
def read_plan_print(
    plan: str, asked: Annotated[Asked, Depends(asks("disclosure", "plan for printing"))],
    decision: Decided = None,
) -> HTMLResponse:  # fmt: skip
    """Give a plan for printing; refused without a decision about it that stands."""
    return render("plan_print.html", plan=leaving(asked.ws, plan, decision))


def _run(asked: Asked) -> Any:
    return asked.run() if asked.run_id else None
