"""The live desks of a server on which people sign in: one a force, opened when first asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from peelian.api.live_desk import LiveDesk
from peelian.domain.actor import ANY
from peelian.domain.errors import Refused
from peelian.domain.live import Taken

MOST: Final = 60
"""There are 43 territorial forces in England and Wales; each desk costs a thread and a running state."""


class LiveDesks:
    """Has the face of one desk to the taker and the server; `of` gives a force's own.

    `open_one` opens the desk of some forces' records; None: of all. `home` is the workspace's own force, of
    which records are that name none. A force's desk follows its newest run and its feeds, and is told of
    nothing else; accounts of every force (`*`) follow the newest run of all.
    """

    def __init__(self, open_one: Callable[[tuple[str, ...] | None], LiveDesk], home: str) -> None:
        self._open_one, self._home = open_one, home
        self._desks: dict[str, LiveDesk] = {}
        self._lock = threading.Lock()
        self._running = False

    def of(self, force: str) -> LiveDesk:
        """Give the desk of a force, or of all (`*`); one that is new starts at once.

        Raises:
            Refused: more forces than there can be.
        """
        with self._lock:
            if force not in self._desks:
                if len(self._desks) >= MOST:
                    raise Refused("too many forces are followed live", expected=f"at most {MOST}")
                self._desks[force] = self._open_one(self._names(force))
                if self._running:
                    self._desks[force].start()
            return self._desks[force]

    def _names(self, force: str) -> tuple[str, ...] | None:
        if force == ANY:
            return None
        return (force, "") if force == self._home else (force,)

    def __call__(self, taken: Taken) -> None:
        """Take note of a commit."""
        for desk in self._all():
            desk(taken)

    def start(self) -> None:
        """Begin to look."""
        with self._lock:
            self._running = True
        for desk in self._all():
            desk.start()

    def stop(self) -> None:
        """Stop looking; what is held is written down."""
        with self._lock:
            self._running = False
        for desk in self._all():
            desk.stop()

    def close(self) -> None:
        """End every stream: the server stops."""
        for desk in self._all():
            desk.close()

    def _all(self) -> list[LiveDesk]:
        with self._lock:
            return list(self._desks.values())
