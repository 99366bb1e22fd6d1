"""Being ended: SIGTERM, as a service manager sends it, ends a command by its last steps, as Ctrl-C does."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_WAIT_S: Final = 5.0


@contextmanager
def ended_by_term() -> Iterator[Callable[[], bool]]:
    """Note SIGTERM where Python would be gone at once; give what says whether to go on.

    Whoever works within looks at it, and returns: an exception out of a signal's handler could strike where
    it is swallowed. Outside the main thread nothing changes.
    """
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield lambda: True
        return

    def note(_signal: int, _frame: FrameType | None) -> None:
        asked.set()

    before = signal.signal(signal.SIGTERM, note)
    try:
        yield lambda: not asked.is_set()
        if asked.is_set():
            _be_gone()
    finally:
        signal.signal(signal.SIGTERM, before)


def _be_gone() -> None:
    """Wait a little for threads that only read, such as one that warms up; then leave without them.

    The interpreter must not go while a thread is within C++: that would abort the process.
    """
    end = time.monotonic() + _WAIT_S
    others = [one for one in threading.enumerate() if one is not threading.current_thread()]
    for one in others:
        one.join(max(end - time.monotonic(), 0))
    if any(one.is_alive() for one in others):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)
