"""Seal a workspace, open and close it, change its key: what is done, and its rows in the audit.

The rows lie in the workspace itself, so they are written while it is open, and hold no key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from peelian.domain.actor import Verb
from peelian.domain.errors import Fault, Misuse, Refused
from peelian.domain.progress import Tick, no_tick
from peelian.pipeline.context import open_context
from peelian.store.catalogue import transaction
from peelian.store.sealed import moving, program
from peelian.store.sealed.place import Place, state_of
from peelian.store.sealed.users import check_unused

_SHOWN: Final = 5


@dataclass(frozen=True)
class Folder:
    """What is sealed: a workspace, its records at `database`, or any other folder, which has no audit."""

    place: Place
    database: str | None = None
    workspace: bool = True

    def note(self, verb: Verb, what: str) -> None:
        """Write a row of the audit.

        Raises:
            Fault: the records cannot be reached.
        """
        if not self.workspace:
            return
        ctx = open_context(self.place.home, self.database, "administration")
        try:
            ctx.allow(verb, what)
            with transaction(ctx.ws) as conn:
                ctx.record(conn, verb, what)
        finally:
            ctx.ws.engine.dispose()  # an open file would keep the folder from closing


def make(folder: Folder, key: str, tick: Tick = no_tick) -> int:
    """Seal a folder with its files, or an empty one, and leave it open; give how many files were compared.

    Raises:
        Misuse: it is sealed already, or the key is too weak.
        Refused: it is in use, or the disk is too full for a second copy.
        Fault: this machine cannot seal, or the copy was not the same; the folder is as it was.
    """
    folder.place.home.parent.mkdir(parents=True, exist_ok=True)
    with moving.alone(folder.place):
        moving.check_plain(folder.place)
        if state_of(folder.place) == "plain":
            folder.note("alteration", "seal begun")
        many = moving.seal(folder.place, key, tick)
        folder.note("alteration", "seal made")
    return many


def open_(folder: Folder, key: str) -> None:
    """Open a sealed folder; one whose opening cannot be written down is closed again.

    Raises:
        Misuse: it is open already, or not sealed, or the key is not its own.
        Refused: files lie where it would be opened.
        Fault: this machine cannot open it, or the records do not answer.
    """
    with moving.alone(folder.place):
        moving.open_at(folder.place, key)
        try:
            folder.note("consultation", "seal opened")
        except BaseException:
            moving.close_at(folder.place)
            raise


def close(folder: Folder) -> bool:
    """Close an open folder; say whether that could be written down: it is closed also where it cannot.

    Raises:
        Misuse: it is not open.
        Refused: it is in use.
    """
    with moving.alone(folder.place):
        noted = False
        if state_of(folder.place) == "open":
            check_unused(folder.place.home)
            try:
                folder.note("consultation", "seal closed")
                noted = True
            except Fault:
                pass
        moving.close_at(folder.place)
    return noted


def rekey(folder: Folder, key: str, new: str) -> None:
    """Wrap the master key with a new key; the files stay as they are. It ends open or closed, as it was.

    Raises:
        Misuse: the key is not its own, or the new one is the same.
        Refused: it is not sealed, or its mount has died.
    """
    _check_other(key, new)
    with moving.alone(folder.place):
        was_open = _opened(folder.place, key)

        def change() -> None:
            folder.note("alteration", "seal key change begun")
            program.change_key(folder.place.cipher, key, new)
            moving.proven(folder.place, new)
            folder.note("alteration", "seal key changed")

        _and_back(folder.place, change, was_open=was_open)


def rekey_afresh(folder: Folder, key: str, new: str, tick: Tick = no_tick) -> int:
    """Encrypt every file anew under a new master key; give how many were compared. It ends as it was.

    Raises:
        Misuse: the key is not its own, or the new one is the same.
        Refused: it is not sealed, in use, or its mount has died; or the disk is too full for a second copy.
        Fault: the copy is not the same; the folder is as it was.
    """
    _check_other(key, new)
    place = folder.place
    with moving.alone(place):
        was_open = _opened(place, key)
        check_unused(place.home)
        folder.note("alteration", "seal afresh begun")
        moving.close_at(place)
        try:
            many = moving.seal_afresh(place, key, new, tick)
        except BaseException:
            if was_open:
                moving.open_at(place, key)
            raise
        moving.open_at(place, new)
        _and_back(place, lambda: folder.note("alteration", "seal made afresh"), was_open=was_open)
    return many


def check(folder: Folder, key: str) -> None:
    """Read and authenticate every file of a sealed folder; do nothing where all stand.

    Raises:
        Misuse: it is not sealed, or the key is not its own.
        Refused: files are damaged; names some.
    """
    program.check_able()
    if not folder.place.cipher.exists():
        raise Misuse(f"{folder.place.home} is not sealed")
    if found := program.damaged(folder.place.cipher, key):
        shown = "; ".join(found[:_SHOWN])
        raise Refused(f"the sealed folder is damaged: {shown}",
                      do="restore a backup, or these files from a copy of the folder")  # fmt: skip


def told(folder: Folder) -> dict[str, Any]:
    """Say what state a folder is in, and what a move that was cut off has left beside it."""
    place = folder.place
    return {
        "home": str(place.home), "state": state_of(place), "left": [str(one) for one in place.left()],
    }  # fmt: skip


def _check_other(key: str, new: str) -> None:
    if key == new:
        raise Misuse("the new key is the one there is", expected="another key")


def _opened(place: Place, key: str) -> bool:
    """Have a sealed folder open by its key; say whether it was open before."""
    state = state_of(place)
    if state == "open":
        moving.proven(place, key)
        return True
    if state == "dead":
        raise Refused(f"the mount of {place.home} has died", do="open it again: peelian seal open")
    moving.open_at(place, key)
    return False


def _and_back(place: Place, do: Callable[[], None], *, was_open: bool) -> None:
    try:
        do()
    finally:
        if not was_open:
            moving.close_at(place)
