"""Tell a server's stream of warnings that any process raised or moved on."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Thread
from typing import Final

import structlog

from peelian.store.warning_life import Change, changes_since, last_change
from peelian.store.workspace import Workspace

log = structlog.get_logger()
_EVERY_S: Final = 1.0


def newly_raised(warn: Callable[[str], None]) -> Callable[[Change], None]:
    """Give a listener that tells the ids of new warnings only: what goes on is no news."""

    def hear(change: Change) -> None:
        if change.step == "raised":
            warn(change.warning)

    return hear


def follow_warnings(
    ws: Workspace, tell: Callable[[Change], None], wanted: Callable[[], bool], *, every_s: float = _EVERY_S
) -> Thread:
    """Call `tell` for each change from now on, whichever process made it, until it is not wanted.

    Beside `store.warning_life.on_warning`, which hears at once but only of its own process: use one of them.
    """
    position = last_change(ws)

    def run() -> None:
        nonlocal position
        while wanted():
            try:
                position, changes = changes_since(ws, position)
                for change in changes:
                    tell(change)
            except Exception as error:  # a database away for a minute must not end the stream
                log.error("following warnings", kind=type(error).__name__)
            time.sleep(every_s)

    thread = Thread(target=run, name="warnings", daemon=True)
    thread.start()
    return thread
