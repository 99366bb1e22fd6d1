"""Where a sealed folder's parts lie, and what state it is in; told by names and mounts alone.

Beside a folder H lie, when they do: `H.sealed` (what is encrypted), `H.sealing-new` (being made),
`H.sealing-old` (under the master key before), `H.sealing-plain` (plain files set aside until their copy is
proven), and `H.sealing` (mount points while files are moved). H itself is there only while it is open.
"""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from peelian.domain.errors import Misuse, Refused

State = Literal["none", "plain", "open", "closed", "dead", "unfinished"]
"""Nothing there; there and not sealed; open; closed; its mount has died; a move was cut off in the middle."""
_MOUNTS: Final = Path("/proc/self/mountinfo")
_KIND: Final = "fuse.gocryptfs"


@dataclass(frozen=True)
class Place:
    """A folder that is or may be sealed. `home` is resolved: mounts are listed by their real paths."""

    home: Path

    @property
    def cipher(self) -> Path:
        """What is encrypted."""
        return self._beside(".sealed")

    @property
    def new(self) -> Path:
        """A cipher folder that is being made, and is not proven."""
        return self._beside(".sealing-new")

    @property
    def old(self) -> Path:
        """The cipher folder under the master key before; its files are all in `cipher`."""
        return self._beside(".sealing-old")

    @property
    def aside(self) -> Path:
        """The plain files while they are moved in, so that nobody writes to them meanwhile."""
        return self._beside(".sealing-plain")

    @property
    def mounts(self) -> Path:
        """Holds the mount points of a move."""
        return self._beside(".sealing")

    def left(self) -> list[Path]:
        """List what a move has left lying beside."""
        return [one for one in (self.aside, self.new, self.old, self.mounts) if os.path.exists(one)]

    def _beside(self, suffix: str) -> Path:
        return self.home.with_name(self.home.name + suffix)


def place_of(home: Path) -> Place:
    """Name the parts of a folder.

    Raises:
        Misuse: it is the root of all files, beside which nothing can lie.
    """
    home = Path(os.path.realpath(home.expanduser()))
    if not home.name:
        raise Misuse("the root folder cannot be sealed", expected="a folder with a name")
    return Place(home)


def mounted(folder: Path) -> bool:
    """Say whether gocryptfs is mounted on a folder, alive or dead."""
    return str(folder) in _points()


def within_open(home: Path) -> bool:
    """Say whether a folder, or one above it, is sealed and open."""
    home = Path(os.path.realpath(home))
    return any(mounted(one) for one in (home, *home.parents))


def mounts_below(folder: Path) -> list[Path]:
    """List the folders under one on which gocryptfs is mounted."""
    return [Path(one) for one in _points() if Path(one).is_relative_to(folder)]


def alive(folder: Path) -> bool:
    """Say whether what is mounted on a folder answers."""
    try:
        os.stat(folder)
    except OSError as error:
        return error.errno not in (errno.ENOTCONN, errno.ECONNABORTED)
    return True


def state_of(place: Place) -> State:
    """Say what state a folder is in."""
    if mounted(place.home):
        return "open" if alive(place.home) else "dead"
    if place.cipher.exists():
        return "closed"
    if place.aside.exists() or place.old.exists():
        return "unfinished"
    return "plain" if place.home.is_dir() and any(place.home.iterdir()) else "none"


def check_open(home: Path) -> None:
    """Do nothing where a folder may be used: it is open, or neither it nor a folder above it is sealed.

    Raises:
        Refused: it is sealed and not open; what was begun here would lie plain and hide what is sealed.
    """
    home = Path(os.path.realpath(home.expanduser()))
    for folder in (home, *home.parents):
        if not folder.name:
            break
        place = Place(folder)
        if not any(os.path.exists(one) for one in (place.cipher, place.aside, place.old)):
            continue
        state = state_of(place)
        if state != "open":
            raise Refused(_SAID[state].format(folder), do=_DO[state].format(folder))


_SAID: Final[dict[State, str]] = {
    "closed": "{} is sealed and not open; nothing was begun in its place",
    "dead": "{} is sealed, and its mount has died",
    "unfinished": "{} is being sealed, or its sealing was cut off; nothing was lost",
}
_DO: Final[dict[State, str]] = {
    "closed": "open it with its key: peelian seal open --home {}",
    "dead": "stop what still runs on it, then open it again: peelian seal open --home {}",
    "unfinished": "look with peelian seal state --home {}, then run the same peelian seal command again",
}


def _points() -> set[str]:
    try:
        lines = _MOUNTS.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:  # no Linux: nothing can be mounted by us
        return set()
    parted = [line.partition(" - ") for line in lines]
    return {_plain(head.split(" ")[4]) for head, _, tail in parted if tail.split(" ")[0] == _KIND}


def _plain(point: str) -> str:
    """Undo the kernel's octal escapes of blanks and backslashes.

    >>> _plain("/a\\\\040b")
    '/a b'
    """
    for code, sign in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        point = point.replace(code, sign)
    return point
