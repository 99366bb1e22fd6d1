"""Bring a backup back into an empty place, and prove that it is what was backed up.

Each file's SHA-256 is compared as it is copied. Each table is read again out of the new database, and the
digest of what it holds compared with the manifest. The audit's chain is verified last. Nothing is left
behind when any of it fails.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import secrets
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from peelian.domain.backup import FILES, MANIFEST, RECORDS, Manifest, TableHeld, read_manifest
from peelian.domain.errors import Fault, Misuse, NotFound, Refused
from peelian.pipeline.auditing import Verified, verify_held
from peelian.pipeline.backing_up import copied
from peelian.pipeline.context import Context
from peelian.store.catalogue import Connection, transaction
from peelian.store.migrate import HEAD, build, version
from peelian.store.sealed.place import check_open, mounted
from peelian.store.segments import files_held
from peelian.store.table_lines import Counted, Digest, digest, fill, held_tables
from peelian.store.workspace import Workspace, at_rest, open_workspace

_DAMAGED = "the backup is damaged"
_OTHER = "restore another backup: this one is not what was written"


@dataclass(frozen=True)
class Restored:
    """What came back, and what its audit's verification found."""

    home: Path
    manifest: Manifest
    audit: Verified


def restore(path: Path, home: Path, database: str | None = None, *, expect: str = "") -> Restored:
    """Restore a backup to `home` and `database` (a SQLAlchemy URL; default SQLite in `home`), both empty.

    `expect` is the SHA-256 of the manifest, as `back_up` gave it: it vouches for the whole backup.

    Raises:
        NotFound: there is no backup.
        Misuse: the place or the database is not empty.
        Refused: a byte of it is not what was written, it was made by a newer Peelian, or `home` is sealed and
            not open.
        Fault: it cannot be written.
    """
    made = _manifest(path, expect)
    home = home.expanduser().absolute()
    check_open(home)
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise Misuse("the workspace is not empty", expected="a new or empty --home", do="nothing was changed")
    # Beside a sealed workspace the files would lie plain while they are read: there they are built inside it.
    sealed = mounted(Path(os.path.realpath(home)))
    part = (home if sealed else home.parent) / f".{home.name}.part-{secrets.token_hex(4)}"
    try:
        part.mkdir(parents=True, mode=0o700)
        _files(path, part, made)
        ws = at_rest(part, database)
        try:
            _records(ws, path, made)
        finally:
            ws.engine.dispose()
        if sealed:
            _move_up(part, home)
        else:
            part.rename(home)
    except OSError as error:
        raise Fault(f"the backup could not be restored ({error.strerror})", do="look at the disk") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    ctx = Context(open_workspace(home, database), purpose="administration")
    found = verify_held(ctx)
    with transaction(ctx.ws) as conn:
        ctx.record(conn, "alteration", "restored from a backup", window=made.made)
    return Restored(home, made, found)


def _move_up(part: Path, home: Path) -> None:
    """Bring what was built inside a sealed workspace up into it, the records last."""
    for one in sorted(part.iterdir(), key=lambda path: path.name.startswith("catalogue.db")):
        one.rename(home / one.name)


def _manifest(path: Path, expect: str) -> Manifest:
    try:
        body = (path / MANIFEST).read_bytes()
    except OSError:
        raise NotFound("there is no backup", expected="a folder that peelian backup made") from None
    if expect and hashlib.sha256(body).hexdigest() != expect.lower():
        raise Refused("this backup's manifest is another than the one expected", do=_OTHER)
    try:
        made = read_manifest(body.decode())
    except ValueError:
        raise Refused(f"{_DAMAGED}: its manifest cannot be read", do=_OTHER) from None
    if made.schema > HEAD:
        raise Refused("the backup was made by a newer Peelian", do="restore it with that one")
    return made


def _files(path: Path, part: Path, made: Manifest) -> None:
    for name, said in made.files.items():
        try:
            found = copied(path / FILES / name, part / name)
        except FileNotFoundError:
            raise Refused(f"{_DAMAGED}: a file is not there ({name})", do=_OTHER) from None
        if found != said:
            raise Refused(f"{_DAMAGED}: a file is not what was written ({name})", do=_OTHER)


def _records(ws: Workspace, path: Path, made: Manifest) -> None:
    with transaction(ws) as conn:
        if version(conn) is not None:
            raise Misuse("the database is not empty", expected="a new one", do="nothing was changed")
        build(conn, made.schema)
        tables = held_tables(conn)
        if {table.name for table in tables} != set(made.tables):
            raise Refused(f"{_DAMAGED}: it names other tables than its version has", do=_OTHER)
        for table in tables:
            held = made.tables[table.name]
            with _reading(table.name):
                counted = Counted(_lines(path / RECORDS / f"{table.name}.jsonl.gz"))
                fill(conn, table, held.columns, counted)
            _same(counted.digest, held, table.name)
            _same(digest(conn, table), held, table.name)
        _has_all_segments(conn, made)


def _has_all_segments(conn: Connection, made: Manifest) -> None:
    if any(made.files.get(name, (0, ""))[1] != sha for name, sha in files_held(conn).items()):
        raise Refused(f"{_DAMAGED}: records and files do not belong together", do=_OTHER)


@contextmanager
def _reading(name: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise Refused(f"{_DAMAGED}: a table is not there ({name})", do=_OTHER) from None
    except (ValueError, EOFError, gzip.BadGzipFile, zlib.error):
        raise Refused(f"{_DAMAGED}: a table cannot be read ({name})", do=_OTHER) from None


def _same(found: Digest, held: TableHeld, name: str) -> None:
    if (found.rows, found.sha256) != (held.rows, held.sha256):
        raise Refused(f"{_DAMAGED}: a table is not what was written ({name})", do=_OTHER)


def _lines(path: Path) -> Iterator[bytes]:
    with gzip.open(path, "rb") as file:
        yield from file
