"""Copy a tree of files and prove that the copy is the same: every file's SHA-256, every link and mode."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from peelian.domain.errors import Fault, Refused
from peelian.domain.progress import Tick, no_tick

_CHUNK: Final = 1 << 20
_SPARE: Final = 1.05
"""The encrypted copy is a little larger: 32 bytes for each 4,096, and 18 a file."""

Held = tuple[str, int, str]
"""Kind (file, link, folder), mode, and the SHA-256 or where the link leads."""


def entries(root: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Give every path below a root, folders before what is in them, with what it is.

    Raises:
        Refused: one is neither a file, a folder nor a link.
    """
    for folder, inner, names in os.walk(root, onerror=_raise):
        for name in sorted([*inner, *names]):
            path = Path(folder) / name
            found = path.lstat()
            kind = stat.S_IFMT(found.st_mode)
            if kind not in (stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK):
                raise Refused(
                    "a socket, pipe or device lies in this folder", do="stop what made it, remove it"
                )
            yield os.path.relpath(path, root), found


def check_space(root: Path, beside: Path) -> None:
    """Do nothing where a second copy of a tree fits on a disk.

    Raises:
        Refused: it does not.
    """
    needed = sum(found.st_size for _, found in entries(root)) * _SPARE
    free = shutil.disk_usage(beside).free
    if needed > free:
        raise Refused(
            f"the disk has {free / 1e6:,.0f} MB free", expected=f"{needed / 1e6:,.0f} MB for a second copy"
        )


def copy_tree(root: Path, to: Path, tick: Tick = no_tick) -> int:
    """Copy all below a root into an empty folder, with modes, times and (as root) owners; give how many."""
    found = list(entries(root))
    whole = sum(one.st_size for _, one in found) or 1
    done, folders = 0, []
    for name, one in found:
        source, target = root / name, to / name
        if stat.S_ISDIR(one.st_mode):
            target.mkdir(mode=0o700)
            folders.append((target, one))
            continue
        if stat.S_ISLNK(one.st_mode):
            target.symlink_to(os.readlink(source))
        else:
            shutil.copyfile(source, target)
        _like(target, one)
        done += one.st_size
        tick("copying", done / whole)
    for target, one in [*reversed(folders), (to, root.stat())]:
        _like(target, one)
    return len(found)


def make_durable(root: Path) -> None:
    """Have the disk keep all below a folder, and its names."""
    for name in [*(name for name, one in entries(root) if not stat.S_ISLNK(one.st_mode)), "."]:
        handle = os.open(root / name, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def check_same(root: Path, copy: Path, tick: Tick = no_tick) -> int:
    """Read both trees whole and do nothing where they are the same; give how many files were compared.

    Raises:
        Fault: they differ; says how many.
    """
    tick("comparing every file", 1.0)
    ours, theirs = held(root), held(copy)
    differ = sum(ours.get(name) != theirs.get(name) for name in ours.keys() | theirs.keys())
    if differ:
        raise Fault(f"{differ:,} of {len(ours):,} entries are not in the copy as they were",
                    do="nothing was taken away; look at the disk and try again")  # fmt: skip
    return sum(kind == "file" for kind, _, _ in ours.values())


def held(root: Path) -> dict[str, Held]:
    """Give what lies below a root, by its path."""
    found: dict[str, Held] = {}
    for name, one in entries(root):
        mode = stat.S_IMODE(one.st_mode)
        if stat.S_ISREG(one.st_mode):
            found[name] = ("file", mode, _sha(root / name))
        elif stat.S_ISLNK(one.st_mode):
            found[name] = ("link", 0, os.readlink(root / name))
        else:
            found[name] = ("folder", mode, "")
    return found


def _sha(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _like(target: Path, one: os.stat_result) -> None:
    if os.geteuid() == 0:
        os.chown(target, one.st_uid, one.st_gid, follow_symlinks=False)
    if not stat.S_ISLNK(one.st_mode):
        target.chmod(stat.S_IMODE(one.st_mode))
    os.utime(target, ns=(one.st_atime_ns, one.st_mtime_ns), follow_symlinks=False)


def _raise(error: OSError) -> None:
    raise error
