"""What a page or the map says where a forecast is shown of an area that stands in no register of deployments.

The register is read when a page asks, not before: byte layers of a forecast cost no look-up.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Final

from peelian.store.deployments import EVERY, deployments, stopped_now
from peelian.store.workspace import Workspace

SENTENCE: Final = (
    "This area is in no register of deployments: no senior owner, lawful basis or ethics status is on record."
)
_SHOWN: ContextVar[tuple[Workspace, str] | None] = ContextVar("area whose forecast is shown", default=None)


def shows_forecast_of(ws: Workspace, area: str, *, simulated: bool) -> None:
    """Note, for this request, whose forecast is shown; a fictional place needs no register."""
    _SHOWN.set(None if simulated else (ws, area))


def register_notice() -> str:
    """Give the sentence where the forecast shown is of an area in no register; else nothing."""
    shown = _SHOWN.get()
    if shown is None:
        return ""
    ws, area = shown
    return "" if {area, EVERY} & set(deployments(ws)) else SENTENCE


def left_out(ws: Workspace, areas: set[str]) -> list[str]:
    """Say of which of these areas nothing is listed, and why."""
    now = stopped_now(ws)
    return [f"Nothing of {area} is listed: {why}." for area in sorted(areas) if (why := now.of(area))]
