"""When the reader's session ends, told on each page before it does (WCAG 2.2, 2.2.1 Timing Adjustable)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta

from peelian.domain.time import LONDON
from peelian.store.catalogue import now
from peelian.store.sessions import Limits, Session


@dataclass(frozen=True)
class SessionClock:
    """Seconds from `moment`: `idle_s` to the end unless a page is opened, `last_s` to the end in any case."""

    idle_s: int
    last_s: int
    moment: datetime

    @property
    def final(self) -> bool:
        """Say whether opening a page puts the end off no longer."""
        return self.last_s <= self.idle_s

    @property
    def until(self) -> str:
        """Give the hour and minute, in London, at which the session ends if nothing more is opened."""
        end = self.moment + timedelta(seconds=min(self.idle_s, self.last_s))
        return f"{end.astimezone(LONDON):%H:%M}"


_CLOCK: ContextVar[SessionClock | None] = ContextVar("session_clock", default=None)


def session_clock() -> SessionClock | None:
    """Give the clock of the session that the page is drawn for; None where nobody is signed in."""
    return _CLOCK.get()


@contextmanager
def ticking(session: Session | None, limits: Limits) -> Iterator[None]:
    """Let the pages drawn in this context tell when a session ends."""
    held = _CLOCK.set(_clock(session, limits, now()))
    try:
        yield
    finally:
        _CLOCK.reset(held)


def _clock(session: Session | None, limits: Limits, moment: datetime) -> SessionClock | None:
    if session is None or session.account is None or session.seen is None or session.ends is None:
        return None
    idle, last = session.seen + limits.idle - moment, session.ends - moment
    return SessionClock(int(idle.total_seconds()), int(last.total_seconds()), moment)
