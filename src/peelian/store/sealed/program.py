"""Runs gocryptfs by its stable interface: keys go in by its input, never by its command or environment.

Its exit codes: 12 the key is wrong, 10 the mount point is not empty, 19 the kernel would not mount, 26 the
check found damage (gocryptfs(1), `CLI_ABI.md` of its repository).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from peelian.domain.errors import Fault, Misuse, PeelianError, Refused
from peelian.guard.unreadable import NO_JSON

_FUSE: Final = Path("/dev/fuse")
_PATIENCE_S: Final = 600
COST = "16"
"""Of guessing a key: scrypt with N = 2^16, the default of gocryptfs. Tests alone set another."""
_DAMAGE: Final = re.compile(r'^fsck: (error [a-z ]+ ".*?")', re.MULTILINE)
_IDLE: Final = "15m"
"""A private mount of a move that was killed goes by itself after so long; a running one is never idle."""


@dataclass(frozen=True)
class Answer:
    """How a run of gocryptfs ended, and its own words (which name files, never what is in them)."""

    code: int
    words: str


def check_able() -> None:
    """Do nothing where folders can be sealed on this machine.

    Raises:
        Fault: gocryptfs, or the kernel's FUSE, is not there or not permitted.
    """
    if shutil.which("gocryptfs") is None:
        raise Fault("gocryptfs is not installed", do="install the Debian packages gocryptfs and fuse3")
    if not _FUSE.exists():
        raise Fault("the kernel has no /dev/fuse here", expected="FUSE",
                    do="modprobe fuse, or give the container the device")  # fmt: skip
    try:
        os.close(os.open(_FUSE, os.O_RDWR))
    except OSError as error:
        raise Fault(f"/dev/fuse may not be used here ({error.strerror})",
                    do="let this user, or this container, use the device") from None  # fmt: skip


def init(cipher: Path, key: str) -> None:
    """Make an empty cipher folder (owner's alone) with a master key of its own, wrapped by `key`."""
    cipher.mkdir(mode=0o700)
    _done(_run(["-init", "-q", "-scryptn", COST, "--", str(cipher)], key), cipher)


def mount(cipher: Path, point: Path, key: str, *, passing: bool = False, read_only: bool = False) -> None:
    """Mount a cipher folder on an empty folder; `passing` for the private mounts of a move.

    Raises:
        Misuse: the key is not this folder's.
        Refused: its settings are damaged, or the mount point is not empty.
    """
    _check_settings(cipher)
    options = [*(["-idle", _IDLE] if passing else []), *(["-ro"] if read_only else [])]
    _done(_run(["-q", "-noexec", *options, "--", str(cipher), str(point)], key), cipher)


def change_key(cipher: Path, key: str, new: str) -> None:
    """Wrap the master key with a new key; gocryptfs writes it beside, syncs it and renames it."""
    _done(_run(["-passwd", "-q", "-scryptn", COST, "--", str(cipher)], f"{key}\n{new}"), cipher)


def damaged(cipher: Path, key: str) -> list[str]:
    """Read and authenticate every file; list what is damaged, as gocryptfs says it."""
    _check_settings(cipher)
    answer = _run(["-fsck", "-q", "--", str(cipher)], key, patience=None)
    if answer.code not in (0, 26):
        _done(answer, cipher)
    return _DAMAGE.findall(answer.words) or (["damage in a name or link"] if answer.code else [])


def unmount(point: Path, *, lazily: bool = False) -> bool:
    """Unmount; False when it is in use. `lazily` also where it is, as for a mount that has died."""
    name = next((one for one in ("fusermount3", "fusermount") if shutil.which(one)), None)
    if name is None:
        command = ["umount", *(["-l"] if lazily else [])]
    else:
        command = [name, "-u", *(["-z"] if lazily else [])]
    done = subprocess.run(
        [*command, "--", str(point)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    return done.returncode == 0


def _check_settings(cipher: Path) -> None:
    path = cipher / "gocryptfs.conf"
    try:
        if isinstance(json.loads(path.read_bytes()), dict):
            return
    except PermissionError:
        raise Refused(f"{cipher.name} may not be read by this user", do="act as whoever sealed it") from None
    except (OSError, *NO_JSON):
        pass
    raise Refused(
        f"gocryptfs.conf of {cipher.name} is gone or damaged: without it nothing can be opened",
        do="bring that one file back from a copy of the folder, or restore a backup",
    )


def _run(arguments: Sequence[str], said: str, *, patience: float | None = _PATIENCE_S) -> Answer:
    # A file, not a pipe: the mount goes on in the background and would hold the pipe open.
    with tempfile.TemporaryFile() as words:
        try:
            done = subprocess.run(
                ["gocryptfs", *arguments], input=said.encode() + b"\n", stdout=words, stderr=words,
                env={"PATH": os.environ.get("PATH", os.defpath)}, check=False, timeout=patience,
            )  # fmt: skip
        except FileNotFoundError:
            check_able()
            raise
        except subprocess.TimeoutExpired:
            raise Fault("gocryptfs does not answer", do="look at the disk and at the system's log") from None
        words.seek(0)
        return Answer(done.returncode, words.read().decode("utf-8", "replace"))


def _done(answer: Answer, cipher: Path) -> None:
    if answer.code == 0:
        return
    raise _error(answer, cipher)


def _error(answer: Answer, cipher: Path) -> PeelianError:
    if answer.code == 12:
        return Misuse(
            "the key does not open this folder",
            expected=f"the key that {cipher.name} was last given, and its gocryptfs.conf as it was written",
        )
    if answer.code == 10:
        return Refused("the folder to open it at is not empty", do="move what lies there elsewhere")
    if answer.code == 19:
        return Fault(
            "the kernel would not mount it", expected="/dev/fuse, fusermount3 and leave to mount",
            do="install fuse3; a container must be given the device and leave to mount",
        )  # fmt: skip
    return Fault(
        f"gocryptfs failed with exit code {answer.code}", do="look at the disk and at the system's log"
    )
