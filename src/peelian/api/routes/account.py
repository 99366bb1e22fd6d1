"""The account page: how far one reaches, what for, and how one proves who one is."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import HTMLResponse, RedirectResponse, Response

from peelian.api.asking import Asked, asks
from peelian.api.routes.typed_form import Fields, fields
from peelian.api.signing_in import Desk, change_password, desk_of, purposes_of
from peelian.api.templates import render
from peelian.api.wording import day
from peelian.domain.errors import Forbidden, Misuse, PeelianError
from peelian.domain.time import LONDON
from peelian.govern.passwords import right_password
from peelian.govern.roles import ROLES, TITLES
from peelian.store import accounts, sessions
from peelian.store.accounts import Account
from peelian.store.catalogue import reading, transaction
from peelian.store.sessions import Begun, Session

router = APIRouter(tags=["account"], include_in_schema=False)
Own = Annotated[Asked, Depends(asks("alteration", "own account"))]
Typed = Annotated[Fields, Depends(fields)]
AtDesk = Annotated[Desk, Depends(desk_of)]


@router.get("/account")
def read_account(
    _asked: Annotated[Asked, Depends(asks("consultation", "account page"))], desk: AtDesk
) -> HTMLResponse:
    """Show the account."""
    return _page(desk)


def _own(desk: Desk) -> tuple[Session, Account]:
    session = desk.here.session
    if session is None or session.account is None:
        raise Forbidden("nobody is signed in here", do="sign in at /sign-in")
    return session, session.account


def _page(desk: Desk, error: PeelianError | None = None) -> HTMLResponse:
    session, one = _own(desk)
    with reading(desk.ws) as conn:
        keys = accounts.count_passkeys(conn, one.id)
        begun = sessions.sessions_of(conn, one.id, desk.here.access.limits)
    title = next((TITLES[role] for role in ROLES if role == one.role), one.role)
    return render(
        "account.html", error.http_status if error else 200, one=one, title=title, purpose=session.purpose,
        purposes=purposes_of(one), agreements=sorted(session.reader.agreements), passkeys=keys, error=error,
        sessions=[_session_words(held, session.id) for held in begun],
    )  # fmt: skip


def _session_words(one: Begun, this: str) -> dict[str, Any]:
    return {"id": one.id, "purpose": one.purpose, "begun": _clock(one.begun), "seen": _clock(one.seen),
            "this": one.id == this}  # fmt: skip


def _clock(moment: datetime) -> str:
    here = moment.astimezone(LONDON)
    return f"{day(here.date())}, {here:%H:%M}"


@router.post("/account/purpose")
def write_purpose(_asked: Own, desk: AtDesk, typed: Typed) -> Response:
    """Act for another purpose from now on."""
    session, one = _own(desk)
    wanted = next((p for p in purposes_of(one) if p == typed.get("purpose")), None)
    if wanted is None:
        return _page(desk, Misuse("the account may not act for this", expected=", ".join(purposes_of(one))))
    with transaction(desk.ws) as conn:
        sessions.choose_purpose(conn, session.id, wanted)
    return RedirectResponse("/account", status_code=303)


@router.post("/account/password")
def write_password(_asked: Own, desk: AtDesk, typed: Typed) -> Response:
    """Change the password; every other session of the account ends."""
    session, one = _own(desk)
    try:
        desk.attempts.count(desk.address)
        with reading(desk.ws) as conn:
            proof = accounts.proof_of(conn, one.id)
        if not right_password(proof.password, typed.get("now")):
            raise Forbidden("the password you have now is another")
        change_password(desk, one, typed.get("first"), typed.get("again"))
    except PeelianError as error:
        return _page(desk, error)
    with transaction(desk.ws) as conn:
        accounts.end_sessions(conn, one.id, but=session.id)
    return RedirectResponse("/account", status_code=303)


@router.post("/account/session")
def write_session(_asked: Own, desk: AtDesk, typed: Typed) -> Response:
    """End one other session of the account."""
    _, one = _own(desk)
    with transaction(desk.ws) as conn:
        sessions.end_one(conn, one.id, typed.get("which"))
    return RedirectResponse("/account", status_code=303)


@router.post("/account/others")
def write_others(_asked: Own, desk: AtDesk) -> Response:
    """End every other session of the account."""
    session, one = _own(desk)
    with transaction(desk.ws) as conn:
        accounts.end_sessions(conn, one.id, but=session.id)
    return RedirectResponse("/account", status_code=303)
