"""The steps of signing in: password, a password of one's own, second factor; then a session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal, NoReturn

from starlette.requests import Request

from peelian.api.attempts import Attempts
from peelian.api.second_factor import new_secret, step_of
from peelian.api.sessions import Presence, presence
from peelian.domain.actor import Actor, AuditEntry, Purpose
from peelian.domain.errors import Forbidden, Misuse, NotFound
from peelian.govern.passwords import check_password, hash_password, right_password
from peelian.govern.roles import PURPOSES_OF, ROLES
from peelian.store import accounts, audit, sessions
from peelian.store.accounts import Account
from peelian.store.catalogue import now, reading, transaction
from peelian.store.workspace import Workspace

Step = Literal["password", "second", "enrol", "done"]
WRONG: Final = "the account's id, password or code is wrong, or the account has to wait"
_ORDER: Final[tuple[Purpose, ...]] = (
    "prevention", "analysis", "evaluation", "administration", "demonstration",
)  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """Where someone is signing in: the workspace, who is there, and from which address."""

    ws: Workspace
    here: Presence
    address: str
    attempts: Attempts

    @property
    def held(self) -> dict[str, Any]:
        """Give what the session keeps between the steps."""
        return dict(self.here.session.held) if self.here.session else {}

    @property
    def id(self) -> str:
        """Give the session's id.

        Raises:
            Forbidden: there is none: the sign-in took too long.
        """
        if self.here.session is None:
            raise Forbidden("this sign-in took too long", do="begin again at /sign-in")
        return self.here.session.id


def desk_of(request: Request) -> Desk:
    """Give the desk of a request.

    Raises:
        NotFound: this server has no sign-in.
    """
    house = request.app.state.house
    if house.access is None:
        raise NotFound("nobody signs in here: this server is for one person at this machine", do="go to /")
    address = request.client.host if request.client else ""
    return Desk(house.ws, presence(request), address, request.app.state.attempts)


def try_password(desk: Desk, id_: str, password: str) -> Step:
    """Compare; go on to the next step.

    Raises:
        Forbidden: it is wrong, or the account waits or is revoked (said in the same words); or it is a first
            password that was not used in time.
        TooManyTries: from this address.
    """
    desk.attempts.count(desk.address)
    with reading(desk.ws) as conn:
        proof = accounts.proof_of(conn, id_)
    right = right_password(proof.password, password)
    one = fit(desk.ws, id_)
    if one is None or not right:
        _wrong(desk, id_)
    if one.change_password and proof.given + accounts.FIRST_HOLDS < now():
        raise Forbidden(
            f"this first password was not used within {accounts.FIRST_HOLDS.days} days and is over",
            do="ask whoever keeps the accounts for a new one: peelian account reset",
        )
    held = desk.held | {"account": id_, "enrol": ""}
    with transaction(desk.ws) as conn:
        sessions.hold(conn, desk.id, held)
    return _next(desk.ws, one)


def own_password(desk: Desk, first: str, again: str) -> Step:
    """Keep a password of one's own in place of the first one.

    Raises:
        Misuse: it will not do, the two differ, or it is the one that was handed over.
        Forbidden: no password came before.
    """
    one = signing_in(desk)
    if not one.change_password:
        raise Forbidden("this password was chosen already", do="change it on the page /account")
    change_password(desk, one, first, again)
    return _next(desk.ws, _account(desk.ws, one.id))


def change_password(desk: Desk, one: Account, first: str, again: str) -> None:
    """Keep a new password.

    Raises:
        Misuse: it will not do.
    """
    if first != again:
        raise Misuse("the two passwords differ", do="type the same twice")
    check_password(first, one.id, desk.here.access.breached)
    with transaction(desk.ws) as conn:
        if right_password(accounts.proof_of(conn, one.id).password, first):
            raise Misuse("this is the password you have", do="choose another")
        accounts.set_password(conn, one.id, hash_password(first))


def secret_to_enrol(desk: Desk) -> tuple[Account, str]:
    """Give the account and the secret its app is to keep; the same until it is confirmed.

    Raises:
        Forbidden: no password came before, or there is a second factor already.
    """
    one = signing_in(desk)
    if _next(desk.ws, one) != "enrol":
        raise Forbidden("there is no second factor to set up now", do="go on at /sign-in")
    held = desk.held
    if not held.get("enrol"):
        held |= {"enrol": new_secret()}
        with transaction(desk.ws) as conn:
            sessions.hold(conn, desk.id, held)
    return one, str(held["enrol"])


def enrol(desk: Desk, code: str) -> str:
    """Keep the second factor once its first code is right, and sign in; give the cookie's new value.

    Raises:
        Forbidden: the code is wrong, or nothing is to be set up.
    """
    one, secret = secret_to_enrol(desk)
    desk.attempts.count(desk.address)
    step = step_of(secret, code)
    if step is None:
        raise Forbidden("the code is wrong", do="look at the app again: a code holds for half a minute")
    with transaction(desk.ws) as conn:
        accounts.set_totp(conn, one.id, secret, step)
    return enter(desk, one)


def try_code(desk: Desk, code: str) -> str:
    """Compare a code and sign in; give the cookie's new value. A code is good once.

    Raises:
        Forbidden: it is wrong or used, or no password came before.
    """
    one = signing_in(desk)
    if _next(desk.ws, one) != "second":
        raise Forbidden("no code is asked for now", do="go on at /sign-in")
    desk.attempts.count(desk.address)
    with reading(desk.ws) as conn:
        proof = accounts.proof_of(conn, one.id)
    step = step_of(proof.totp, code) if proof.totp else None
    if step is None:
        _wrong(desk, one.id)
    with transaction(desk.ws) as conn:
        if not accounts.use_totp(conn, one.id, step):
            raise Forbidden("this code was used", do="wait for the next one")
    return enter(desk, one)


def enter(desk: Desk, one: Account, *, how: str = "password and code") -> str:
    """Begin the account's session; give the cookie's new value."""
    access = desk.here.access
    purpose = purposes_of(one)[0]
    with transaction(desk.ws) as conn:
        accounts.succeeded(conn, one.id)
        token = sessions.sign_in(conn, desk.id, one, purpose, access.limits)
        audit.append(conn, one.actor, purpose, AuditEntry("consultation", f"signed in by {how}"))
    return token


def purposes_of(one: Account) -> tuple[Purpose, ...]:
    """Give what an account may act for.

    Raises:
        Forbidden: nothing.
    """
    role = next((role for role in ROLES if role == one.role), None)
    able = PURPOSES_OF[role] if role else frozenset()
    found = tuple(p for p in _ORDER if p in able and ("*" in one.purposes or p in one.purposes))
    if not found:
        raise Forbidden("this account may act for no purpose", do="ask whoever keeps the accounts")
    return found


def signing_in(desk: Desk) -> Account:
    """Give the account whose password was right in this sign-in.

    Raises:
        Forbidden: there is none.
    """
    one = fit(desk.ws, str(desk.held.get("account", "")))
    if one is None:
        raise Forbidden("give your password first", do="begin at /sign-in")
    return one


def _next(ws: Workspace, one: Account) -> Step:
    if one.change_password:
        return "password"
    with reading(ws) as conn:
        able = one.has_totp or accounts.count_passkeys(conn, one.id) > 0
    return "second" if able else "enrol"


def _account(ws: Workspace, id_: str) -> Account:
    with reading(ws) as conn:
        return accounts.get_account(conn, id_)


def fit(ws: Workspace, id_: str) -> Account | None:
    """Give an account that may sign in here now."""
    try:
        one = _account(ws, id_)
    except NotFound:
        return None
    waits = one.locked_until is not None and one.locked_until > now()
    return None if waits or one.revoked is not None or one.origin != accounts.LOCAL else one


def _wrong(desk: Desk, id_: str) -> NoReturn:
    known = _known(desk.ws, id_)
    with transaction(desk.ws) as conn:
        if known:
            accounts.failed(conn, id_)
        who = Actor(id_ if known else "", "public")
        audit.append(conn, who, "prevention", AuditEntry("consultation", "refused: signing in"))
    raise Forbidden(WRONG, do="try again; after five wrong tries an account waits, each time longer")


def _known(ws: Workspace, id_: str) -> bool:
    with reading(ws) as conn:
        return any(one.id == id_ for one in accounts.list_accounts(conn))
