"""Where live feeds send: batches of JSON lines, each answered once it is durable."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from peelian.api.problems import RETRY_S, answer
from peelian.api.security import MAX_BATCH
from peelian.domain.errors import Misuse, NotFound, NotNow, TooLarge, Unrecognised
from peelian.domain.live import Answer, Inlet

router = APIRouter(prefix="/api/v1", tags=["live"])
_AT_ONCE = 64
"""Batches that wait at once, nearly all for their feed's next parse: other pages keep their own threads."""


@router.post("/feeds/{feed}/batches", response_model=None)
async def put_batch(request: Request, feed: str) -> Response:
    """Take a batch of a feed: one JSON object a line, `Authorization: Bearer` and `Idempotency-Key`.

    200 says that it is durable: `position`, `read`, `accepted`, `quarantined`, `reasons`, `repeated`. The
    same key and body again get the same answer. 401 wrong credential, 403 revoked, 404 unknown feed, 409
    refused, 413 too large, 422 malformed, 503 the database does not answer now (Retry-After).
    """
    inlet: Inlet | None = getattr(request.app.state, "inlet", None)
    if inlet is None:
        raise NotFound("this server takes in no live feed", do="start it with: peelian serve")
    secret, key = _secret(request), request.headers.get("idempotency-key", "")
    body = await _body(request)
    limit = _limiter(request)
    try:
        told = await to_thread.run_sync(partial(inlet.put, feed, key, body, secret=secret), limiter=limit)
    except NotNow as error:
        refused = answer(request, error)
        refused.headers["retry-after"] = RETRY_S
        return refused
    except Unrecognised as error:
        return _unrecognised(request, error)
    return JSONResponse(_said(told))


def _said(told: Answer) -> dict[str, object]:
    return asdict(told) | {"reasons": dict(told.reasons)}


def _secret(request: Request) -> str:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


def _unrecognised(request: Request, error: Unrecognised) -> Response:
    refused = answer(request, error)
    refused.headers["www-authenticate"] = "Bearer"
    return refused


async def _body(request: Request) -> bytes:
    if request.headers.get("content-encoding", "identity") != "identity":
        raise Misuse("the batch is compressed", expected="plain JSON lines in UTF-8")
    try:
        body = await request.body()
    except ClientDisconnect:
        raise TooLarge("the request is too large", expected=f"at most {MAX_BATCH >> 10:,} KiB") from None
    return body


def _limiter(request: Request) -> CapacityLimiter:
    state = request.app.state
    if not hasattr(state, "feed_limiter"):
        state.feed_limiter = CapacityLimiter(_AT_ONCE)
    limiter: CapacityLimiter = state.feed_limiter
    return limiter
