"""Passkeys (WebAuthn level 2, W3C 2021): with user verification, so that one step holds two factors."""

from __future__ import annotations

import json
from typing import Any, Final

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from peelian.api.signing_in import WRONG, Desk, fit
from peelian.domain.errors import Forbidden
from peelian.store import passkeys, sessions
from peelian.store.accounts import Account
from peelian.store.catalogue import reading, transaction
from peelian.store.passkeys import Passkey

NAME: Final = "Peelian"
_CHALLENGE: Final = "challenge"


def ask_to_make(desk: Desk, one: Account, host: str) -> dict[str, Any]:
    """Give the options for making a passkey of an account."""
    with reading(desk.ws) as conn:
        held = passkeys.passkeys_of(conn, one.id)
    options = generate_registration_options(
        rp_id=host, rp_name=NAME, user_name=one.id, user_id=one.id.encode(),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(k.id)) for k in held],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )  # fmt: skip
    return _keep(desk, options.challenge, options_to_json(options))


def make(desk: Desk, one: Account, host: str, origin: str, said: dict[str, Any]) -> None:
    """Keep the passkey that was made.

    Raises:
        Forbidden: it does not answer what was asked.
    """
    challenge = _take(desk)
    try:
        made = verify_registration_response(
            credential=said, expected_challenge=challenge, expected_rp_id=host, expected_origin=origin,
            require_user_verification=True,
        )  # fmt: skip
    except (WebAuthnException, ValueError, TypeError, KeyError) as error:
        raise Forbidden("this passkey cannot be kept", do="try again") from error
    new = Passkey(bytes_to_base64url(made.credential_id), one.id, made.credential_public_key, made.sign_count)
    with transaction(desk.ws) as conn:
        if passkeys.find_passkey(conn, new.id) is not None:
            raise Forbidden("this passkey is held already", do="go on with it")
        passkeys.add_passkey(conn, new)


def ask_to_use(desk: Desk, host: str) -> dict[str, Any]:
    """Give the options for signing in by any passkey of this place: the browser shows which it has."""
    options = generate_authentication_options(
        rp_id=host, user_verification=UserVerificationRequirement.REQUIRED
    )
    return _keep(desk, options.challenge, options_to_json(options))


def use(desk: Desk, host: str, origin: str, said: dict[str, Any]) -> Account:
    """Give the account whose passkey answered.

    Raises:
        Forbidden: unknown, wrong, copied (its counter went back), or its account may not sign in.
        TooManyTries: from this address.
    """
    desk.attempts.count(desk.address)
    challenge = _take(desk)
    with reading(desk.ws) as conn:
        held = passkeys.find_passkey(conn, str(said.get("id", ""))[:400])
    one = fit(desk.ws, held.account) if held else None
    if held is None or one is None:
        raise Forbidden(WRONG, do="try again")
    try:
        done = verify_authentication_response(
            credential=said, expected_challenge=challenge, expected_rp_id=host, expected_origin=origin,
            credential_public_key=held.public_key, credential_current_sign_count=held.uses,
            require_user_verification=True,
        )  # fmt: skip
    except (WebAuthnException, ValueError, TypeError, KeyError) as error:
        raise Forbidden(WRONG, do="try again") from error
    with transaction(desk.ws) as conn:
        passkeys.used(conn, held.id, done.new_sign_count)
    return one


def _keep(desk: Desk, challenge: bytes, options: str) -> dict[str, Any]:
    with transaction(desk.ws) as conn:
        sessions.hold(conn, desk.id, desk.held | {_CHALLENGE: bytes_to_base64url(challenge)})
    said: dict[str, Any] = json.loads(options)
    return said


def _take(desk: Desk) -> bytes:
    """Give the challenge that was set; it is good once."""
    held = desk.held
    challenge = held.pop(_CHALLENGE, None)
    if not challenge:
        raise Forbidden("no passkey was asked for", do="open the page again")
    with transaction(desk.ws) as conn:
        sessions.hold(conn, desk.id, held)
    return base64url_to_bytes(str(challenge))
