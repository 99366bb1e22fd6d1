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


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_outlives_its_server(tmp_path: Path, how: signal.Signals) -> None:
    command = [sys.executable, "-m", "peelian", "--home", str(tmp_path), "serve", "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    assert "Peelian is at" in server.stdout.readline()
    beside = psutil.Process(server.pid).children(recursive=True)
    assert len(beside) >= 2, "a worker, and a taker"
    os.kill(server.pid, how)
    server.wait(30)
    for _ in range(150):
        if all(not one.is_running() or one.status() == psutil.STATUS_ZOMBIE for one in beside):
            return
        time.sleep(0.2)
    for one in beside:
        one.kill()
    raise AssertionError("a process outlived its server")
