"""Which process a piece of work belongs to, and whether that process still lives."""

from __future__ import annotations

import os
import socket
from typing import Final

THIS_WORKER: Final = f"{socket.gethostname()}:{os.getpid()}"


def is_gone(worker: str) -> bool:
    """Say whether a worker (`host:process`) was of this machine and is there no more."""
    host, _, process = worker.rpartition(":")
    if host != socket.gethostname() or not process.isdigit():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
