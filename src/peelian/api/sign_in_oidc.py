"""Signing in by an OIDC provider: authorisation code with PKCE, state and nonce (OpenID Connect Core 1.0).

Nothing of the provider's answer is kept but the subject and which rule it fell under.
"""

from __future__ import annotations

import hashlib
import secrets
import time
import warnings
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from peelian.api.access import Access, Rule
from peelian.api.signing_in import Desk, enter
from peelian.domain.errors import Forbidden, NotNow
from peelian.guard.outward import check_outward
from peelian.guard.unreadable import NO_JSON
from peelian.store import accounts, sessions
from peelian.store.accounts import Account
from peelian.store.catalogue import transaction

if TYPE_CHECKING:
    from authlib.integrations.httpx_client import OAuth2Client

ALGORITHMS: Final = ("RS256", "PS256", "ES256")
"""What an id token may be signed with: never `none`, never a shared secret."""
CALLBACK: Final = "/sign-in/callback"
_LEEWAY_S: Final = 60
_TIMEOUT_S: Final = 10.0
_AWAY: Final = {"do": "begin again at /sign-in"}


def leave_for_provider(desk: Desk, origin: str) -> str:
    """Give the provider's address to go to; the session keeps what its answer is compared with.

    Raises:
        NotNow: the provider does not answer.
    """
    access = desk.here.access
    verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
    with _client(access, origin) as client:
        known = _metadata(client, access)
        address, state = client.create_authorization_url(
            known["authorization_endpoint"], code_verifier=verifier, nonce=nonce, **_asked_for(access)
        )
    with transaction(desk.ws) as conn:
        held = desk.held | {"state": state, "nonce": nonce, "verifier": verifier}
        sessions.hold(conn, desk.id, held)
    return str(address)


def come_back(desk: Desk, origin: str, answer: dict[str, str]) -> str:
    """Take the provider's answer and sign in; give the cookie's new value. The state is good once.

    Raises:
        Forbidden: the state, the code or the id token is wrong, the provider's sign-in was weaker or longer
            ago than access.toml asks, or no rule lets this person in.
        NotNow: the provider does not answer.
    """
    access, held = desk.here.access, desk.held
    desk.attempts.count(desk.address)
    with transaction(desk.ws) as conn:
        sessions.hold(conn, desk.id, {"next": held.get("next", "")})
    state = str(held.get("state", ""))
    if not state or not secrets.compare_digest(state.encode(), answer.get("state", "").encode()):
        raise Forbidden("this answer belongs to no sign-in begun here", **_AWAY)
    if "code" not in answer:
        raise Forbidden("the provider let nobody in", **_AWAY)
    said = _claims(access, origin, answer, held)
    check_strength(access, said)
    return enter(desk, _account(desk, access, said), how="provider")


def _claims(access: Access, origin: str, answer: dict[str, str], held: dict[str, Any]) -> dict[str, Any]:
    try:
        with _client(access, origin) as client:
            known = _metadata(client, access)
            if answer.get("iss", known["issuer"]) != known["issuer"]:  # RFC 9207: no mix-up of providers
                raise Forbidden("the answer comes from another provider", **_AWAY)
            token = client.fetch_token(
                known["token_endpoint"], code=answer["code"], code_verifier=held["verifier"]
            )
            keys = KeySet.import_key_set(client.request("GET", known["jwks_uri"], withhold_token=True).json())
        raw = jwt.decode(str(token["id_token"]), keys, algorithms=list(ALGORITHMS))
        claims = CodeIDToken(
            raw.claims, raw.header,
            {"iss": {"essential": True, "value": known["issuer"]},
             "aud": {"essential": True, "value": access.client_id}},
            {"nonce": held["nonce"], "client_id": access.client_id, "access_token": token["access_token"]},
        )  # fmt: skip
        claims.validate(leeway=_LEEWAY_S)
    except (httpx.HTTPError, OSError) as error:
        raise _no_answer() from error
    except (AuthlibBaseError, JoseError, KeyError, TypeError, AttributeError, *NO_JSON) as error:
        raise Forbidden("what the provider said does not hold", **_AWAY) from error
    return dict(claims)


