"""What is live: how fresh every feed is, the rate now, and a stream of changes that a browser can resume."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from peelian.api.asking import Asked, asks
from peelian.api.broadcast import MOST_CLIENTS
from peelian.api.languages import later, plain
from peelian.api.live_desk import LiveDesk
from peelian.api.live_scope import check_scope, desk_for, why_beyond
from peelian.api.stream_stop import WhileRunning, check_live, why_stopped
from peelian.domain.errors import Forbidden, NotFound, Refused
from peelian.live.released import tier_of

router = APIRouter(prefix="/api/v1", tags=["live"])
NOT_SERVED = {"live": False, "reason": later("this server takes in no live feed"), "feeds": []}


def desk_of(request: Request, asked: Asked) -> LiveDesk | None:
    """Give the desk of who asks, of what the pipeline put in the app; None where nothing is live."""
    return desk_for(asked, getattr(request.app.state, "live", None))


@router.get("/live")
def read_live(
    request: Request, asked: Annotated[Asked, Depends(asks("consultation", "live feeds"))]
) -> dict[str, Any]:
    """Give the clock, the version, every feed's freshness, and whether any may be called live.

    Others than the force's analysts get the days each feed is old, and the table their tier may see.
    """
    desk = desk_of(request, asked)
    if desk is None:
        return NOT_SERVED | {"reason": plain(str(NOT_SERVED["reason"]))}
    why = why_stopped(asked.ws, desk) or why_beyond(asked, desk)
    return NOT_SERVED | {"reason": why} if why else desk.says_to(tier_of(asked.actor))


@router.get("/live/cells")
def read_cells(
    request: Request, asked: Annotated[Asked, Depends(asks("consultation", "live cells"))]
) -> Response:
    """Give the whole layer of the rate now, with the version from which the stream goes on."""
    if tier_of(asked.actor) != "force":
        raise Forbidden("live cells are for the force's own analysts", do="see the tables of /api/v1/live")
    desk = desk_of(request, asked)
    body = None
    if desk is not None:
        check_live(asked.ws, desk)
        body = desk.whole()
        check_scope(asked, desk)  # after it was drawn: the desk may have come to another run meanwhile
    if body is None:
        raise NotFound("there is no running state here", do="see /api/v1/live for the reason")
    return Response(body, media_type="application/json", headers={"cache-control": "no-store"})


@router.get("/stream")
def read_stream(
    request: Request, asked: Annotated[Asked, Depends(asks("consultation", "live stream"))]
) -> Response:
    """Follow changes as server-sent events: `state`, `cells`, `feed`, `warning`, `heartbeat`, `reset`.

    `Last-Event-ID` (or `?last=`) resumes after a break; where that lies too far back, `reset` says to
    read the layer again.
    Others than the force's analysts follow `areas` only: one table a window.
    """
    desk = desk_of(request, asked)
    if desk is None:
        raise NotFound("this server takes in no live feed", do="see /api/v1/live")
    check_live(asked.ws, desk)
    check_scope(asked, desk)
    tier = tier_of(asked.actor)
    broadcast = desk.broadcast if tier == "force" else desk.delayed[tier]
    if broadcast.clients >= MOST_CLIENTS:
        raise Refused("too many follow this stream", expected=f"at most {MOST_CLIENTS}", do="try again later")
    last = request.headers.get("last-event-id") or request.query_params.get("last")
    return WhileRunning(broadcast, last, asked, desk)
