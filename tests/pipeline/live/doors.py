"""A door with one feed of incident logs of the fictional force, and rows to send."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from peelian.pipeline.context import Context
from peelian.pipeline.live.credentials import FeedRequest, add
from peelian.pipeline.live.door import LiveDoor
from peelian.store.workspace import Workspace

FEED = "control-room"
BASE = datetime(2024, 2, 1, 12, 0)
NOW = datetime(2024, 3, 1, tzinfo=UTC)
Row = dict[str, Any]


def row(name: str, *, at: int = 0, known: int = 1, code: str = "ASB-N", result: str = "NFA") -> Row:
    """One incident: opened `at` minutes after noon, told `known` hours after noon."""
    place = sum(name.encode())
    return {
        "Incident No": name, "Opened": _said(BASE + timedelta(minutes=at)),
        "Closed": _said(BASE + timedelta(hours=known)), "Opening Code": "ASB", "Closing Code": code,
        "Grade": "3", "Source of Report": "101", "Result": result, "Location": None,
        "Easting": 550_000 + place, "Northing": 510_000 + place,
    }  # fmt: skip


def _said(moment: datetime) -> str:
    return moment.strftime("%d/%m/%Y %H:%M")


def lines(rows: Iterable[Row]) -> bytes:
    return "".join(json.dumps(one) + "\n" for one in rows).encode()


def made(ws: Workspace, **more: Any) -> tuple[Context, LiveDoor, str]:
    """Register the feed; give the context, an open door and the credential."""
    ctx = Context(ws)
    secret = add(ctx, FeedRequest(FEED, "police-incidents", 5))
    return ctx, LiveDoor(ctx, now=lambda: NOW, **more), secret
