"""Tells a failure that a sealed folder is behind from any other."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from peelian.domain.errors import PeelianError, Refused
from peelian.store.sealed.place import place_of, state_of

_WORDS: Final = ("input/output error", "os error 5", "disk i/o error", "transport endpoint is not connected")


def unreadable(home: Path, error: BaseException) -> PeelianError | None:
    """Give the error to say in place of one that came of a dead mount or a damaged file; None for another.

    What polars, DuckDB and SQLite raise then is of their own kinds; each has the system's words in it.
    """
    if not any(_of_the_disk(one) for one in _chain(error)):
        return None
    state = state_of(place_of(home))
    if state == "dead":
        return Refused("the mount of the sealed workspace died", do="open it again: peelian seal open")
    if state == "open":
        return Refused("a file of the sealed workspace could not be read or decrypted",
                       do="stop the server and see which are damaged: peelian seal check")  # fmt: skip
    return None


def _of_the_disk(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno in (errno.EIO, errno.ENOTCONN):
        return True
    said = str(error).lower()
    return any(word in said for word in _WORDS)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
