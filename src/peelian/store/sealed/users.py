"""Which processes have a folder in use: as lsof finds them, among those this user may look at."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from peelian.domain.errors import Refused


def users_of(folder: Path) -> list[int]:
    """List the processes, but this one, that have a file below a folder open, or work in it."""
    inside = (str(folder), f"{folder}/")
    found = []
    for process in Path("/proc").iterdir() if Path("/proc").is_dir() else ():
        if process.name.isdigit() and int(process.name) != os.getpid():
            with suppress(OSError):
                if any(one == inside[0] or one.startswith(inside[1]) for one in _used(process)):
                    found.append(int(process.name))
    return sorted(found)


def check_unused(folder: Path) -> None:
    """Do nothing where no process uses a folder.

    Raises:
        Refused: some do; names them.
    """
    if used := users_of(folder):
        raise in_use(folder, used)


def in_use(folder: Path, used: list[int]) -> Refused:
    """Give the error that says who uses a folder."""
    by = ", ".join(map(str, used[:5])) or "one that this user may not see, or a shell that stands in it"
    return Refused(f"{folder} is in use (process {by})", expected="nobody at work in it",
                   do="stop the server, the worker and other commands, then try again")  # fmt: skip


def _used(process: Path) -> Iterator[str]:
    for name in ("cwd", "root"):
        with suppress(OSError):
            yield os.readlink(process / name)
    for handle in (process / "fd").iterdir():
        with suppress(OSError):
            yield os.readlink(handle)
    with suppress(OSError):
        for line in (process / "maps").read_text("utf-8", "replace").splitlines():
            yield line[line.find("/") :]
