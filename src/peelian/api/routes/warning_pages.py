"""The pages of early warnings: an inbox and one warning, made on the server; their forms need no script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from peelian.api.asking import Asked, asks
from peelian.api.routes.warnings import Code, StateAsked
from peelian.api.run_folder import Run
from peelian.api.templates import render
from peelian.api.warning_chart import chart_of
from peelian.api.warning_view import age
from peelian.domain import warning_words as words
from peelian.domain.errors import Misuse, NotFound, PeelianError, Refused
from peelian.domain.warning_life import NEXT, OUTCOMES
from peelian.guard.typed import sound_step
from peelian.store.outbox import list_messages
from peelian.store.runs import latest_run
from peelian.store.warning_life import steps_of, take_step
from peelian.store.warning_records import (
    count_states,
    get_warning,
    list_areas,
    list_warnings,
    list_watched,
)

router = APIRouter(tags=["pages"], include_in_schema=False)
_A_PAGE = 25
_FIELDS = ("step", "reason", "version", "agency", "team", "intervention", "outcome")


@dataclass(frozen=True)
class Typed:
    """What was typed into the form of a step, and why it was not taken."""

    words: dict[str, str]
    error: PeelianError | None = None


async def _form(request: Request) -> Typed:
    body = (await request.body())[:16_384].decode(errors="replace")
    try:
        given = dict(parse_qsl(body, max_num_fields=20))
    except ValueError:
        given = {}  # more fields than any form here has
    return Typed({name: given.get(name, "")[:2000] for name in _FIELDS})


@router.get("/warnings")
def read_warnings_page(
    asked: Annotated[Asked, Depends(asks("consultation", "early warnings page"))],
    state: StateAsked = "open", target: Code = "", area: Code = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> HTMLResponse:  # fmt: skip
    """Give the inbox: where, since when, how strong, how often false, state and age."""
    ws = asked.ws
    found = list_warnings(
        ws, state=None if state == "all" else state, target=target or None, area=area or None, last=_A_PAGE,
        skip=(page - 1) * _A_PAGE,
    )  # fmt: skip
    pairs = list_areas(ws)
    return render(
        "warnings.html", run=_run(asked), found=found, states=count_states(ws), watched=list_watched(ws),
        dead=list_messages(ws, state="dead", last=20), words=words, age=age, page=page,
        pages=-(-found.total // _A_PAGE),
        asked={"state": state, "target": target or "", "area": area or ""},
        targets=sorted({one for _, one in pairs}), areas=sorted({one for one, _ in pairs}),
    )  # fmt: skip


@router.get("/warnings/{warning}")
def read_warning_page(
    warning: str, asked: Annotated[Asked, Depends(asks("consultation", "early warning page"))],
    done: Annotated[str, Query(max_length=10)] = "",
) -> HTMLResponse:  # fmt: skip
    """Give one warning with its life and the form of the next step."""
    return _page(asked, warning, Typed({}), done)


@router.post("/warnings/{warning}/steps")
def write_step_page(
    warning: str,
    asked: Annotated[Asked, Depends(asks("alteration", "early warning"))],
    typed: Annotated[Typed, Depends(_form)],
) -> Response:
    """Take the step that was typed, and show the warning; if it cannot be, show it with what is wrong."""
    said = dict(typed.words)
    to, version = said.pop("step"), said.pop("version")
    try:
        if not version.isdecimal() or len(version) > 9:
            raise Misuse("the form is not complete", do="load the page again")
        step = sound_step(to, **said)
        take_step(asked.ws, asked.actor, asked.purpose, warning, step, version=int(version))
    except (Misuse, Refused) as error:
        return _page(asked, warning, Typed(typed.words, error))
    return RedirectResponse(f"/warnings/{warning}?done={to}", status_code=303)


def _page(asked: Asked, warning: str, typed: Typed, done: str = "") -> HTMLResponse:
    held = get_warning(asked.ws, warning)
    card = words.shown(held.card)
    return render(
        "warning.html", typed.error.http_status if typed.error else 200, run=_run(asked, held.area),
        held=held, card=card, words=words, age=age, chart=chart_of(card.counts, card.start, card.expected),
        steps=steps_of(asked.ws, warning), messages=list_messages(asked.ws, warning=warning),
        following=NEXT[held.state], outcomes=OUTCOMES, typed=typed.words, error=typed.error,
        coarse=not words.has_point(held.card), done=done,
    )  # fmt: skip


def _run(asked: Asked, area: str | None = None) -> Run | None:
    """Give the newest run (of the area) for the page's head and foot; None where there is none to show."""
    row = latest_run(asked.ws, area)
    try:
        return asked.house.shelf.read(row.folder) if row else None
    except NotFound:  # its folder is gone: a warning is shown all the same
        return None