def _asked_for(access: Access) -> dict[str, str]:
    """Give what is asked of the provider's own sign-in (OpenID Connect Core 1.0, 3.1.2.1)."""
    asked: dict[str, str] = {}
    if access.provider is not None and access.provider.acr:
        asked["acr_values"] = " ".join(access.provider.acr)
    if access.provider is not None and access.provider.max_age_minutes is not None:
        asked["max_age"] = str(60 * access.provider.max_age_minutes)
    return asked


def check_strength(access: Access, said: dict[str, Any]) -> None:
    """Do nothing where the provider states a sign-in as strong and as recent as access.toml asks.

    What it does not state counts as not done.

    Raises:
        Forbidden: it does not.
    """
    wanted = access.provider
    if wanted is None:
        return
    used = said.get("amr")
    methods = set(map(str, used)) if isinstance(used, list) else set()
    if (wanted.acr and said.get("acr") not in wanted.acr) or not set(wanted.amr) <= methods:
        raise Forbidden(
            "the provider does not say that you signed in there as strongly as this map asks",
            do="sign in there with your second factor, then again here; else ask whoever keeps the accounts",
        )
    at, most = said.get("auth_time"), wanted.max_age_minutes
    recent = isinstance(at, int | float) and time.time() - at <= 60 * (most or 0) + _LEEWAY_S
    if most is not None and not recent:
        raise Forbidden("your sign-in at the provider is too long ago, or it does not say when it was",
                        do="sign out there, then begin again at /sign-in")  # fmt: skip


def _account(desk: Desk, access: Access, said: dict[str, Any]) -> Account:
    """Keep the account of a subject with the reach its rule gives now; one that was revoked stays out."""
    rule = rule_of(access, said)
    if rule is None or access.provider is None:
        raise Forbidden("your account has no part in this map", do="ask whoever keeps the accounts")
    issuer = access.provider.issuer
    subject = hashlib.sha256(f"{issuer}\n{said['sub']}".encode()).hexdigest()[:32]
    one = Account(
        f"oidc:{subject}", rule.role, rule.force, rule.agency, rule.areas, rule.agreements, rule.purposes,
        issuer,
    )  # fmt: skip
    with transaction(desk.ws) as conn:
        held = {a.id: a for a in accounts.list_accounts(conn)}.get(one.id)
        if held is not None and held.revoked is not None:
            raise Forbidden("your account was revoked here", do="ask whoever keeps the accounts")
        if held is None:
            accounts.add_account(conn, one)
        else:
            accounts.set_reach(conn, one)
    return one


def rule_of(access: Access, said: dict[str, Any]) -> Rule | None:
    """Give the first rule whose value the claim holds."""
    if access.provider is None:
        return None
    held = said.get(access.provider.claim)
    several = held if isinstance(held, list) else [held]
    values = {one for one in several if isinstance(one, str)}
    return next((rule for rule in access.provider.rules if rule.value in values), None)


def _client(access: Access, origin: str) -> OAuth2Client:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it prefers a successor of httpx that nothing else here uses
        from authlib.integrations.httpx_client import OAuth2Client
    scope = access.provider.scope if access.provider else "openid"
    return OAuth2Client(
        access.client_id, access.client_secret, scope=scope, redirect_uri=origin + CALLBACK,
        code_challenge_method="S256", timeout=_TIMEOUT_S, follow_redirects=False,
    )  # fmt: skip


def _metadata(client: OAuth2Client, access: Access) -> dict[str, str]:
    """Read what the provider says of itself; its addresses must be as safe as its own.

    Raises:
        NotNow: it does not answer, or says something else.
        Refused: the operator's list of hosts does not name it.
    """
    issuer = access.provider.issuer if access.provider else ""
    check_outward(urlsplit(issuer).hostname or "")
    try:
        where = issuer.rstrip("/") + "/.well-known/openid-configuration"
        answered = client.request("GET", where, withhold_token=True)
        answered.raise_for_status()
        known = answered.json()
        wanted = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
        found = {name: str(known[name]) for name in wanted}
    except (httpx.HTTPError, OSError, KeyError, ValueError, TypeError) as error:
        raise _no_answer() from error
    scheme = urlsplit(issuer).scheme
    if found["issuer"] != issuer or any(urlsplit(one).scheme != scheme for one in found.values()):
        raise _no_answer()
    for name in ("token_endpoint", "jwks_uri"):  # the other one is for the browser
        check_outward(urlsplit(found[name]).hostname or "")
    return found


def _no_answer() -> NotNow:
    return NotNow("the sign-in provider does not answer as it should", do="try again in a few minutes")
