"""A token in every form: a page of another site cannot know it, so it cannot send our forms for someone.

`render` puts it into each form of the page; the sessions' middleware asks for it back.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.types import Message, Receive

FIELD: Final = "csrf"
_FORM: Final = re.compile(r"<form\b[^>]*\bmethod=\"post\"[^>]*>", re.IGNORECASE)
_PART: Final = re.compile(rb'name="csrf"\r\n\r\n([A-Za-z0-9_-]{20,64})\r\n')
_TOKEN: ContextVar[str] = ContextVar("csrf", default="")
_PEEK: Final = 64 * 1024


@contextmanager
def forms_carry(token: str) -> Iterator[None]:
    """Let the forms drawn in this context carry a token."""
    held = _TOKEN.set(token)
    try:
        yield
    finally:
        _TOKEN.reset(held)


def with_token(page: str) -> str:
    """Give the page with the token as the first field of each form that posts."""
    token = _TOKEN.get()
    if not token:
        return page
    field = f'<input type="hidden" name="{FIELD}" value="{token}">'
    return _FORM.sub(lambda form: form.group() + field, page)


def is_form(content_type: str) -> bool:
    """Say whether a page of another site could send this type without asking first (no preflight)."""
    kind = content_type.split(";")[0].strip().lower()
    return kind in {"application/x-www-form-urlencoded", "multipart/form-data", "text/plain", ""}


def same(token: str, given: str) -> bool:
    """Compare in constant time."""
    return secrets.compare_digest(token.encode(), given.encode())


async def take_token(content_type: str, receive: Receive) -> tuple[str, Receive]:
    """Read the token from the beginning of a form's body; give it and a receiver of the body as it came.

    A small form is given on without the field, so that no route sees it.
    """
    urlencoded = content_type.lower().startswith("application/x-www-form-urlencoded")
    body, more, ended = b"", True, False
    while more and (urlencoded or len(body) < _PEEK):
        message = await receive()
        if message["type"] == "http.disconnect":
            ended = True
            break
        body += message.get("body", b"")
        more = bool(message.get("more_body", False))
    if urlencoded:
        pairs = parse_qsl(body.decode(errors="replace"), keep_blank_values=True)
        token = next((value for name, value in pairs if name == FIELD), "")
        body = urlencode([pair for pair in pairs if pair[0] != FIELD]).encode()
    else:
        found = _PART.search(body)
        token = found.group(1).decode() if found else ""
    first: Message = {"type": "http.request", "body": body, "more_body": more}
    queue: list[Message] = [{"type": "http.disconnect"}] if ended else [first]

    async def again() -> Message:
        return queue.pop(0) if queue else await receive()

    return token, again
