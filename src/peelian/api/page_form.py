"""A form as typed: what stands in it, and how a page goes on or shows what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from peelian.domain.errors import Misuse, NotFound, PeelianError, Refused


@dataclass(frozen=True)
class Typed:
    """What was typed into a form, and why it was not taken."""

    words: Mapping[str, str] = field(default_factory=dict)
    error: PeelianError | None = None

    def get(self, name: str) -> str:
        """Give what was typed in one field."""
        return self.words.get(name, "")

    @property
    def status(self) -> int:
        """Give the page's status."""
        return self.error.http_status if self.error else 200

    def then(
        self, what: Callable[[], Any], page: Callable[[Typed], HTMLResponse], to: Callable[[Any], str]
    ) -> Response:
        """Do it and go on to a page; if it cannot be done, show the form again with what is wrong."""
        try:
            done = what()
        except (Misuse, Refused, NotFound) as error:
            return page(Typed(self.words, error))
        return RedirectResponse(to(done), status_code=303)


async def _form(request: Request) -> Typed:
    body = (await request.body())[:65_536].decode(errors="replace")
    try:
        return Typed(dict(parse_qsl(body, max_num_fields=40)))
    except ValueError:
        return Typed()  # more fields than any form here has


Form = Annotated[Typed, Depends(_form)]
