"""Returns kept in the workspace: a folder each, with the figures (JSON), a workbook and a document."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

from peelian.domain.errors import NotFound
from peelian.store.workspace import Workspace

_ID: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,120}")
FORMATS: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def folder_of(ws: Workspace, id_: str) -> Path:
    """Name the folder of a return.

    Raises:
        NotFound: that is no id of one.
    """
    if not _ID.fullmatch(id_):
        raise NotFound("there is no such return here", expected="an id that /returns shows")
    return ws.home / "returns" / id_


def read_return(ws: Workspace, id_: str) -> dict[str, Any]:
    """Give the figures of a return.

    Raises:
        NotFound: there is none of that id.
    """
    file = folder_of(ws, id_) / "return.json"
    if not file.is_file():
        raise NotFound("there is no such return here", expected="an id that /returns shows")
    body: dict[str, Any] = json.loads(file.read_text())
    return body


def list_returns(ws: Workspace) -> list[dict[str, Any]]:
    """List returns without their figures, the newest first."""
    found = [json.loads(file.read_text()) for file in (ws.home / "returns").glob("*/return.json")]
    told = [{name: value for name, value in one.items() if name != "blocks"} for one in found]
    return sorted(told, key=lambda one: (one["made"], one["id"]), reverse=True)
