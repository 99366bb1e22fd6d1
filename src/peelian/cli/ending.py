"""Being ended: SIGTERM, as a service manager sends it, ends a command by its own last steps, as Ctrl-C does."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn


@contextmanager
def ended_by_term() -> Iterator[None]:
    """Leave what is within by SystemExit(0) at SIGTERM: every `finally` runs. A second one is ignored.

    Python's own answer to SIGTERM is to be gone at once: what runs beside would have to notice by itself, and
    a state that changed would not be written down. Outside the main thread nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # the last steps are under way
    raise SystemExit(0)
