"""What becomes of one message, whatever the broker: taken, refused for good, or to be tried again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

import structlog
from anyio import CapacityLimiter, to_thread

from peelian.domain.errors import Fault, Forbidden, NotFound, PeelianError
from peelian.domain.live import Inlet
from peelian.store.reachable import reachable

log = structlog.get_logger()
AGAIN_S: Final = 5.0
"""After so long a message that could not be taken now is tried again."""
AT_ONCE: Final = 64
_KEY: Final = re.compile(r"[!-~]{1,120}")
Outcome = Literal["taken", "refused", "again", "stop"]


@dataclass(frozen=True)
class Verdict:
    """The outcome, and the sentence that goes with it. `stop`: no message of this feed can be taken."""

    outcome: Outcome
    sentence: str = ""
    error: PeelianError | None = None


def message_key(given: str | None, place: str) -> str:
    """Give the idempotency key: the sender's own id, else the message's place, which is the same each time.

    >>> message_key("a-1", "S-1"), message_key(None, "S-1"), len(message_key("with space", "S-1"))
    ('a-1', 'S-1', 64)
    """
    if not given:
        return place
    return given if _KEY.fullmatch(given) else hashlib.sha256(given.encode()).hexdigest()


class Judge:
    """Puts messages in from a few threads at once, and says what is to become of each.

    `usable` raises when nothing of the feed may come in now: then no message is to blame, and none is lost.
    """

    def __init__(
        self, inlet: Inlet, feed: str, said: Callable[[str], None], usable: Callable[[], None]
    ) -> None:
        self._inlet, self._feed, self._said, self._usable = inlet, feed, said, usable
        self._limit = CapacityLimiter(AT_ONCE)
        self._away = False

    async def judge(self, key: str, body: bytes) -> Verdict:
        """Give the verdict; `taken` only once the batch is durable."""
        try:
            put = partial(self._inlet.put, self._feed, key, body)
            await to_thread.run_sync(put, limiter=self._limit)
        except (NotFound, Forbidden) as error:  # of the feed, not of the message
            return Verdict("stop", error.sentence, error)
        except Fault as error:
            return self._again(error)
        except PeelianError as error:
            return await self._refuse(error)
        except Exception as error:  # our own failure must cost no message
            log.error("broker", kind=type(error).__name__)
            return Verdict("again")
        if self._away:
            self._away = False
            self._said("messages are taken again")
        return Verdict("taken")

    def _again(self, error: Fault) -> Verdict:
        """Say once that messages wait, not for each that comes again meanwhile."""
        if not self._away:
            self._away = True
            self._said(f"{error.what}; messages wait with the broker and are tried again")
        return Verdict("again", error.sentence)

    async def _refuse(self, refusal: PeelianError) -> Verdict:
        try:
            with reachable():
                await to_thread.run_sync(self._usable, limiter=self._limit)
        except Fault as error:
            return self._again(error)
        except PeelianError as error:
            return Verdict("stop", error.sentence, error)
        self._said(f"a message was refused: {refusal.sentence}")
        return Verdict("refused", refusal.sentence)
