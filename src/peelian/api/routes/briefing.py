"""The briefing of an area and shift: a page made on the server, and a PDF of two pages."""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from starlette.responses import HTMLResponse, RedirectResponse, Response

from peelian.api.asking import Asked, asks
from peelian.api.briefing import Briefing, briefing, step_asked
from peelian.api.briefing_map import svg
from peelian.api.briefing_pdf import pdf
from peelian.api.templates import render
from peelian.domain.errors import NotFound
from peelian.store import jobs
from peelian.store.runs import latest_run, list_runs

router = APIRouter(tags=["briefing"])
KIND: Final = "near-repeat"
"""The job that works repeats out."""
Code = Annotated[str, Query(max_length=80)]


@router.get("/briefing", include_in_schema=False)
def read_briefing_page(
    asked: Annotated[Asked, Depends(asks("consultation", "briefing page"))], area: Code = "",
    shift: Code = "", target: Code = "",
) -> Response:  # fmt: skip
    """Give the briefing of the newest run of an area (and target), for a shift or step."""
    wanted = _elsewhere(asked, area, target)
    if wanted is not None:  # asked again by its run, so that the policy and the audit see which area it is
        return RedirectResponse(f"/briefing?{urlencode({'run': wanted, 'shift': shift})}", 303)
    return _page(asked, shift, False)


@router.get("/api/v1/runs/{run}/briefing.pdf")
def read_briefing_pdf(
    asked: Annotated[Asked, Depends(asks("disclosure", "briefing"))], shift: Code = ""
) -> Response:
    """Give the briefing as a tagged PDF of two pages; `shift` is a shift's name or a step's number."""
    made = _made(asked, shift)
    name = f"{made.run.id}-briefing-{made.step}.pdf"
    return Response(
        pdf(made), media_type="application/pdf",
        headers={"content-disposition": f'attachment; filename="{name}"', "x-peelian-run": made.run.id},
    )  # fmt: skip


@router.post("/runs/{run}/near-repeat", include_in_schema=False)
def write_repeats_job(asked: Annotated[Asked, Depends(asks("alteration", "near repeats"))]) -> Response:
    """Queue the working out of a run's repeats once; the worker does it."""
    run = asked.run()
    waiting = [one for one in jobs.list(asked.ws) if one.kind == KIND and one.state in {"queued", "running"}]
    if not any(one.arguments.get("run") == run.id for one in waiting):
        jobs.create(asked.ws, KIND, {"run": run.id}, actor=asked.actor, purpose=asked.purpose)
    return _page(asked, "", True)


def _made(asked: Asked, shift: str) -> Briefing:
    run = asked.run_as_it_opens()
    return briefing(asked.ws, run, step_asked(run, shift))


def _page(asked: Asked, shift: str, queued: bool) -> HTMLResponse:
    made = _made(asked, shift)
    runs = {(one.area, one.target): one for one in reversed(list_runs(asked.ws))}
    windows = [(k, made.run.label(k)) for k in range(made.run.steps)]
    return render("briefing.html", run=made.run, one=made, drawing=svg(made.map), windows=windows,
                  others=sorted(runs), queued=queued)  # fmt: skip


def _elsewhere(asked: Asked, area: str, target: str) -> str | None:
    """Give the run to go to where the area or target asked for is not that of the run at hand."""
    if not area and not target:
        return None
    found = latest_run(asked.ws, area or None, target or None)
    if found is None:
        known = ", ".join(sorted({one.area for one in list_runs(asked.ws)})) or "no run is held here yet"
        raise NotFound("there is no forecast of this area and target here", expected=known)
    return None if found.run_id == asked.run_id else found.run_id
