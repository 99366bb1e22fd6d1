"""Returns kept in the workspace: a folder each, with the figures (JSON), a workbook and a document."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

from peelian.domain.actor import ANY
from peelian.domain.errors import NotFound
from peelian.store.catalogue import reading
from peelian.store.row_cut import reader_now
from peelian.store.stopped import check_running, stops
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
        Refused: its area is stopped.
    """
    file = folder_of(ws, id_) / "return.json"
    if not file.is_file():
        raise NotFound("there is no such return here", expected="an id that /returns shows")
    body: dict[str, Any] = json.loads(file.read_text())
    if not _may_read(body):
        raise NotFound("there is no such return here", expected="an id that /returns shows")
    with reading(ws) as conn:
        check_running(conn, str(body["area"]))
    return body


def list_returns(ws: Workspace) -> list[dict[str, Any]]:
    """List returns without their figures, those the present reader may see, the newest first."""
    found = [json.loads(file.read_text()) for file in (ws.home / "returns").glob("*/return.json")]
    with reading(ws) as conn:
        now = stops(conn)
    kept = [one for one in found if _may_read(one) and not now.of(str(one["area"]))]
    told = [{n: value for n, value in one.items() if n != "blocks"} for one in kept]
    return sorted(told, key=lambda one: (one["made"], one["id"]), reverse=True)


def _may_read(body: dict[str, Any]) -> bool:
    """Say whether a return lies within the present reader's forces, areas and agreements."""
    reader = reader_now()
    if reader is None:
        return True
    forces = ANY in reader.forces or set(body["forces"]) <= set(reader.forces)
    area = ANY in reader.areas or body["area"] in reader.areas
    return forces and area and set(body["agreements"]) <= reader.agreements
