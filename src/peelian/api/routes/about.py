"""The public page of an area: what is used, what was shown, who answers for it, how to challenge it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import HTMLResponse, Response

from peelian.api.asking import Asked, asks
from peelian.api.challenge_view import is_fictional, shown
from peelian.api.page_form import Form, Typed
from peelian.api.templates import render
from peelian.domain.errors import NotFound
from peelian.domain.problem import words_of
from peelian.guard.acting import no_person
from peelian.store.challenges import KINDS, add_challenge, get_challenge
from peelian.store.deployments import EVERY, deployments, stopped_now
from peelian.store.releases import list_releases
from peelian.store.row_cut import reading_as
from peelian.store.runs import list_runs
from peelian.store.stopped import stopped_too

router = APIRouter(tags=["pages"], include_in_schema=False)


@router.get("/about/{area}")
def read_about_page(
    area: str, asked: Annotated[Asked, Depends(asks("consultation", "about page"))]
) -> HTMLResponse:
    """Give the page."""
    return _page(asked, area, Typed())


@router.post("/about/{area}/challenges")
def send_challenge(
    area: str, asked: Annotated[Asked, Depends(asks("collection", "challenge"))], typed: Form
) -> Response:
    """Take a challenge; what seems to hold a person's data is not kept."""

    def keep() -> str:
        _held(asked, area)
        place = words_of(typed.get("place") or "the whole area", "place", 160)
        text = words_of(typed.get("text"), "challenge", 1000)
        no_person(place=place, challenge=text)
        return add_challenge(asked.ws, asked.actor, asked.purpose, area, place, typed.get("kind"), text)

    return typed.then(keep, lambda said: _page(asked, area, said), lambda code: f"/challenges/{code}")


@router.get("/challenges/{code}")
def read_challenge_page(
    code: str, asked: Annotated[Asked, Depends(asks("consultation", "challenge page"))]
) -> HTMLResponse:
    """Give the state of a challenge to whoever has its code."""
    one = get_challenge(asked.ws, code)
    return render(
        "challenge.html",
        run=None,
        one=one,
        row=shown(asked.ws, one),
        simulated=is_fictional(asked.ws, one.area),
    )


def _held(asked: Asked, area: str) -> list[str]:
    with reading_as(None):  # what is counted here is said to everyone; titles leave, no figure does
        shown = sorted({str(one.card.get("title") or one.target) for one in list_runs(asked.ws, area)})
    if not shown and area not in deployments(asked.ws):
        raise NotFound("there is no such area here", do="look at its name again")
    return shown


def _page(asked: Asked, area: str, typed: Typed) -> HTMLResponse:
    counted, said = _held(asked, area), deployments(asked.ws)
    with stopped_too():  # what was made public stays told; no figure of it is given here
        releases = list_releases(asked.ws, state="approved", area=area)
    return render(
        "about.html", typed.status, run=None, area=area, counted=counted, kinds=KINDS, typed=typed,
        deployment=said.get(area) or said.get(EVERY), error=typed.error,
        stopped=stopped_now(asked.ws).of(area), releases=releases,
        simulated=is_fictional(asked.ws, area),
    )  # fmt: skip
