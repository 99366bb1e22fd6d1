"""What every channel shares: how an attempt fails, when the next one is due, the message's id, secrets."""

from __future__ import annotations

import hashlib
import os
import random
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from peelian.store.outbox import Leased

TIMEOUT_S: Final = 15.0


class Failed(Exception):
    """An attempt that failed: `why` in words without any secret.

    `permanent`: the same again would fail the same. `unreachable`: nothing answered, so the next message to
    the same team would not arrive either. `after_s`: when the receiver asked to be tried again.
    """

    def __init__(
        self, why: str, *, permanent: bool = False, unreachable: bool = False, after_s: float | None = None
    ) -> None:
        super().__init__(why)
        self.why, self.permanent, self.unreachable, self.after_s = why, permanent, unreachable, after_s


@dataclass(frozen=True)
class Pace:
    """How fast: seconds before the second attempt, doubled each time up to `most_s`; messages at once."""

    base_s: float = 30.0
    most_s: float = 3600.0
    batch: int = 50
    hold_s: float = 120.0
    timeout_s: float = TIMEOUT_S


def wait(attempts: int, pace: Pace, chance: random.Random, after_s: float | None = None) -> timedelta:
    """Give the time to the next attempt after `attempts` that failed: doubled each time, half at random.

    Without the random half, all that failed together would come back together.
    """
    full = min(pace.base_s * 2.0 ** min(attempts - 1, 30), pace.most_s)
    seconds = full * (0.5 + 0.5 * chance.random())
    return timedelta(seconds=max(seconds, min(after_s or 0.0, pace.most_s)))


def message_id(message: Leased) -> str:
    """Give the id that is the same for every attempt of a message, and for no other message."""
    words = "\n".join((message.key, message.channel, message.recipient))
    return f"msg_{hashlib.sha256(words.encode()).hexdigest()[:32]}"


def secret(env: str, file: str, what: str) -> str | None:
    """Read a secret from the environment or a file, by the name the settings give; None if they name none.

    Raises:
        Failed: it is named but not there.
    """
    if env:
        found = os.environ.get(env)
        if found is None:
            raise Failed(f"the {what} is not in the environment as {env}")
        return found
    if not file:
        return None
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise Failed(f"the file of the {what} cannot be read") from None
