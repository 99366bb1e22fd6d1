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
from peelian.api.named_areas import area_named, areas_of
from peelian.api.part_run import PartRun, part_of
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
    shift: Code = "", target: Code = "", within: Code = "",
) -> Response:  # fmt: skip
    """Give the briefing of the newest run of an area (and target), for a shift or step.

    `within` names a part of the area: a ward, beat, LSOA or area of the force's own.
    """
    wanted = _elsewhere(asked, area, target)
    if wanted is not None:  # asked again by its run, so that the policy and the audit see which area it is
        return RedirectResponse(
            f"/briefing?{urlencode({'run': wanted, 'shift': shift, 'within': within})}", 303
        )
    return _page(asked, shift, False, within)


@router.get("/api/v1/runs/{run}/briefing.pdf")
def read_briefing_pdf(
    asked: Annotated[Asked, Depends(asks("disclosure", "briefing"))], shift: Code = "", within: Code = ""
) -> Response:
    """Give the briefing as a tagged PDF of two pages; `shift` is a shift's name or a step's number.

    `within` names a part of the area: a ward, beat, LSOA or area of the force's own.
    """
    made = _made(asked, shift, within)
    name = f"{made.run.id}-briefing-{made.step}{'-part' if within.strip() else ''}.pdf"
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


def _made(asked: Asked, shift: str, within: str) -> Briefing:
    whole = asked.run_as_it_opens()
    run = part_of(whole, area_named(asked.ws, whole, within)) if within.strip() else whole
    return briefing(asked.ws, run, step_asked(run, shift))


def _page(asked: Asked, shift: str, queued: bool, within: str = "") -> HTMLResponse:
    made = _made(asked, shift, within)
    part = made.run if isinstance(made.run, PartRun) else None
    runs = {(one.area, one.target): one for one in reversed(list_runs(asked.ws))}
    windows = [(k, made.run.label(k)) for k in range(made.run.steps)]
    return render("briefing.html", run=made.run, one=made, drawing=svg(made.map), windows=windows,
                  others=sorted(runs), queued=queued, within=part and part.area,
                  areas=areas_of(asked.ws, part.of if part else made.run))  # fmt: skip


def _elsewhere(asked: Asked, area: str, target: str) -> str | None:
    """Give the run to go to where the area or target asked for is not that of the run at hand."""
    if not area and not target:
        return None
    found = latest_run(asked.ws, area or None, target or None)
    if found is None:
        known = ", ".join(sorted({one.area for one in list_runs(asked.ws)})) or "no run is held here yet"
        raise NotFound("there is no forecast of this area and target here", expected=known)
    return None if found.run_id == asked.run_id else found.run_id
