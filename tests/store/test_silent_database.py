"""A database that takes the connection and never says a word is given up, with a sentence."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from peelian.domain.errors import Fault, NotNow
from peelian.store import engine
from peelian.store.reachable import reachable
from peelian.store.workspace import open_workspace

pytestmark = pytest.mark.timeout(60)


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Listen, take connections in the backlog, and never answer; libpq waits two seconds at the least."""
    monkeypatch.setattr(engine, "CONNECT_S", 2)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(16)
        yield f"postgresql://peelian@127.0.0.1:{listening.getsockname()[1]}/records"


def test_opening_says_that_the_database_is_silent(silent: str, tmp_path: Path) -> None:
    with pytest.raises(Fault) as told:
        open_workspace(tmp_path / "home", silent)
    assert told.value.sentence == (
        "the records database took no connection in time: it, or what lies between, is silent. "
        "Expected: an answer within 2 s, or as connect_timeout in --database says. "
        "Check its host and port, the firewall, and that the server is not stuck."
    )


def test_at_work_it_is_a_database_that_does_not_answer(silent: str) -> None:
    with pytest.raises(NotNow), reachable(), engine.make_engine(silent).connect():
        pass


def test_what_the_address_says_of_waiting_stands(silent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "CONNECT_S", 3600)
    with pytest.raises(NotNow), reachable(), engine.make_engine(f"{silent}?connect_timeout=2").connect():
        pass
