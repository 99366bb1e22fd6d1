"""What a backup says of itself: every file and every table with its SHA-256."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Final

FORM: Final = "peelian-backup-1"
MANIFEST: Final = "manifest.json"
RECORDS: Final = "records"
"""Folder of a backup that holds the tables, one gzip file of JSON lines each."""
FILES: Final = "files"
"""Folder of a backup that holds the workspace's files."""


@dataclass(frozen=True)
class TableHeld:
    """One table: the names of its columns, rows, and SHA-256 of its lines before compression."""

    columns: list[str]
    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """A backup: `schema` is the catalogue's migration, `files` path to (bytes, SHA-256)."""

    version: str
    schema: str
    made: str
    snapshot: int
    audit_rows: int
    audit_head: str
    events: int
    tables: dict[str, TableHeld]
    files: dict[str, tuple[int, str]]

    @property
    def bytes(self) -> int:
        """Give the size of the workspace's files."""
        return sum(size for size, _ in self.files.values())

    def dumps(self) -> str:
        """Give the manifest's text."""
        return json.dumps({"form": FORM, **asdict(self)}, indent=1, sort_keys=True) + "\n"


def read_manifest(text: str) -> Manifest:
    """Read a manifest.

    Raises:
        ValueError: it is none of ours, or names a path that leads outside the workspace.
    """
    try:
        said: dict[str, Any] = json.loads(text)
    except RecursionError as error:
        raise ValueError("not a manifest") from error
    if not isinstance(said, dict) or said.pop("form", None) != FORM:
        raise ValueError("not a manifest")
    try:
        said["tables"] = {_name(name): TableHeld(**one) for name, one in said["tables"].items()}
        said["files"] = {_inside(path): (int(size), str(sha)) for path, (size, sha) in said["files"].items()}
        return Manifest(**said)
    except (TypeError, KeyError, AttributeError, OverflowError) as error:
        raise ValueError("not a manifest") from error


def _name(name: str) -> str:
    if not name.replace("_", "").isalnum():
        raise ValueError("not a table")
    return name


def _inside(path: str) -> str:
    """Refuse a path that would be written anywhere but under the workspace.

    >>> _inside("runs/a/run.json")
    'runs/a/run.json'
    """
    parts = path.split("/")
    if "\\" in path or "\0" in path or any(part in ("", ".", "..") for part in parts):
        raise ValueError("a path leads outside")
    return path
