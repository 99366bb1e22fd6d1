"""A watched folder: complete files are taken once, bad ones are set aside with the reason beside them."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from peelian.domain.errors import Misuse, NotNow
from peelian.domain.live import Answer
from peelian.pipeline.live.folder import WatchedFolder
from peelian.pipeline.live.taker import Taker
from peelian.store.ledger import read_events
from tests.pipeline.live.doors import FEED, lines, made, row
from tests.workspaces import fresh


def _drop(folder: Path, name: str, body: bytes, age_s: float = 10) -> Path:
    path = folder / name
    path.write_bytes(body)
    os.utime(path, (time.time() - age_s,) * 2)
    return path


def test_files_are_taken_refused_and_never_twice(tmp_path: Path) -> None:
    ctx, door, _ = made(fresh(tmp_path / "home"))
    folder = tmp_path / "in"
    folder.mkdir()
    said: list[str] = []
    watched = WatchedFolder(door, folder, FEED, said.append)
    good = lines([row("A"), row("B") | {"Opened": "never"}])
    _drop(folder, "one.jsonl", good)
    _drop(folder, "bad.jsonl", b"{nonsense\n")
    _drop(folder, "people.jsonl", lines([row("C") | {"Note": "07700 900123"}]))
    _drop(folder, "writing.jsonl", good, age_s=0)
    _drop(folder, "one.tmp", good)
    assert watched.look() == 3
    assert sorted(one.name for one in folder.iterdir() if one.is_file()) == ["one.tmp", "writing.jsonl"]
    assert [one.name for one in (folder / "done").iterdir()] == ["one.jsonl"]
    refused = sorted(one.name for one in (folder / "refused").iterdir())
    assert refused == ["bad.jsonl", "bad.jsonl.txt", "people.jsonl", "people.jsonl.txt"]
    why = (folder / "refused" / "people.jsonl.txt").read_text()
    assert "Note" in why
    assert "07700" not in why
    _drop(folder, "one.jsonl", good)  # the same again
    assert watched.look() == 1
    assert sorted(one.name for one in (folder / "done").iterdir()) == ["one-2.jsonl", "one.jsonl"]
    Taker(ctx).drain()
    assert read_events(ctx.ws).height == 1
    assert "one.jsonl: 2 rows read, 1 accepted, 1 put aside" in said
    door.stop()


class _Slow:
    """An inlet whose database is down the first time."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    def put(self, feed: str, key: str, body: bytes, *, secret: str | None = None) -> Answer:
        self.bodies.append(body)
        if len(self.bodies) == 1:
            raise NotNow("down")
        return Answer(feed, key, 1, body.count(b"\n"), 0, 0)


def test_large_files_go_in_pieces_and_stay_while_the_database_is_down(tmp_path: Path) -> None:
    inlet = _Slow()
    watched = WatchedFolder(inlet, tmp_path, FEED, lambda _: None)
    path = _drop(tmp_path, "large.jsonl", b'{"a": 1}\n' * 12_001)
    with pytest.raises(NotNow):
        watched.look()
    assert path.exists()
    assert watched.look() == 1
    assert [body.count(b"\n") for body in inlet.bodies[1:]] == [5_000, 5_000, 2_001]
    with pytest.raises(Misuse):
        WatchedFolder(inlet, tmp_path / "nowhere", FEED, lambda _: None)
