"""The worker of the queue beside a server: begun with it, begun again when it ends alone, ended with it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from peelian.cli.state import STATE, home_folder

_BACK_S: Final = (5.0, 10.0, 20.0)
"""After so long a worker that ended is begun again; longer where the last ones ended soon."""
_SOON_S: Final = 60.0
_END_S: Final = 10.0


@contextmanager
def worker(environment: dict[str, str] | None = None) -> Iterator[None]:
    """Run `peelian work --forever` as a process of its own, so that long work never slows a page."""
    beside = _Beside(environment)
    thread = threading.Thread(target=beside.keep, name="worker beside", daemon=True)
    thread.start()
    try:
        yield
    finally:
        beside.end()
        thread.join(_END_S)


class _Beside:
    """Keeps one worker running. What a worker had at hand when it ended, the next one takes up."""

    def __init__(self, environment: dict[str, str] | None) -> None:
        self._environment = environment
        self._lock, self._ended = threading.Lock(), threading.Event()
        self._process: subprocess.Popen[bytes] | None = None

    def keep(self) -> None:
        """Begin it, and again, until `end`."""
        soon = 0
        while (process := self._begun()) is not None:
            began = time.monotonic()
            process.wait()
            soon = soon + 1 if time.monotonic() - began < _SOON_S else 0
            self._ended.wait(_BACK_S[min(soon, len(_BACK_S) - 1)])

    def end(self) -> None:
        """End it, and let none begin any more."""
        with self._lock:
            self._ended.set()
            process = self._process
        if process is not None:
            process.terminate()
            try:
                process.wait(_END_S)
            except subprocess.TimeoutExpired:
                process.kill()

    def _begun(self) -> subprocess.Popen[bytes] | None:
        command = [sys.executable, "-m", "peelian", "--home", str(home_folder())]
        environment = dict(os.environ if self._environment is None else self._environment)
        if STATE.database:  # it may hold a password, which others could read in a command line
            environment["PEELIAN_DATABASE"] = STATE.database
        with self._lock:
            if self._ended.is_set():
                return None
            self._process = subprocess.Popen(
                [*command, "work", "--forever", "--beside", str(os.getpid())],
                stdout=subprocess.DEVNULL, env=environment,
            )  # fmt: skip
            return self._process
