"""Signing in and out: password and code, passkey, or a provider. Each step is a form; no script is needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from peelian.api import passkey_ceremony, sign_in_oidc
from peelian.api.access import SAME_SITE
from peelian.api.asking import Asked, asks
from peelian.api.routes.typed_form import Fields, fields
from peelian.api.second_factor import grouped, qr
from peelian.api.security import host_name
from peelian.api.sessions import with_cookie
from peelian.api.signing_in import (
    Desk,
    desk_of,
    enrol,
    enter,
    own_password,
    secret_to_enrol,
    signing_in,
    try_code,
    try_password,
)
from peelian.api.templates import render
from peelian.domain.errors import Misuse, PeelianError
from peelian.govern.policy import decide
from peelian.store import passkeys, sessions
from peelian.store.catalogue import reading, transaction

router = APIRouter(tags=["sign-in"], include_in_schema=False)
Page = Annotated[Asked, Depends(asks("consultation", "sign-in page"))]
Try = Annotated[Asked, Depends(asks("alteration", "sign-in"))]
Typed = Annotated[Fields, Depends(fields)]
AtDesk = Annotated[Desk, Depends(desk_of)]
HOMES = (("/", "map page"), ("/problems", "problems page"), ("/audit", "audit page"))
STEPS = {"password": "/sign-in/password", "second": "/sign-in/code", "enrol": "/sign-in/enrol"}


def origin_of(request: Request) -> str:
    """Give scheme and host as the browser has them."""
    return f"{request.url.scheme}://{request.headers.get('host', '')}"


def next_of(text: str) -> str:
    """Give where to go after signing in: an address here, never elsewhere.

    >>> next_of("/plans?x=1"), next_of("//evil.example"), next_of("https://evil.example")
    ('/plans?x=1', '/', '/')
    """
    here = text.startswith("/") and not text.startswith("//") and "\\" not in text
    return text if here and text.isprintable() and not text.startswith("/sign-") else "/"


@router.get("/sign-in")
def read_sign_in(request: Request, _asked: Page, desk: AtDesk, next: str | None = None) -> Response:
    """Give the first page, and a session of nobody that its form belongs to."""
    access = desk.here.access
    if desk.here.session is not None and desk.here.session.actor is not None:
        return RedirectResponse("/account", status_code=303)
    with transaction(desk.ws) as conn:
        if desk.here.session is not None:
            to = desk.held.get("next", "/") if next is None else next_of(next)
            sessions.hold(conn, desk.id, {"next": to})
            return _first(desk)
        token = sessions.begin(conn, {"next": next_of(next or "/")})
    # The form needs the token of the session just begun: the browser comes once more, with its cookie.
    return with_cookie(RedirectResponse(request.url.path, status_code=303), access, token)


def _first(desk: Desk, error: PeelianError | None = None) -> HTMLResponse:
    status = error.http_status if error else 200
    return render("sign_in.html", status, provider=desk.here.access.mode == "oidc", error=error)


@router.post("/sign-in")
def write_sign_in(_asked: Try, desk: AtDesk, typed: Typed) -> Response:
    """Take id and password; go on to the next step."""
    return _step(
        lambda: try_password(desk, typed.get("account").lower().strip(), typed.get("password")),
        lambda error: _first(desk, error),
    )


@router.get("/sign-in/password")
def read_password(_asked: Page, desk: AtDesk) -> HTMLResponse:
    """Ask for a password of one's own."""
    signing_in(desk)
    return render("sign_in_password.html", error=None)


@router.post("/sign-in/password")
def write_password(_asked: Try, desk: AtDesk, typed: Typed) -> Response:
    """Keep a password of one's own."""
    return _step(
        lambda: own_password(desk, typed.get("first"), typed.get("again")),
        lambda error: render("sign_in_password.html", error.http_status, error=error),
    )


@router.get("/sign-in/enrol")
def read_enrol(_asked: Page, desk: AtDesk) -> HTMLResponse:
    """Show what an app is to keep, and offer a passkey."""
    return _enrol(desk)


def _enrol(desk: Desk, error: PeelianError | None = None) -> HTMLResponse:
    one, secret = secret_to_enrol(desk)
    return render(
        "sign_in_enrol.html", error.http_status if error else 200, qr=qr(secret, one.id),
        secret=grouped(secret), error=error,
    )  # fmt: skip


@router.post("/sign-in/enrol")
def write_enrol(_asked: Try, desk: AtDesk, typed: Typed) -> Response:
    """Keep the second factor when its first code is right, and sign in."""
    return _in(desk, lambda: enrol(desk, typed.get("code")), lambda error: _enrol(desk, error))


@router.get("/sign-in/code")
def read_code(_asked: Page, desk: AtDesk) -> HTMLResponse:
    """Ask for the code."""
    return _code(desk)


