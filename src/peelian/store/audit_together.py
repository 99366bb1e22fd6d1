"""Rows of the audit that come at the same moment share one transaction, and one wait for the disk."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from peelian.store.catalogue import transaction
from peelian.store.workspace import Workspace

Write = Callable[[list[dict[str, Any]]], None]


@dataclass(eq=False)
class _Waiting:
    row: dict[str, Any]
    told: threading.Event = field(default_factory=threading.Event)
    leads: bool = False
    error: BaseException | None = None


class Together:
    """Writes rows for many threads: the first to come writes for all who came meanwhile (group commit)."""

    def __init__(self, write: Write) -> None:
        self._write, self._lock = write, threading.Lock()
        self._queue: list[_Waiting] = []
        self._busy = False

    def put(self, row: dict[str, Any]) -> None:
        """Write a row; return once it is durable.

        Raises:
            Exception: what the write raised; then none of those written together is held.
        """
        mine = _Waiting(row)
        with self._lock:
            self._queue.append(mine)
            mine.leads, self._busy = not self._busy, True
        if not mine.leads:
            mine.told.wait()
        if mine.leads:
            self._lead()
        if mine.error is not None:
            raise mine.error

    def _lead(self) -> None:
        with self._lock:
            taken, self._queue = self._queue, []
        error: BaseException | None = None
        try:
            self._write([one.row for one in taken])
        except BaseException as raised:  # told to each who waits: none may wait for ever
            error = raised
        with self._lock:
            if self._queue:
                self._queue[0].leads = True
                self._queue[0].told.set()
            else:
                self._busy = False
        for one in taken:
            one.error = error
            one.told.set()


_OF: WeakKeyDictionary[Engine, Together] = WeakKeyDictionary()
_MAKING = threading.Lock()


def together(ws: Workspace, write: Callable[[Connection, list[dict[str, Any]]], None]) -> Together:
    """Give the writer of a workspace, one a process; `write` writes rows in a transaction given."""

    def at_once(rows: list[dict[str, Any]]) -> None:
        with transaction(ws) as conn:
            write(conn, rows)

    with _MAKING:
        return _OF.setdefault(ws.engine, Together(at_once))
