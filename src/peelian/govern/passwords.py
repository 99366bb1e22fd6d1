"""Passwords: argon2id hashes (RFC 9106, 2021), and what a password must be."""

from __future__ import annotations

import secrets
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from peelian.domain.errors import Misuse

LEAST: Final = 12
MOST: Final = 128
LOCAL_WORDS: Final = (
    "peelian", "police", "constabulary", "analyst", "supervisor", "officer", "partner", "administrator",
)  # fmt: skip
"""Words that anyone who guesses here tries first: they count for nothing in a password's length."""
LEFT: Final = 8
"""How many characters a password must have besides them."""
_LETTERS: Final = "abcdefghijkmnpqrstuvwxyz23456789"
_HASHER: Final = PasswordHasher()


def hash_password(password: str) -> str:
    """Give the hash to keep, with its salt and cost."""
    return _HASHER.hash(password)


def right_password(kept: str | None, given: str) -> bool:
    """Say whether it is the password; takes as long where there is no account or no password."""
    try:
        right = _HASHER.verify(kept or _nobodys(), given[:MOST])  # a longer one costs no more, and is none
        return right and kept is not None and len(given) <= MOST
    except (Argon2Error, InvalidHashError):
        return False


def check_password(password: str, account: str) -> str:
    """Give a password when it will do.

    Raises:
        Misuse: too short, too long, too plain, mostly words of this place, or it holds the account's id.
    """
    plain = len(set(password)) < 6 or account.lower() in password.lower() or len(_besides(password)) < LEFT
    if not LEAST <= len(password) <= MOST or plain:
        raise Misuse(
            "this password will not do",
            expected=f"{LEAST} to {MOST} characters, at least six different ones, without the account's id, "
            f"and {LEFT} besides words such as police or analyst",
            do="three random words are good",
        )
    return password


def first_password() -> str:
    """Make a password for one use, easy to read out: 80 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def _besides(password: str) -> str:
    left = password.lower()
    for word in LOCAL_WORDS:
        left = left.replace(word, "")
    return left


@cache
def _nobodys() -> str:
    return _HASHER.hash(secrets.token_hex(16))
