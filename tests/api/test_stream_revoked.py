"""An open stream ends within five seconds of its follower's revocation, also where nothing else is sent."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Connection
from starlette.types import Message, Receive, Scope, Send

from peelian.api import sessions as watching
from peelian.api.access import Access
from peelian.api.broadcast import HEARTBEAT_S, Broadcast, EventStream
from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.agreement import Agreement
from peelian.store import accounts
from peelian.store.accounts import Account
from peelian.store.agreements import add_agreement, change_term, today
from peelian.store.catalogue import transaction
from peelian.store.sessions import begin, sign_in
from peelian.store.workspace import Workspace
from tests.workspaces import fresh

from .signing import account


def test_the_bound_holds_in_the_worst_case() -> None:
    """A message just before the next look, then silence until the heartbeat."""
    assert watching.AGAIN_S + HEARTBEAT_S < 5


def _revoke(conn: Connection) -> None:
    accounts.revoke(conn, "s1001")


def _lose_the_role(conn: Connection) -> None:
    accounts.set_reach(conn, Account("s1001", "partner", "kent", "Council", ("*",), ("*",), ("*",)))


def _end_the_agreement(conn: Connection) -> None:
    change_term(conn, "isa", ended=today() - timedelta(days=1))


async def _followed(ws: Workspace, house: Any, token: str, act: Any) -> list[Message]:
    stream, sent = Broadcast("s"), []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await EventStream(stream, None)(scope, receive, send)

    async def receive() -> Message:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)
        if len(sent) == 2:  # the stream has begun: now its ground goes
            with transaction(ws) as conn:
                act(conn)

    scope = {"type": "http", "method": "GET", "path": "/api/v1/stream",
             "headers": [(b"cookie", f"peelian={token}".encode())]}  # fmt: skip
    async with asyncio.timeout(30):
        await watching.Sessions(app, house)(scope, receive, send)
    return sent


@pytest.mark.parametrize("act", [_revoke, _lose_the_role, _end_the_agreement])
def test_a_silent_stream_ends_when_its_ground_goes(tmp_path: Path, monkeypatch: Any, act: Any) -> None:
    monkeypatch.setattr("peelian.api.broadcast.HEARTBEAT_S", 0.1)
    monkeypatch.setattr(watching, "AGAIN_S", 0.05)
    ws, access = fresh(tmp_path / "home"), Access("accounts", "kent")
    one = account(ws, "s1001")
    day = today() - timedelta(days=30)
    parts = ("cda-s115", ("analysis",), ("Council",), ("*",), day, day + timedelta(days=90))
    with transaction(ws) as conn:
        add_agreement(conn, Agreement("isa", "A sharing agreement", "Ambulance", *parts), force="kent")
        token = sign_in(conn, begin(conn, {}), one, "analysis", access.limits)
    house = SimpleNamespace(ws=ws, access=access, actor=LOCAL_ANALYST)
    found: list[list[Message]] = []

    def run() -> None:
        found.append(asyncio.run(_followed(ws, house, token, act)))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(40)
    assert found, "the stream went on"
    assert found[0][-1]["more_body"] is False
    assert len(found[0]) <= 4  # begun, reset, at most one beat, the end
