"""Mappings under which files were taken, by the digest of their text: to read rows put aside once more."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from peelian.store.workspace import Workspace


def keep_mapping(ws: Workspace, sha256: str, body: dict[str, Any]) -> None:
    """Keep a mapping's content; the same digest is kept once."""
    path = _path(ws, sha256)
    if path.is_file():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    temporary.write_text(json.dumps(body, ensure_ascii=False))
    temporary.rename(path)


def held_mapping(ws: Workspace, sha256: str) -> dict[str, Any] | None:
    """Give a mapping's content, or None."""
    path = _path(ws, sha256)
    if not path.is_file():
        return None
    body: dict[str, Any] = json.loads(path.read_text())
    return body


def forget_mapping(ws: Workspace, sha256: str) -> None:
    """Delete the copy of a mapping, where there is one."""
    _path(ws, sha256).unlink(missing_ok=True)


def _path(ws: Workspace, sha256: str) -> Path:
    name = "".join(letter for letter in sha256 if letter.isalnum())
    return ws.home / "mappings" / f"{name}.json"
