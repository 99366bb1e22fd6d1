"""The worker beside the server leaves with it, however the server ends."""

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
def test_no_worker_outlives_its_server(tmp_path: Path, how: signal.Signals) -> None:
    command = [sys.executable, "-m", "peelian", "--home", str(tmp_path), "serve", "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    assert "Peelian is at" in server.stdout.readline()
    (worker,) = psutil.Process(server.pid).children()
    os.kill(server.pid, how)
    server.wait(30)
    for _ in range(150):
        if not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE:
            return
        time.sleep(0.2)
    worker.kill()
    raise AssertionError("the worker outlived its server")
