"""Passwords: argon2id hashes (RFC 9106, 2021), and what a password must be.

How easily one is guessed is estimated by the library zxcvbn: it takes a password apart into frequent
passwords (its list holds 30,000), words, names, dates, rows of keys and repeats.
"""

from __future__ import annotations

import secrets
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from peelian.domain.errors import Misuse
from peelian.govern.breached import Breached

LEAST: Final = 12
MOST: Final = 128
LOCAL_WORDS: Final = (
    "peelian", "police", "constabulary", "analyst", "supervisor", "officer", "partner", "administrator",
)  # fmt: skip
"""Words that anyone who guesses here tries first: they count for nothing in a password's length."""
GUESSES: Final = 1e8
"""Fewer than so many guesses, by zxcvbn's estimate, are too few: it scores them below 3 of 4."""
_ESTIMATED: Final = 64
"""How many characters are estimated: what follows them makes no password easier."""
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


def check_password(password: str, account: str, breached: Breached | None = None) -> str:
    """Give a password when it will do; `breached` is the set it must not be in.

    Raises:
        Misuse: too short, too long, too plain, mostly words of this place, made of frequent passwords, in the
            set, or it holds the account's id.
    """
    plain = len(set(password)) < 6 or account.lower() in password.lower() or len(_besides(password)) < LEFT
    if not LEAST <= len(password) <= MOST or plain:
        raise Misuse(
            "this password will not do",
            expected=f"{LEAST} to {MOST} characters, at least six different ones, without the account's id, "
            f"and {LEFT} besides words such as police or analyst",
            do="three random words are good",
        )
    if _guesses(password, account) < GUESSES:
        raise Misuse(
            "this password will not do: it is made of frequent passwords, words, dates or rows of keys",
            expected="one that is not soon guessed", do="three random words are good",
        )  # fmt: skip
    if breached is not None and breached.holds(password):
        raise Misuse("this password will not do: it was in a breach elsewhere", do="choose another")
    return password


def _guesses(password: str, account: str) -> float:
    from zxcvbn import zxcvbn  # type: ignore[import-untyped]  # its lists take a while to load

    return float(zxcvbn(password[:_ESTIMATED], [account, *LOCAL_WORDS])["guesses"])


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
