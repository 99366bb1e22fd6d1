"""English and Welsh: which a request asks for, and messages in it. What stays English is marked so."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from http.cookies import CookieError, SimpleCookie
from typing import Final, Literal
from urllib.parse import parse_qsl, urlencode

from babel.core import negotiate_locale
from babel.dates import format_date
from markupsafe import Markup, escape
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from peelian.api.messages import known, welsh

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
        data = scope["path"].startswith("/api/")  # one address, one answer: nothing but `?lang=` counts there
        asked = _choose(wanted, Headers() if data else Headers(scope=scope))
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


def language() -> Language:
    """Give the language of the request at hand."""
    return _ASKED.get().language


def tag() -> str:
    """Give its tag for `lang`."""
    return TAGS[language()]


def gettext(text: str) -> str:
    """Give a message in the page's language; English where there is no Welsh."""
    return welsh().gettext(text) if text and language() == "cy" else text  # of "" gettext gives its header


def ngettext(one: str, many: str, n: int) -> str:
    """Give a message for a number; Welsh has six forms (CLDR), English two."""
    if language() == "cy":
        return welsh().ngettext(one, many, n)
    return one if n == 1 else many


def pgettext(context: str, text: str) -> str:
    """Give a message whose English says two things, told apart by the context."""
    return welsh().pgettext(context, text) if language() == "cy" else text


def later(text: str) -> str:
    """Mark a text for the catalogue that is looked up where it is shown, such as one of a table of labels."""
    return text


def plain(text: str, **values: object) -> str:
    """Give a message made in Python, with its `{named}` values filled in.

    >>> plain("Page {page} of {pages}", page=2, pages=9)
    'Page 2 of 9'
    """
    found = gettext(text)
    return told(found.format(**values) if values else found)


def plural(one: str, many: str, n: int, **values: object) -> str:
    """Give a message made in Python for a number, which stands in it as `{n}`.

    >>> plural("{n} place", "{n} places", 1), plural("{n} place", "{n} places", 0)
    ('1 place', '0 places')
    """
    return told(ngettext(one, many, n).format(n=n, **values))


class Told(str):
    """A text that is in the page's language already, Welsh: `english` does not mark it."""

    __slots__ = ()


def told(text: str) -> str:
    """Say that a text is in the page's language: one put together from messages."""
    return Told(text) if language() == "cy" else text


def english(text: object, first: bool = False) -> Markup:
    """Give a text that was made in English: its Welsh where the catalogue has it, else marked as English.

    `first` writes the first letter large.
    """
    said = str(text)
    shown = escape(text)
    if language() == "cy" and said in known():
        shown = escape(gettext(said))
    elif language() == "cy" and not isinstance(text, Told) and any(letter.isalpha() for letter in said):
        return Markup('<span lang="en-GB">{}</span>').format(_large(shown) if first else shown)
    return _large(shown) if first else shown


def _large(text: Markup) -> Markup:
    return text[:1].upper() + text[1:]


def day(value: date) -> str:
    """Give a date as the page's language writes it.

    >>> day(date(2026, 11, 2))
    '2 November 2026'
    """
    return written(value, "d MMMM y")


def written(value: date, pattern: str) -> str:
    """Give a date by a CLDR pattern, such as `MMMM y`, in the page's language.

    >>> written(date(2026, 11, 2), "EEEE d MMMM")
    'Monday 2 November'
    """
    return told(format_date(value, pattern, locale="cy" if language() == "cy" else "en_GB"))


def here() -> str:
    """Give the path of the page at hand."""
    return _ASKED.get().path


def switch() -> str:
    """Give the address of this page in the other language."""
    asked = _ASKED.get()
    other = "en" if asked.language == "cy" else "cy"
    return f"?{asked.query}&lang={other}" if asked.query else f"?lang={other}"
