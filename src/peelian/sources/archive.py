"""Zip archives that may be hostile: limits checked before and while extracting, memory flat."""

from __future__ import annotations

import hashlib
import os
import stat
import threading
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from peelian.domain.errors import Refused

PIECE: Final = 1 << 20
FREE: Final = 8 << 20  # bytes below which the ratio is not judged


@dataclass(frozen=True)
class Limits:
    """What an archive may hold. A whole national download of three years stays well within them."""

    members: int = 20_000
    directory_bytes: int = 8 << 20
    member_bytes: int = 2 << 30
    total_bytes: int = 64 << 30
    ratio: int = 100  # bytes out for each byte in; published files stay below 20


LIMITS: Final = Limits()


@contextmanager
def open_archive(path: Path, limits: Limits = LIMITS) -> Iterator[zipfile.ZipFile]:
    """Open a zip after checking all that its directory says.

    Raises:
        Refused: truncated, encrypted, nested, too large, or with member names that leave the folder.
    """
    _check_directory_size(path, limits)
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, UnicodeError):
        raise _broken(path) from None
    with archive:
        _check_members(archive, path, limits)
        yield archive


def _broken(path: Path) -> Refused:
    return Refused(f"{path.name} is damaged or cut short: it does not open as a zip", do="download it again")


def _check_directory_size(path: Path, limits: Limits) -> None:
    """Refuse a directory too large to hold in memory before Python's reader builds it."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - (1 << 16) - 22))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise _broken(path)
    directory = int.from_bytes(tail[at + 12 : at + 16], "little")
    large = tail.rfind(b"PK\x06\x06", 0, at)
    if directory == 0xFFFFFFFF and large >= 0:
        directory = int.from_bytes(tail[large + 40 : large + 48], "little")
    if directory > limits.directory_bytes:
        raise Refused(f"{path.name} lists too many members", expected=f"at most {limits.members:,}")


def _check_members(archive: zipfile.ZipFile, path: Path, limits: Limits) -> None:
    infos = archive.infolist()
    if len(infos) > limits.members:
        raise Refused(f"{path.name} holds {len(infos):,} members", expected=f"at most {limits.members:,}")
    total = 0
    for number, info in enumerate(infos, 1):
        where = f"member {number} of {path.name}"
        _check_name(info, where)
        if info.header_offset < 0:
            raise _broken(path)
        if info.flag_bits & 1:
            raise Refused(f"{where} is encrypted", do="ask for the archive without a password")
        if info.file_size > limits.member_bytes:
            raise _too_large(where, limits)
        if info.file_size > max(FREE, limits.ratio * info.compress_size):
            raise _bomb(where, limits)
        total += info.file_size
    if total > limits.total_bytes:
        raise Refused(f"{path.name} unpacks to more than {limits.total_bytes >> 30} GiB", do="split it")


def _check_name(info: zipfile.ZipInfo, where: str) -> None:
    # orig_filename: ZipFile cuts names at a zero byte, and what stands after it must not pass unseen.
    name = info.orig_filename
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or "\\" in name or "\0" in name or name[1:2] == ":":
        raise Refused(f"{where} has a name that points outside the archive", do="do not trust this archive")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise Refused(f"{where} is a link, not a file", do="do not trust this archive")
    if name.lower().endswith((".zip", ".gz", ".7z", ".tar", ".bz2", ".xz", ".rar")):
        raise Refused(f"{where} is an archive inside the archive", do="unpack it and give the files")


def _too_large(where: str, limits: Limits) -> Refused:
    return Refused(f"{where} unpacks to more than {limits.member_bytes >> 30} GiB", do="split it by month")


def _bomb(where: str, limits: Limits) -> Refused:
    return Refused(
        f"{where} unpacks to more than {limits.ratio} times its size: it looks like a zip bomb",
        do="do not trust this archive; if it is genuine, unpack it and give the folder",
    )


@contextmanager
def extract(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, landing: Path, limits: Limits = LIMITS
) -> Iterator[tuple[Path, str]]:
    """Lend one member as a file in `landing`, with its SHA-256; the file is gone afterwards.

    The limits are checked on the bytes as they come, whatever the directory said of them. Nothing raw stays:
    a published record id is digested at ingest and kept nowhere. Where the system can (Linux), the file never
    has a name, so that even a process killed here leaves nothing of a narrative behind.

    Raises:
        Refused: damaged, or larger than the limits.
    """
    where = f"a member of {Path(archive.filename or 'the archive').name}"
    landing.mkdir(parents=True, exist_ok=True)
    _sweep(landing)
    digest, size = hashlib.sha256(), 0
    with _place(landing) as (part, target):
        try:
            with archive.open(info) as source:
                while piece := source.read(PIECE):
                    size += len(piece)
                    if size > limits.member_bytes:
                        raise _too_large(where, limits)
                    if size > max(FREE, limits.ratio * info.compress_size):
                        raise _bomb(where, limits)
                    digest.update(piece)
                    target.write(piece)
            target.flush()
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError):
            raise Refused(f"{where} is damaged or cut short", do="download the archive again") from None
        yield part, digest.hexdigest()


@contextmanager
def _place(landing: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """Lend an empty file on the landing folder's disk: without a name where the system can, else with one."""
    try:
        handle = os.open(landing, os.O_TMPFILE | os.O_RDWR, 0o600)
    except (AttributeError, OSError):
        handle = -1
    if handle >= 0 and (unnamed := Path(f"/proc/self/fd/{handle}")).exists():
        with os.fdopen(handle, "w+b") as file:
            yield unnamed, file
        return
    if handle >= 0:
        os.close(handle)
    part = landing / f"{os.getpid()}-{threading.get_ident()}.part"
    try:
        with part.open("wb") as file:
            yield part, file
    finally:
        part.unlink(missing_ok=True)


def _sweep(landing: Path) -> None:
    """Remove what a killed process left behind a day or more ago."""
    for left in landing.glob("*.part"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > 86_400:
                left.unlink()


def sha256_of(path: Path) -> str:
    """Hash a file's bytes, streaming."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
