"""The worker and the taker beside the server leave with it, however the server ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from peelian.cli import worker_beside
from peelian.cli.state import STATE


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_outlives_its_server(tmp_path: Path, how: signal.Signals) -> None:
    command = [sys.executable, "-m", "peelian", "--home", str(tmp_path), "serve", "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    assert "Peelian is at" in server.stdout.readline()
    beside = psutil.Process(server.pid).children(recursive=True)
    assert len(beside) >= 2, "a worker, and a taker"
    os.kill(server.pid, how)
    code = server.wait(120)
    if how is signal.SIGTERM:  # by its own last steps: it ended them, and waited for them
        assert code == 0
        assert not any(one.is_running() for one in beside)
    for _ in range(450):
        if all(not one.is_running() or one.status() == psutil.STATUS_ZOMBIE for one in beside):
            return
        time.sleep(0.2)
    for one in beside:
        one.kill()
    raise AssertionError("a process outlived its server")


def test_a_worker_that_ends_alone_is_begun_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told, stand_in = tmp_path / "told", tmp_path / "stand-in"
    stand_in.write_text(f'#!/bin/sh\necho "$$ $PEELIAN_DATABASE $*" >> {told}\nexec sleep 60\n')
    stand_in.chmod(0o755)
    monkeypatch.setattr(worker_beside.sys, "executable", str(stand_in))
    monkeypatch.setattr(worker_beside, "_BACK_S", (0.05,))
    monkeypatch.setattr(STATE, "database", "postgresql://me:hush@there/x")

    def begun(n: int) -> list[list[str]]:
        for _ in range(500):
            found = told.read_text().splitlines() if told.exists() else []
            if len(found) >= n:
                return [one.split() for one in found]
            time.sleep(0.02)
        raise AssertionError("it was not begun")

    with worker_beside.worker():
        os.kill(int(begun(1)[0][0]), signal.SIGKILL)
        first, second = begun(2)[:2]
    assert first[1:] == second[1:]
    assert first[1] == "postgresql://me:hush@there/x", "by the environment"
    assert "hush" not in " ".join(first[2:]), "not on the command line"
    assert not psutil.pid_exists(int(second[0]))
