"""A listener's own taker: it steps in where no server takes what the listener put in."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Final

import structlog

from peelian.pipeline.context import Context
from peelian.pipeline.live.taker import Taker
from peelian.store.catalogue import now
from peelian.store.inbox import backlog

log = structlog.get_logger()
PATIENCE: Final = timedelta(seconds=5)
"""A server beside takes within a second, and tells its pages; what waits longer has no server."""
_LOOK_S: Final = 2.0


class SteppingIn:
    """Takes what has waited longer than `PATIENCE`, in a thread of its own."""

    def __init__(self, ctx: Context) -> None:
        self._ctx, self._taker = ctx, Taker(ctx)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="stepping in", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the taking at hand, then end."""
        self._stopped.set()
        self._thread.join(30)

    def look(self) -> int:
        """Take what nobody took; give how many batches."""
        _, since = backlog(self._ctx.ws)
        return 0 if since is None or now() - since < PATIENCE else self._taker.take_once()

    def _run(self) -> None:
        while not self._stopped.wait(_LOOK_S):
            try:
                self.look()
            except Exception as error:  # the database may be away: the thread goes on
                log.warning("taker waits", kind=type(error).__name__)
