"""Errors as answers: the same three parts (what, expected, do) as JSON or as a page; never a traceback."""

from __future__ import annotations

import secrets
from typing import Final
from urllib.parse import urlencode

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from peelian.api.templates import render
from peelian.domain.errors import Fault, Misuse, NotFound, NotNow, PeelianError
from peelian.store.reachable import not_now

log = structlog.get_logger()
RETRY_S: Final = "5"
"""After so many seconds a request that the records database could not serve is worth another try."""


def answer(request: Request, error: PeelianError) -> Response:
    """Give the answer to an error: JSON under /api and /ogc, else a page."""
    if request.url.path.startswith(("/api/", "/ogc")):
        body = {"what": error.what, "expected": error.expected, "do": error.do, "message": error.sentence}
        return JSONResponse(body, error.http_status)
    page = "forbidden.html" if error.http_status == 403 else "error.html"
    return render(page, error.http_status, error=error)


def add_handlers(app: FastAPI) -> None:
    """Answer our errors, bad parameters and unknown addresses."""
    app.add_exception_handler(PeelianError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, PeelianError)
    page = request.method == "GET" and not request.url.path.startswith(("/api/", "/ogc"))
    if error.http_status == 401 and page:
        there = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/sign-in?{urlencode({'next': there})}", status_code=303)
    return answer(request, error)


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    parts = [
        f"{'.'.join(str(at) for at in one['loc'][1:]) or one['loc'][0]}: {one['msg']}"
        for one in error.errors()
    ]
    return answer(request, Misuse("a part of the request cannot be used", expected="; ".join(parts)))


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return answer(request, NotFound("there is no such address", do="start at /"))
    ours = Misuse("the request cannot be answered", expected=str(error.detail))
    ours.http_status = error.status_code
    return answer(request, ours)


class QuietFaults:
    """ASGI middleware: an error of ours becomes a plain 500; the log gets its kind and place, no values.

    The answer and the line in the log share a reference, so that one can be found by the other.

    Where it is that the records database does not answer, 503 says so.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; answer for what breaks."""
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            ref = secrets.token_hex(4)
            log.error(
                "fault", ref=ref, kind=type(error).__name__, at=_place(error), path=scope.get("path", "")
            )
            if scope["type"] != "http" or started:
                raise
            await _said(Request(scope), error, ref)(scope, receive, send)


def _said(request: Request, error: Exception, ref: str) -> Response:
    away = not_now(error)
    if away is not None:
        told = answer(request, NotNow(away.what, do="try again in a few seconds"))
        told.headers["retry-after"] = RETRY_S
        return told
    do = f"try again; if it lasts, give reference {ref} to whoever keeps this server: its log has the line"
    return answer(request, Fault("something went wrong here, and it is not your doing", do=do))


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
