"""English and Welsh: which a request asks for, and messages in it. What has no Welsh is marked English."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from http.cookies import CookieError, SimpleCookie
from importlib import resources
from typing import Final, Literal
from urllib.parse import parse_qsl, urlencode

from babel.core import negotiate_locale
from babel.messages.pofile import read_po
from markupsafe import Markup, escape
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Language = Literal["en", "cy"]
TAGS: Final[dict[str, str]] = {"en": "en-GB", "cy": "cy"}
COOKIE: Final = "lang"
_YEAR_S: Final = 365 * 24 * 3600


@dataclass(frozen=True)
class Asked:
    """The language of a request, and the address without its `lang`."""

    language: Language = "en"
    path: str = "/"
    query: str = ""


_ENGLISH: Final = Asked()
_ASKED: ContextVar[Asked] = ContextVar("language", default=_ENGLISH)


class Languages:
    """ASGI middleware: `?lang=`, else the cookie, else Accept-Language; `?lang=` is kept in the cookie."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its language known."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        pairs = parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
        wanted = next((value for name, value in pairs if name == "lang"), None)
        asked = _choose(wanted, Headers(scope=scope))
        rest = urlencode([pair for pair in pairs if pair[0] != "lang"])
        token = _ASKED.set(Asked(asked, scope["path"], rest))

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.add_vary_header("Accept-Language, Cookie")
                    if wanted in TAGS:
                        kept = f"{COOKIE}={wanted}; Path=/; Max-Age={_YEAR_S}; SameSite=Lax; HttpOnly"
                        headers.append("set-cookie", kept)
            await send(message)

        try:
            await self.app(scope, receive, sent)
        finally:
            _ASKED.reset(token)


def _choose(wanted: str | None, headers: Headers) -> Language:
    try:
        kept = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        kept = None
    for one in (wanted, kept.value if kept else None):
        if one in ("en", "cy"):
            return "cy" if one == "cy" else "en"
    return "cy" if negotiate_locale(_accepted(headers), ["en", "cy"], sep="-") == "cy" else "en"


def _accepted(headers: Headers) -> list[str]:
    """Give the tags of Accept-Language, the most wanted first.

    >>> _accepted(Headers({"accept-language": "en;q=0.5, cy-GB, fr;q=0"}))
    ['cy-GB', 'en']
    """
    found: list[tuple[float, str]] = []
    for part in headers.get("accept-language", "").split(",")[:20]:
        tag, _, weight = part.strip().partition(";q=")
        try:
            share = float(weight) if weight else 1.0
        except ValueError:
            continue
        if tag and share > 0:
            found.append((-share, tag))
    return [tag for _, tag in sorted(found, key=lambda one: one[0])]


@lru_cache(maxsize=1)
def welsh() -> dict[str, str]:
    """Give the Welsh of each message; an empty text is one that nobody could check, and stays English."""
    with (resources.files("peelian.api.messages") / "cy.po").open("rb") as file:
        catalogue = read_po(file, locale="cy")
    return {str(one.id): str(one.string or "") for one in catalogue if one.id}


def language() -> Language:
    """Give the language of the request at hand."""
    return _ASKED.get().language


def tag() -> str:
    """Give its tag for `lang`."""
    return TAGS[language()]


def message(text: str) -> Markup:
    """Give a message for the page's frame, whose language is the request's; what stays English is marked."""
    if language() == "en":
        return escape(text)
    found = welsh().get(text)
    return escape(found) if found else Markup('<span lang="en-GB">{}</span>').format(text)


def heading(text: str) -> Markup:
    """Give a message for a page's body, which is English: Welsh is marked there."""
    found = welsh().get(text) if language() == "cy" else None
    return Markup('<span lang="cy">{}</span>').format(found) if found else escape(text)


def plain(text: str) -> str:
    """Give a message for an attribute, where nothing can be marked: English where there is no Welsh."""
    return (welsh().get(text) if language() == "cy" else None) or text


def switch() -> str:
    """Give the address of this page in the other language."""
    asked = _ASKED.get()
    other = "en" if asked.language == "cy" else "cy"
    return f"?{asked.query}&lang={other}" if asked.query else f"?lang={other}"
