"""Passwords that were in a breach: an operator's own local file, searched where it lies, sent nowhere.

The file has a line for each password, in ascending order: its SHA-1 in hexadecimal, or the first 12 or more
digits of it, and perhaps a colon and how often it was seen. Pwned Passwords are given out in that form.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from peelian.domain.errors import Misuse

_LINE: Final = re.compile(rb"([0-9A-Fa-f]{12,40})(:\d+)?\r?\n?")
_LONGEST: Final = 80
_FORM: Final = "lines of SHA-1 hashes in ascending order, such as 000000005AD76BD555C1D6D771DE417A4B87E4B4:10"


@dataclass(frozen=True)
class Breached:
    """The set, on disk: a look-up reads some forty short pieces of it."""

    path: Path

    def holds(self, password: str) -> bool:
        """Say whether a password is in the set.

        Raises:
            Misuse: the file cannot be read, or a line of it is no hash.
        """
        wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
        try:
            with self.path.open("rb") as file:
                return _held(file, wanted)
        except OSError:
            raise _unread() from None

    def check(self) -> None:
        """Do nothing where the file is such a set, as far as its first and last lines show.

        Raises:
            Misuse: it is none.
        """
        try:
            with self.path.open("rb") as file:
                first = _digits(file.readline(_LONGEST))
                file.seek(max(0, file.seek(0, os.SEEK_END) - _LONGEST))
                last = _digits(file.read().splitlines()[-1])
        except (OSError, IndexError):
            raise _unread() from None
        if last < first:
            raise _unread()


def _held(file: BinaryIO, wanted: bytes) -> bool:
    """Halve the bytes in which the wanted line may begin, until none are left."""
    low, high = 0, file.seek(0, os.SEEK_END)
    while low < high:
        middle = (low + high) // 2
        if middle:
            file.seek(middle - 1)
            file.readline(_LONGEST)  # to the first line that begins at the middle or after it
        else:
            file.seek(0)
        begins = file.tell()
        line = file.readline(_LONGEST)
        found = _digits(line) if line and begins < high else None
        if found is None or found > wanted[: len(found)]:
            high = middle
        elif found == wanted[: len(found)]:
            return True
        else:
            low = begins + len(line)
    return False


def _digits(line: bytes) -> bytes:
    found = _LINE.fullmatch(line)
    if found is None:
        raise _unread()
    return found[1].upper()


def _unread() -> Misuse:
    return Misuse("the set of breached passwords cannot be read", expected=_FORM, do="see docs/access.md")
