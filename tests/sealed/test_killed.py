"""Killed for real (SIGKILL) before each step of a move, and behind a writer: nothing is lost, all is told."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import suppress
from pathlib import Path

from peelian.domain.errors import Misuse
from peelian.store.sealed import moving, program
from peelian.store.sealed.place import Place, mounts_below, state_of
from tests.sealed.made import KEY, OTHER, fill, kill_mount, killed_at, needs_seal, read

FILES = {"a.txt": b"one", "deep/b.bin": bytes(range(256)) * 40}
TRACED: list[tuple[object, str]] = [
    (program, "init"), (program, "mount"), (program, "unmount"), (moving, "copy_tree"),
    (moving, "make_durable"), (moving, "check_same"), (Path, "rename"), (shutil, "rmtree"),
]  # fmt: skip
STEPS = 16
"""More than either move has: the last ones end by themselves, which the tests demand."""


def sealed(place: Place) -> None:
    fill(place.home, FILES)
    with moving.alone(place):
        moving.seal(place, KEY)


def opens_with(place: Place, key: str) -> bool:
    with suppress(Misuse):
        moving.open_at(place, key)
        return True
    return False


@needs_seal
def test_killed_before_any_step_of_sealing_nothing_is_lost(place: Place) -> None:
    ended, states = 0, set()
    for step in range(1, STEPS):
        fill(place.home, FILES)

        def work() -> None:
            with moving.alone(place):
                moving.seal(place, KEY)

        ended += not killed_at(step, work, TRACED)
        states.add(state_of(place))
        with moving.alone(place):
            assert state_of(place) in ("plain", "closed", "open"), step
            if state_of(place) == "closed":
                assert opens_with(place, KEY), step
        assert read(place.home) == FILES, step
        if state_of(place) == "plain":
            assert place.left() == [], step
        else:
            moving.close_at(place)
            for folder in (place.cipher, place.aside):
                shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(place.home, ignore_errors=True)
    assert ended >= 1
    assert states == {"plain", "unfinished", "closed", "open"}  # each was met


@needs_seal
def test_killed_before_any_step_of_sealing_afresh_one_key_opens_all(place: Place) -> None:
    ended, keys = 0, set()
    sealed(place)
    moving.close_at(place)
    shutil.copytree(place.cipher, place.home.parent / "kept")
    for step in range(1, STEPS):
        shutil.rmtree(place.cipher)
        shutil.copytree(place.home.parent / "kept", place.cipher)

        def work() -> None:
            with moving.alone(place):
                moving.seal_afresh(place, KEY, OTHER)
                moving.open_at(place, OTHER)

        ended += not killed_at(step, work, TRACED)
        assert state_of(place) in ("closed", "unfinished", "open"), step
        if state_of(place) == "open":
            moving.close_at(place)
        with moving.alone(place):
            opened = [key for key in (KEY, OTHER) if opens_with(place, key)]
        assert len(opened) == 1, step
        keys.update(opened)
        assert read(place.home) == FILES, step
        assert place.left() == [], step
        moving.close_at(place)
    assert ended >= 1
    assert keys == {KEY, OTHER}  # before the swap the one, after it the other


@needs_seal
def test_the_mounts_of_a_killed_move_are_taken_away(place: Place) -> None:
    fill(place.home, FILES)

    def work() -> None:
        with moving.alone(place):
            moving.seal(place, KEY)

    assert killed_at(1, work, [(moving, "copy_tree")])
    assert mounts_below(place.home.parent) == [place.mounts / "new"]
    with moving.alone(place):
        assert mounts_below(place.home.parent) == []
    assert read(place.home) == FILES


@needs_seal
def test_what_was_committed_outlives_a_killed_mount(place: Place) -> None:
    with moving.alone(place):
        moving.seal(place, KEY)
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        with suppress(sqlite3.Error, OSError):
            _write_rows(place.home / "rows.db", tell)
        os._exit(0)
    os.close(tell)
    with os.fdopen(told, "rb") as said:
        committed = [said.readline() for _ in range(40)]
        kill_mount(place)
        committed += said.readlines()
    os.waitpid(child, 0)
    moving.open_at(place, KEY)
    connection = sqlite3.connect(place.home / "rows.db")
    assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
    assert connection.execute("select count(*) from row").fetchone()[0] >= len(committed)
    connection.close()
    moving.close_at(place)
    assert state_of(place) == "closed"


def _write_rows(path: Path, tell: int) -> None:
    """Commit a row at a time, as the records do, and tell each once it is durable."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("pragma journal_mode=wal")
    connection.execute("pragma synchronous=full")
    connection.execute("create table row (body text)")
    for _ in range(100_000):
        connection.execute("insert into row values (hex(randomblob(900)))")
        os.write(tell, b"1\n")
