"""Seal, open, close and seal afresh: each step is a rename, so that one that is cut off can be settled.

To seal: set the plain files aside (nobody writes to them), copy them into a new cipher folder, open that
again and compare every file, rename it into place, open it, and only then remove the plain files. To seal
afresh: the same from one cipher folder to another, the old one kept until the new one has been opened.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from peelian.domain.errors import Fault, Misuse, NotFound, PeelianError, Refused
from peelian.domain.progress import Tick, no_tick
from peelian.store.sealed import program
from peelian.store.sealed.place import Place, alive, mounted, mounts_below, state_of
from peelian.store.sealed.tree import check_same, check_space, copy_tree, make_durable
from peelian.store.sealed.users import check_unused, in_use, users_of


@contextmanager
def alone(place: Place) -> Iterator[None]:
    """Let one `peelian seal` work beside a folder at a time; settle what an earlier one left.

    Raises:
        NotFound: there is no folder to work in.
        Refused: another is at work.
    """
    try:
        handle = os.open(place.home.parent, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        raise NotFound(f"there is no folder {place.home.parent}", expected="--home of a workspace") from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        settle(place)
        yield
    except BlockingIOError:
        raise Refused("another peelian seal is at work here", do="wait until it has ended") from None
    finally:
        os.close(handle)


def settle(place: Place) -> None:
    """Bring a move that was cut off to its nearest whole state; nothing that is not elsewhere is removed."""
    for point in mounts_below(place.mounts):
        program.unmount(point, lazily=True)
    for folder in (*(place.mounts.iterdir() if place.mounts.is_dir() else ()), place.mounts):
        with suppress(OSError):  # never a whole tree: what is mounted there might still be
            folder.rmdir()
    if mounted(place.home):
        if place.new.exists():
            shutil.rmtree(place.new)
        return
    if place.cipher.exists():
        if place.new.exists():  # a copy that was not proven yet
            shutil.rmtree(place.new)
        return
    if place.old.exists():  # between the two renames: what is new was proven before the first
        (place.new if place.new.exists() else place.old).rename(place.cipher)
    elif place.aside.exists():
        with suppress(OSError):
            place.home.rmdir()
        if not place.home.exists():
            place.aside.rename(place.home)
        shutil.rmtree(place.new, ignore_errors=True)
    elif place.new.exists():
        shutil.rmtree(place.new)
    _sync(place)


def seal(place: Place, key: str, tick: Tick = no_tick) -> int:
    """Move a folder's files (or none) into a new cipher folder, left open; give how many were compared.

    Raises:
        Misuse: it is sealed already, or another disk is mounted on it.
        Refused: it is in use, or the disk is too full for a second copy.
        Fault: the copy is not the same; the folder is as it was.
    """
    check_plain(place)
    with _undone(place):
        _set_aside(place)
        program.init(place.new, key)
        many = _moved(place, place.aside, key, tick)
        place.new.rename(place.cipher)
        _sync(place)
    open_at(place, key)
    return many


def check_plain(place: Place) -> None:
    """Do nothing where a folder can be sealed.

    Raises:
        Misuse: it is sealed already, or another disk is mounted on it.
        Refused: files lie both in it and beside it, as an earlier sealing set them aside.
        Fault: this machine cannot seal.
    """
    program.check_able()
    state = state_of(place)
    if state == "unfinished":
        raise Refused(f"files lie in {place.home}, and those set aside in {place.aside.name} beside it",
                      do="look which are yours and move the others elsewhere")  # fmt: skip
    if state not in ("none", "plain"):
        raise Misuse(f"{place.home} is sealed already", do="see peelian seal state")
    if os.path.ismount(place.home):
        raise Misuse("another disk is mounted on this folder", expected="a folder below it")


@contextmanager
def _undone(place: Place) -> Iterator[None]:
    """Settle the place again when a move fails, and say what the disk said."""
    try:
        yield
    except OSError as error:
        settle(place)
        raise _disk(error) from error
    except BaseException:
        settle(place)
        raise


def _disk(error: OSError) -> PeelianError:
    if error.errno == errno.EIO:
        return Refused("a file could not be read or decrypted", do="see which: peelian seal check")
    return Fault(f"the files could not be moved ({error.strerror}); they are as they were",
                 do="look at the disk, and whose files they are")  # fmt: skip


def _set_aside(place: Place) -> None:
    if place.home.exists():
        check_unused(place.home)
        check_space(place.home, place.home.parent)
        place.home.rename(place.aside)
    else:
        place.aside.mkdir(mode=0o700, parents=True)
    _sync(place)
    check_unused(place.aside)  # who came in between


def _moved(place: Place, source: Path, key: str, tick: Tick) -> int:
    """Copy into the new cipher folder; open it anew, so that what is compared was read back and decrypted."""
    with _at(place, "new", place.new, key) as point:
        copy_tree(source, point, tick)
    make_durable(place.new)
    with _at(place, "new", place.new, key, read_only=True) as point:
        many = check_same(source, point, tick)
    if source == place.aside:
        check_unused(source)
    return many


def seal_afresh(place: Place, key: str, new: str, tick: Tick = no_tick) -> int:
    """Copy a closed folder under a new master key and put that in its place; give how many were compared.

    Raises:
        Misuse: the key is not this folder's.
        Fault: the copy is not the same; the folder is as it was.
    """
    with _undone(place):
        with _at(place, "old", place.cipher, key, read_only=True) as source:
            check_space(source, place.home.parent)
            program.init(place.new, new)
            many = _moved(place, source, new, tick)
        if place.old.exists():  # of an earlier one: all of it is in the folder that was opened just now
            _remove_cipher(place.old)
        place.cipher.rename(place.old)
        place.new.rename(place.cipher)
        _sync(place)
    return many


def open_at(place: Place, key: str) -> None:
    """Open a sealed folder, then remove what is left of a move: what it holds has just been opened.

    A mount that has died is taken away first.

    Raises:
        Misuse: it is open already, or not sealed, or the key is not its own.
        Refused: files lie where it would be opened.
    """
    program.check_able()
    if mounted(place.home):
        if alive(place.home):
            raise Misuse(f"{place.home} is open already")
        program.unmount(place.home, lazily=True)
    if not place.cipher.exists():
        raise Misuse(f"{place.home} is not sealed", do="seal it with: peelian seal make")
    made = not place.home.exists()
    place.home.mkdir(mode=0o700, exist_ok=True)
    try:
        program.mount(place.cipher, place.home, key)
        if not mounted(place.home):
            raise Fault("gocryptfs ended well, and nothing was mounted", do="look at the system's log")
    except PeelianError:
        if made:
            place.home.rmdir()
        raise
    if place.old.exists():
        _remove_cipher(place.old)
    if place.aside.exists():
        shutil.rmtree(place.aside)
    _sync(place)


def close_at(place: Place) -> None:
    """Close an open folder; nothing is left where it was.

    Raises:
        Misuse: it is not open.
        Refused: it is in use.
    """
    if not mounted(place.home):
        raise Misuse(f"{place.home} is not open", do="see peelian seal state")
    dead = not alive(place.home)
    if not program.unmount(place.home, lazily=dead):
        raise in_use(place.home, users_of(place.home))
    with suppress(OSError):
        place.home.rmdir()


def proven(place: Place, key: str) -> None:
    """Open a sealed folder on a private mount point, read-only, and close it again.

    Raises:
        Misuse: the key is not this folder's.
    """
    with _at(place, "proof", place.cipher, key, read_only=True):
        pass


@contextmanager
def _at(place: Place, name: str, cipher: Path, key: str, *, read_only: bool = False) -> Iterator[Path]:
    point = place.mounts / name
    place.mounts.mkdir(mode=0o700, exist_ok=True)
    point.mkdir(mode=0o700, exist_ok=True)
    with ExitStack() as after:
        after.callback(_gone, place, point)
        program.mount(cipher, point, key, passing=True, read_only=read_only)
        yield point


def _gone(place: Place, point: Path) -> None:
    if mounted(point):
        program.unmount(point) or program.unmount(point, lazily=True)
    for folder in (point, place.mounts):
        with suppress(OSError):
            folder.rmdir()


def _remove_cipher(folder: Path) -> None:
    """Remove a cipher folder, its wrapped master key first: what is cut off here cannot be read any more."""
    (folder / "gocryptfs.conf").unlink(missing_ok=True)
    shutil.rmtree(folder)


def _sync(place: Place) -> None:
    handle = os.open(place.home.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
