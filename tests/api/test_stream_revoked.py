"""An open stream ends within five seconds of its follower's revocation, also where nothing else is sent."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from starlette.types import Message, Receive, Scope, Send

from peelian.api import sessions as watching
from peelian.api.access import Access
from peelian.api.broadcast import HEARTBEAT_S, Broadcast, EventStream
from peelian.domain.actor import LOCAL_ANALYST
from peelian.store import accounts
from peelian.store.catalogue import transaction
from peelian.store.sessions import begin, sign_in
from peelian.store.workspace import Workspace
from tests.workspaces import fresh

from .signing import account


def test_the_bound_holds_in_the_worst_case() -> None:
    """A message just before the next look, then silence until the heartbeat."""
    assert watching.AGAIN_S + HEARTBEAT_S < 5


async def _followed(ws: Workspace, house: Any, token: str) -> list[Message]:
    stream, sent = Broadcast("s"), []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await EventStream(stream, None)(scope, receive, send)

    async def receive() -> Message:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)
        if len(sent) == 2:  # the stream has begun: now the account goes
            with transaction(ws) as conn:
                accounts.revoke(conn, "s1001")

    scope = {"type": "http", "method": "GET", "path": "/api/v1/stream",
             "headers": [(b"cookie", f"peelian={token}".encode())]}  # fmt: skip
    async with asyncio.timeout(30):
        await watching.Sessions(app, house)(scope, receive, send)
    return sent


def test_a_silent_stream_ends_when_its_follower_is_revoked(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("peelian.api.broadcast.HEARTBEAT_S", 0.1)
    monkeypatch.setattr(watching, "AGAIN_S", 0.05)
    ws, access = fresh(tmp_path / "home"), Access("accounts", "kent")
    one = account(ws, "s1001")
    with transaction(ws) as conn:
        token = sign_in(conn, begin(conn, {}), one, "analysis", access.limits)
    house = SimpleNamespace(ws=ws, access=access, actor=LOCAL_ANALYST)
    found: list[list[Message]] = []

    def run() -> None:
        found.append(asyncio.run(_followed(ws, house, token)))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(40)
    assert found, "the stream went on"
    assert found[0][-1]["more_body"] is False
    assert len(found[0]) <= 4  # begun, reset, at most one beat, the end
