"""Who comes with a request: the session behind its cookie, looked up anew each time, and its reach.

Revoking an account, ending an agreement or changing a role so holds from the next request on. An answer
that goes on (a stream, a long file) is looked at again every two seconds and ends when its ground is gone.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request, cookie_parser
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from peelian.api.access import SAME_SITE, Access
from peelian.api.csrf import forms_carry, is_form, same, take_token
from peelian.api.gate_log import GATE_LOG
from peelian.api.problems import answer
from peelian.api.session_clock import ticking
from peelian.domain.actor import ANONYMOUS, Actor, Purpose
from peelian.domain.errors import Forbidden
from peelian.store.row_cut import Reader, reading_as
from peelian.store.sessions import Session, find_session
from peelian.store.workspace import Workspace

if TYPE_CHECKING:
    from peelian.api.asking import House

OPEN: Final = ("/static/", "/assets/")
"""Files of the program, the same for all: no session is asked for."""
SENDERS: Final = "/api/v1/feeds/"
"""Let in by a feed's own credential."""
AGAIN_S: Final = 2.0
_KEY: Final = "peelian.presence"
_WRITES: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True)
class Presence:
    """Who is there: a session and the cookie's value, or nobody."""

    access: Access
    token: str = ""
    session: Session | None = None

    @property
    def who(self) -> tuple[Actor, Purpose]:
        """Give the actor and purpose."""
        if self.session is None or self.session.actor is None:
            return ANONYMOUS, "prevention"
        return self.session.actor, self.session.purpose

    @property
    def reader(self) -> Reader:
        """Give what may be read; nothing for nobody, nor before a first password was changed."""
        if self.session is None or self.session.actor is None:
            return Reader()
        return self.session.reader

    @property
    def ground(self) -> tuple[object, ...]:
        """Give all that an answer under way rests on."""
        return (*self.who, self.reader, self.session.id if self.session else "")


def presence(request: Request) -> Presence:
    """Give who is there, where access is set up."""
    found: Presence = request.scope[_KEY]
    return found


def with_cookie(response: Response, access: Access, token: str) -> Response:
    """Give the browser a session's value, for as long as it stays open."""
    response.set_cookie(
        access.cookie, token, path="/", secure=access.secure, httponly=True, samesite=SAME_SITE
    )
    return response


class Sessions:
    """ASGI middleware; passes everything on where no access is set up."""

    def __init__(self, app: ASGIApp, house: House) -> None:
        self.app, self.house = app, house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with who is there."""
        access = self.house.access
        path = str(scope.get("path", ""))
        if access is None or scope["type"] != "http" or path.startswith((*OPEN, SENDERS)):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        token = cookie_parser(headers.get("cookie", "")).get(access.cookie, "")[:200]
        here = await run_in_threadpool(look, self.house.ws, access, token)
        scope[_KEY] = here
        if scope["method"] in _WRITES and is_form(headers.get("content-type", "")):
            given, receive = await take_token(headers.get("content-type", ""), receive)
            if here.session is None or not same(here.session.csrf, given):
                refusal = Forbidden("the form is no longer good", do="open the page again and send it anew")
                GATE_LOG.refused(refusal.what, refusal.http_status)
                await answer(Request(scope), refusal)(scope, receive, send)
                return
        csrf = here.session.csrf if here.session else ""
        clock = ticking(here.session, access.limits)
        with reading_as(here.reader), forms_carry(csrf), clock, suppress(_Over):
            await self.app(scope, receive, _watched(send, self.house.ws, here))


def look(ws: Workspace, access: Access, token: str) -> Presence:
    """Look up who is behind a cookie's value, now."""
    if not token:
        return Presence(access)
    found = find_session(ws, token, access.limits, access.force)
    return Presence(access, token if found else "", found)


class _Over(Exception):
    """An answer under way lost its ground."""


def _watched(send: Send, ws: Workspace, here: Presence) -> Callable[[Message], Awaitable[None]]:
    looked = time.monotonic()

    async def watched(message: Message) -> None:
        nonlocal looked
        goes_on = message["type"] == "http.response.body" and message.get("more_body", False)
        if goes_on and time.monotonic() - looked >= AGAIN_S:
            looked = time.monotonic()
            with reading_as(None):
                now = await run_in_threadpool(look, ws, here.access, here.token)
            if now.ground != here.ground:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                raise _Over
        await send(message)

    return watched
