"""The key of a sealed folder: from a file that its owner alone may read, or from the environment.

Never from a command line, which others may list; it is kept nowhere by this program.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from peelian.domain.errors import Misuse
from peelian.store.sealed.place import Place
from peelian.store.secret_file import read_secret

KEY: Final = "PEELIAN_SEAL_KEY"
NEW_KEY: Final = "PEELIAN_SEAL_NEW_KEY"
LEAST: Final = 24
MOST: Final = 1000
_DIFFERENT: Final = 10
_MAKE: Final = "make one with: openssl rand -hex 32"


def read_key(place: Place, file: Path | None, variable: str = KEY) -> str:
    """Give the key that a file holds, else the environment's.

    Raises:
        Misuse: there is none, others may read the file, it lies in what it locks, or it is too weak.
    """
    option = "--key-file" if variable == KEY else "--new-key-file"
    if file is None:
        key = os.environ.get(variable, "")
        if not key:
            raise Misuse("no key was given", expected=f"{option} FILE, or {variable}", do=_MAKE)
    else:
        _outside(place, file, option)
        key = read_secret(file, f"the file of {option}")
    check_key(key)
    return key


def check_key(key: str) -> None:
    """Do nothing where a key will do. No words are asked for: it is made by a machine and kept by one.

    Raises:
        Misuse: it is short, plain or of more than one line.
    """
    fit = LEAST <= len(key) <= MOST and len(set(key)) >= _DIFFERENT and key.isprintable()
    if not fit or key != key.strip() or len(key.encode("utf-8", "surrogateescape")) > MOST:
        raise Misuse(
            "this key will not do",
            expected=f"one line of {LEAST} to {MOST} characters, at least {_DIFFERENT} different ones",
            do=_MAKE,
        )


def _outside(place: Place, file: Path, option: str) -> None:
    real = Path(os.path.realpath(file.expanduser()))
    if any(real.is_relative_to(one) for one in (place.home, place.cipher, place.aside, place.new, place.old)):
        raise Misuse(
            f"the file of {option} lies in what it locks", expected="a file elsewhere, best on another disk"
        )
