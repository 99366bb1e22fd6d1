"""What an area is called, for pages: a table holds its code, a person reads its name."""

from __future__ import annotations

import json
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from peelian.domain.forces import FORCES
from peelian.store.runs import list_runs
from peelian.store.workspace import Workspace

_HERE: ContextVar[Workspace | None] = ContextVar("workspace whose areas are named", default=None)
_FORCES = {one.code: one.name for one in FORCES}


class AreaNames:
    """ASGI middleware: the pages of its app name the areas of one workspace."""

    def __init__(self, app: ASGIApp, ws: Workspace) -> None:
        self.app, self.ws = app, ws

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; nothing is read until a page asks for a name."""
        token = _HERE.set(self.ws)
        try:
            await self.app(scope, receive, send)
        finally:
            _HERE.reset(token)


def area_name(code: str) -> str:
    """Give the name of an area or force as frozen here, as a run has it, or as forces are called.

    Where none is known the code is given back, so that nothing is shown as if it had no place.
    """
    ws = _HERE.get()
    if ws is None or not code:
        return code
    return _frozen(ws).get(code) or _FORCES.get(code) or _of_run(ws, code) or code


def _frozen(ws: Workspace) -> dict[str, str]:
    """Give the names of the areas whose squares are frozen, by code."""
    return dict(_named(path, path.stat().st_mtime_ns) for path in ws.areas.glob("*.json"))


@lru_cache(maxsize=256)
def _named(path: Path, _modified: int) -> tuple[str, str]:
    said = json.loads(path.read_text(encoding="utf-8"))
    return str(said["code"]), str(said.get("name") or "")


def _of_run(ws: Workspace, code: str) -> str:
    """Give the name on the newest run's card that the reader may see; nothing where there is none."""
    rows = list_runs(ws, code, last=1)
    area = rows[0].card.get("area") if rows else None
    return str(area.get("name") or "") if isinstance(area, dict) else ""