def _code(desk: Desk, error: PeelianError | None = None) -> HTMLResponse:
    one = signing_in(desk)
    with reading(desk.ws) as conn:
        keys = len(passkeys.passkeys_of(conn, one.id))
    status = error.http_status if error else 200
    return render("sign_in_code.html", status, totp=one.has_totp, passkeys=keys, error=error)


@router.post("/sign-in/code")
def write_code(_asked: Try, desk: AtDesk, typed: Typed) -> Response:
    """Compare the code and sign in."""
    return _in(desk, lambda: try_code(desk, typed.get("code")), lambda error: _code(desk, error))


@router.get("/sign-in/provider")
def read_leave(request: Request, _asked: Page, desk: AtDesk) -> Response:
    """Go to the provider. A link, not a form: forms of ours may lead to no other place."""
    if desk.here.access.mode != "oidc":
        raise Misuse("this server signs nobody in by a provider", do="sign in at /sign-in")
    return RedirectResponse(sign_in_oidc.leave_for_provider(desk, origin_of(request)), status_code=303)


@router.get(sign_in_oidc.CALLBACK)
def read_callback(request: Request, _asked: Try, desk: AtDesk) -> Response:
    """Come back from the provider, and sign in."""
    answer = dict(request.query_params)
    return _in(desk, lambda: sign_in_oidc.come_back(desk, origin_of(request), answer), _first_of(desk))


def _first_of(desk: Desk) -> Callable[[PeelianError], HTMLResponse]:
    return lambda error: _first(desk, error)


@router.post("/sign-in/passkey/options")
def write_use_options(request: Request, _asked: Try, desk: AtDesk) -> dict[str, Any]:
    """Ask the browser for a passkey of this place."""
    return passkey_ceremony.ask_to_use(desk, host_name(request.headers["host"]))


@router.post("/sign-in/passkey")
def write_use(request: Request, said: dict[str, Any], _asked: Try, desk: AtDesk) -> Response:
    """Sign in by a passkey."""
    one = passkey_ceremony.use(desk, host_name(request.headers["host"]), origin_of(request), said)
    return _entered(desk, enter(desk, one, how="passkey"))


@router.post("/sign-in/passkey/new/options")
def write_new_options(request: Request, _asked: Try, desk: AtDesk) -> dict[str, Any]:
    """Ask the browser to make a passkey, as the second factor that is to be set up."""
    one, _ = secret_to_enrol(desk)
    return passkey_ceremony.ask_to_make(desk, one, host_name(request.headers["host"]))


@router.post("/sign-in/passkey/new")
def write_new(request: Request, said: dict[str, Any], _asked: Try, desk: AtDesk) -> Response:
    """Keep the passkey that was made, and sign in."""
    one, _ = secret_to_enrol(desk)
    host, origin = host_name(request.headers["host"]), origin_of(request)
    passkey_ceremony.make(desk, one, host, origin, said)
    return _entered(desk, enter(desk, one, how="password and new passkey"))


@router.get("/sign-out")
def read_sign_out(_asked: Page, desk: AtDesk) -> HTMLResponse:
    """Ask whether to leave."""
    return render("sign_out.html")


@router.post("/sign-out")
def write_sign_out(
    _asked: Annotated[Asked, Depends(asks("alteration", "sign-out"))], desk: AtDesk
) -> Response:
    """End the session, and have the browser forget what it holds of this place."""
    with transaction(desk.ws) as conn:
        sessions.sign_out(conn, desk.id)
    response = RedirectResponse("/sign-in", status_code=303)
    response.delete_cookie(
        desk.here.access.cookie, path="/", secure=desk.here.access.secure, httponly=True,
        samesite=SAME_SITE,
    )  # fmt: skip
    response.headers["clear-site-data"] = '"cache", "storage"'
    return response


def _step(do: Callable[[], str], page: Callable[[PeelianError], HTMLResponse]) -> Response:
    try:
        return RedirectResponse(STEPS[do()], status_code=303)
    except PeelianError as error:
        return page(error)


def _in(desk: Desk, do: Callable[[], str], page: Callable[[PeelianError], HTMLResponse]) -> Response:
    try:
        return _entered(desk, do(), page=True)
    except PeelianError as error:
        return page(error)


def _entered(desk: Desk, token: str, *, page: bool = False) -> Response:
    """Give the new cookie: a page goes on by itself, a script is told where to."""
    to = next_of(str(desk.held.get("next", "/")))
    to = _first_page(desk, token) if to == "/" else to
    answer = RedirectResponse(to, status_code=303) if page else JSONResponse({"to": to})
    return with_cookie(answer, desk.here.access, token)


def _first_page(desk: Desk, token: str) -> str:
    """Give the first page that the role may open: a partner's is not the map."""
    access = desk.here.access
    begun = sessions.find_session(desk.ws, token, access.limits, access.force)
    if begun is None or begun.actor is None:
        return "/"
    actor, purpose = begun.actor, begun.purpose
    return next(
        (path for path, what in HOMES if decide(actor, purpose, "consultation", what).allowed), "/account"
    )
