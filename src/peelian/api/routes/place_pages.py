"""The page of one place, with what looks wrong about it, and the list of what was said so."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.responses import HTMLResponse, Response

from peelian.api.asking import Asked, asks
from peelian.api.history_chart import history_chart
from peelian.api.page_form import Form, Typed
from peelian.api.place_around import place_around
from peelian.api.places import place_detail
from peelian.api.run_folder import Run
from peelian.api.street_points import street_counts
from peelian.api.templates import render
from peelian.domain.errors import NotFound
from peelian.domain.problem import words_of
from peelian.domain.tier import tier_of
from peelian.guard.acting import no_person
from peelian.store.place_remarks import Remark, add_remark, answer_remark, list_remarks

router = APIRouter(tags=["pages"], include_in_schema=False)
_LONGEST = 1000
Step = Annotated[int, Query(ge=0, le=100_000)]


@router.get("/places/{cell}")
def read_place_page(
    cell: int, asked: Annotated[Asked, Depends(asks("consultation", "place page"))], step: int = 0,
    done: Annotated[str, Query(max_length=40)] = "",
) -> HTMLResponse:  # fmt: skip
    """Give one place of the newest run, or of `run`: why this place, what was done, what looks wrong."""
    return _page(asked, cell, step, Typed(), done)


@router.get("/runs/{run}/places/{cell}")
def read_place_of_run(
    cell: int, asked: Annotated[Asked, Depends(asks("consultation", "place page"))], step: int = 0
) -> HTMLResponse:
    """Give one place of a run."""
    return _page(asked, cell, step, Typed())


@router.post("/places/{cell}/wrong")
def write_wrong_page(
    cell: int, asked: Annotated[Asked, Depends(asks("collection", "correction request"))], typed: Form,
    step: int = 0,
) -> Response:  # fmt: skip
    """Keep what looks wrong as a request for correction; nothing is changed by it."""
    run = asked.run()
    name = run.names[run.position(cell)]

    def keep() -> Remark:
        text = words_of(typed.get("text"), "comment", _LONGEST)
        no_person(comment=text)
        area = str(run.card["area"]["code"])
        return add_remark(
            asked.ws, asked.actor, asked.purpose,
            Remark("", area, run.id, run.level, str(cell), name, text, ""),
        )  # fmt: skip

    there = f"/places/{cell}?run={run.id}&level={run.level}&step={step}"
    return typed.then(
        keep, lambda said: _page(asked, cell, step, said), lambda made: f"{there}&done={made.id}#wrong"
    )


@router.get("/corrections")
def read_corrections_page(
    asked: Annotated[Asked, Depends(asks("consultation", "corrections page"))],
) -> HTMLResponse:
    """Give what people said looks wrong, what waits first."""
    return _corrections(asked, Typed())


@router.post("/corrections/{id_}")
def answer_correction_page(
    id_: str, asked: Annotated[Asked, Depends(asks("alteration", "correction request"))], typed: Form
) -> Response:
    """Say what came of a request."""

    def answer() -> Remark:
        text = words_of(typed.get("answer"), "answer", _LONGEST)
        no_person(answer=text)
        return answer_remark(asked.ws, asked.actor, asked.purpose, id_, text)

    return typed.then(
        answer, lambda said: _corrections(asked, said, id_), lambda made: f"/corrections#c{made.id}"
    )


def _corrections(asked: Asked, typed: Typed, of: str = "") -> HTMLResponse:
    run = asked.run() if asked.run_id else None
    rows = list_remarks(asked.ws)
    return render("corrections.html", typed.status, run=run, rows=rows, typed=typed, error=typed.error, of=of)


def _page(asked: Asked, cell: int, step: int, typed: Typed, done: str = "") -> HTMLResponse:
    run = asked.run()
    place = place_detail(run, cell, step)
    return render(
        "place.html", typed.status, run=run, place=place, step=step, chart=history_chart(run, place, step),
        around=place_around(asked.ws, run, cell), typed=typed, error=typed.error, done=done,
        streets=_streets(asked, run, cell, step),
    )  # fmt: skip


def _streets(asked: Asked, run: Run, cell: int, step: int) -> dict[str, Any] | None:
    """Give the counts on or near its streets, to the force's own; None where the run holds none."""
    if tier_of(asked.actor) != "force":
        return None
    try:
        return street_counts(run, bbox=None, place=cell, period="year", step=step)
    except NotFound:
        return None
