"""Challenges for those who answer them: what waits, what is overdue, and the reply."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import HTMLResponse, Response

from peelian.api.asking import Asked, asks
from peelian.api.challenge_view import all_shown, is_fictional
from peelian.api.page_form import Form, Typed
from peelian.api.templates import render
from peelian.domain.problem import words_of
from peelian.guard.acting import no_person
from peelian.store.challenges import answer_challenge, consider_challenge

router = APIRouter(tags=["pages"], include_in_schema=False)


@router.get("/challenges")
def read_challenges_page(
    asked: Annotated[Asked, Depends(asks("consultation", "challenges page"))],
) -> HTMLResponse:
    """Give the page."""
    return _page(asked, Typed())


@router.post("/challenges/{code}")
def reply_to_challenge(
    code: str, asked: Annotated[Asked, Depends(asks("alteration", "challenges"))], typed: Form
) -> Response:
    """Answer one, or say that it is being looked at; who sent it sees both by the code."""

    def keep() -> str:
        if typed.get("state") == "considered":
            consider_challenge(asked.ws, asked.actor, asked.purpose, code)
        else:
            text = words_of(typed.get("answer"), "answer", 2000)
            no_person(answer=text)
            answer_challenge(asked.ws, asked.actor, asked.purpose, code, text)
        return code

    return typed.then(keep, lambda said: _page(asked, said, code), lambda of: f"/challenges#c{of}")


def _page(asked: Asked, typed: Typed, of: str = "") -> HTMLResponse:
    rows = all_shown(asked.ws)
    fictional = bool(rows) and all(is_fictional(asked.ws, row.one.area) for row in rows)
    return render("challenges.html", typed.status, run=None, rows=rows, typed=typed, error=typed.error, of=of,
                  simulated=fictional)  # fmt: skip
