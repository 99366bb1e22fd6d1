"""A real nats-server of a test's own, and what is sent through it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

needs_nats = pytest.mark.skipif(
    bool(os.environ.get("PEELIAN_NO_NATS")) or shutil.which("nats-server") is None,
    reason="no nats-server here: install Debian's nats-server to run this",
)
BASE = {
    "Opened": "01/10/2026 00:16", "Closed": "01/10/2026 03:32", "Opening Code": "ASB",
    "Closing Code": "ASB-N", "Grade": "3", "Source of Report": "101", "Result": "ATTENDED", "Location": "",
    "Northing": 509993.5,
}  # fmt: skip


def line(k: int) -> bytes:
    """One incident of the fictional force as a line of JSON."""
    row = BASE | {"Incident No": f"STM-{k:08}", "Easting": 557281.5 + k % 50}
    return json.dumps(row).encode() + b"\n"


class Nats:
    """A server that can be killed and started again on the same port with the same files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = ["nats-server", "-js", "-sd", str(self.folder), "-a", "127.0.0.1", "-p", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 20
        while time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError("nats-server does not answer")

    def kill(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(10)
            self.process = None
