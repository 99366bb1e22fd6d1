"""Copy a workspace while it serves: ledger, records, runs, settings, audit chain; with a SHA-256 of each.

The records are read in one view of one instant. The ledger's files of that view never change once written,
so they are copied after it, as they are. What a restore would make again (landed archives, staging, uploads)
is left out, and so are open sessions.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from peelian import __version__
from peelian.domain.backup import FILES, MANIFEST, RECORDS, Manifest, TableHeld
from peelian.domain.errors import Fault, Misuse, Refused
from peelian.pipeline.context import Context
from peelian.store.catalogue import Connection, newest_snapshot, transaction
from peelian.store.chain import newest_link
from peelian.store.migrate import version
from peelian.store.runs import run_ids
from peelian.store.sealed.place import check_open
from peelian.store.segments import files_held, rows_standing
from peelian.store.table_lines import Counted, frozen_view, held_tables, lines

LEFT_OUT: Final = frozenset({"landing", "staging", "segments", "runs", "uploads", "simulated", "logs"})
"""Folders that are caches, half-done work, or copied by what the records name."""
_UNFINISHED: Final = (".tmp", ".part", ".new")
_CATALOGUE: Final = "catalogue.db"
_CHUNK: Final = 1 << 20


@dataclass(frozen=True)
class BackedUp:
    """Where the backup is; `sha256` of its manifest vouches for all of it: keep it elsewhere."""

    path: Path
    sha256: str
    manifest: Manifest


def back_up(ctx: Context, path: Path) -> BackedUp:
    """Write a backup into a new folder; it appears there whole or not at all.

    Raises:
        Forbidden: when the policy says no.
        Misuse: something is already there, or it lies inside the workspace.
        Refused: the ledger's old files were cleared away while they were being copied.
        Fault: the disk is full or cannot be written to.
    """
    ctx.allow("disclosure", "backup")
    path = path.expanduser().absolute()
    if path.is_relative_to(ctx.ws.home):
        raise Misuse("a backup inside the workspace is lost with it", expected="a folder elsewhere")
    check_open(path)
    # It is built beside and renamed: beside a sealed folder its files would lie plain meanwhile.
    if os.path.ismount(path):
        raise Misuse("something is mounted on that folder", expected="a new folder inside it")
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise Misuse("something is already there", expected="a new or empty folder for the backup")
    part = path.with_name(f".{path.name}.part-{os.getpid()}")
    with transaction(ctx.ws) as conn:
        ctx.record(conn, "disclosure", "backup")
    try:
        part.mkdir(parents=True, mode=0o700)
        made = _write(ctx, part)
        part.rename(path)
        _sync(path.parent)
    except OSError as error:
        raise Fault(
            f"the backup could not be written ({error.strerror})", do="choose another place"
        ) from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return BackedUp(path, hashlib.sha256(made.dumps().encode()).hexdigest(), made)


def _write(ctx: Context, part: Path) -> Manifest:
    with frozen_view(ctx.ws.engine) as conn:
        segments, runs, events = files_held(conn), run_ids(conn), rows_standing(conn)
        tables = _tables(conn, part / RECORDS)
        schema, snapshot, head = version(conn), newest_snapshot(conn), newest_link(conn)
    files: dict[str, tuple[int, str]] = {}
    for name, sha in segments.items():
        try:
            files[name] = copied(ctx.ws.home / name, part / FILES / name)
        except FileNotFoundError:
            raise Refused("old files of the ledger were cleared away while they were copied",
                          do="run peelian backup again") from None  # fmt: skip
        if files[name][1] != sha:
            raise Fault("a file of the ledger is not what was written: its SHA-256 is another one",
                        do="restore from an earlier backup; this one was not made")  # fmt: skip
    for name in _others(ctx.ws.home, runs):
        try:
            files[name] = copied(ctx.ws.home / name, part / FILES / name)
        except FileNotFoundError:
            continue  # replaced or taken away meanwhile; no record names it
    made = Manifest(
        __version__, schema or "", datetime.now(UTC).isoformat(timespec="seconds"), snapshot, head.seq,
        head.hash, events, tables, files,
    )  # fmt: skip
    _durable(part / MANIFEST, made.dumps().encode())
    return made


def _tables(conn: Connection, folder: Path) -> dict[str, TableHeld]:
    folder.mkdir(mode=0o700)
    found: dict[str, TableHeld] = {}
    for table in held_tables(conn):
        counted = Counted(lines(conn, table))
        path = folder / f"{table.name}.jsonl.gz"
        with path.open("xb") as raw, gzip.GzipFile("", "wb", 1, raw, mtime=0) as file:
            for line in counted:
                file.write(line)
        _sync(path)
        said = counted.digest
        found[table.name] = TableHeld([column.name for column in table.columns], said.rows, said.sha256)
    return found


def _others(home: Path, runs: set[str]) -> Iterator[str]:
    """Give the workspace's other files: of the runs in the records, and all that is set or kept."""
    for folder, inner, names in os.walk(home):
        at = Path(folder).relative_to(home)
        if at == Path():
            inner[:] = [one for one in inner if one not in LEFT_OUT or one == "runs"]
            names = [one for one in names if not one.startswith(_CATALOGUE)]
        elif at == Path("runs"):
            inner[:] = [one for one in inner if one in runs]
        inner.sort()
        for name in sorted(names):
            path = Path(folder) / name
            if not name.endswith(_UNFINISHED) and path.is_file() and not path.is_symlink():
                yield (at / name).as_posix()


def copied(source: Path, to: Path) -> tuple[int, str]:
    """Copy a file durably, readable by its owner alone; give its size and SHA-256."""
    to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    sha, size = hashlib.sha256(), 0
    with source.open("rb") as old, open(to, "xb", opener=_private) as new:
        while chunk := old.read(_CHUNK):
            sha.update(chunk)
            size += new.write(chunk)
        new.flush()
        os.fsync(new.fileno())
    return size, sha.hexdigest()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _durable(path: Path, body: bytes) -> None:
    path.write_bytes(body)
    _sync(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
