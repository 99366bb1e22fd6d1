"""A taker in a process of its own, so that the door and the browsers do not share an interpreter with it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import suppress
from typing import IO, Final

import structlog

from peelian.domain.live import Listener
from peelian.pipeline.context import Context
from peelian.pipeline.live import taker_process
from peelian.pipeline.live.taken_wire import receive

log = structlog.get_logger()
_BACK_S: Final = (0.2, 1.0, 2.0, 5.0)
"""After so long a process that ended is begun again; longer where the last ones told nothing."""
_END_S: Final = 30.0


class TakerBeside:
    """Has the same face as `Taker`. Begins the process, tells the listeners, begins it again when it ends.

    The inbox is the only tie: the process may be killed at any instant. What was committed and not told is
    made good by the first thing a new one says: how far the ledger is. It works as the local analyst, as the
    worker of the queue does.
    """

    def __init__(self, ctx: Context) -> None:
        self.listeners: list[Listener] = []
        self._ctx = ctx
        self._process: subprocess.Popen[bytes] | None = None
        self._heard = False
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def pid(self) -> int | None:
        """The process that takes now."""
        return self._process.pid if self._process else None

    def wake(self) -> None:
        """Say that something waits. One that cannot hear it looks by itself soon."""
        with self._lock, suppress(OSError, ValueError):
            if self._process is not None and self._process.stdin is not None:
                os.write(self._process.stdin.fileno(), b".")

    def start(self) -> None:
        """Begin to take."""
        self._thread = threading.Thread(target=self._run, name="taker beside", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Let it finish the taking at hand, then end. What waits stays in the inbox.

        One that told nothing yet has nothing at hand, and is not waited for.
        """
        self._stopped.set()
        with self._lock:
            process = self._process
            if process is not None and process.stdin is not None:
                with suppress(OSError):
                    process.stdin.close()
            if process is not None and not self._heard:
                process.kill()
        if self._thread is not None:
            self._thread.join(_END_S)
        if process is not None:
            if self._thread is not None and self._thread.is_alive():
                process.kill()
            process.wait()

    def _run(self) -> None:
        silent = 0
        while not self._stopped.is_set():
            try:
                silent = 0 if self._once() else silent + 1
            except Exception as error:  # the thread lives as long as the server
                silent += 1
                log.warning("taker fails", kind=type(error).__name__)
            self._stopped.wait(_BACK_S[min(silent, len(_BACK_S) - 1)])

    def _once(self) -> bool:
        """Begin the process and follow it to its end; say whether it told anything."""
        with self._lock:
            if self._stopped.is_set():
                return False
            process, self._heard = self._begin(), False
            self._process = process
        try:
            assert process.stdout is not None
            return self._follow(process.stdout)
        finally:
            if not self._stopped.is_set():
                process.kill()  # where it told nonsense; nearly always it is gone already
                log.warning("taker ended", code=process.wait())

    def _begin(self) -> subprocess.Popen[bytes]:
        # The address of a database may hold a password: it goes by the environment, not the command.
        database = self._ctx.ws.engine.url.render_as_string(hide_password=False)
        process = subprocess.Popen(
            [sys.executable, "-m", taker_process.__name__, str(self._ctx.ws.home), self._ctx.purpose],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | {"PEELIAN_DATABASE": database},
        )  # fmt: skip
        assert process.stdin is not None
        os.set_blocking(process.stdin.fileno(), False)  # a door must not wait for a busy taker
        return process

    def _follow(self, told: IO[bytes]) -> bool:
        """Tell the listeners until the process ends; say whether it told anything."""
        while (taken := receive(told)) is not None:
            self._heard = True
            for listener in self.listeners:
                try:
                    listener(taken)
                except Exception as error:  # one that fails must not stop the others
                    log.error("listener", kind=type(error).__name__)
        return self._heard
