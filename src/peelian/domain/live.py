"""What passes between a live feed, the ledger, the running state and the browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import polars as pl


@dataclass(frozen=True)
class Answer:
    """What a sender is told of one batch, once it is durable. The same batch again gets the same answer.

    `position` orders all batches of a workspace. `quarantined` rows were put aside with their reasons;
    `reasons` counts them by reason.
    """

    feed: str
    key: str
    position: int
    read: int
    accepted: int
    quarantined: int
    reasons: tuple[tuple[str, int], ...] = ()
    repeated: bool = False  # this very batch had come before


class Inlet(Protocol):
    """The one door of live data, whatever carries it: HTTP, a folder, a broker, a replay."""

    def put(self, feed: str, key: str, body: bytes, *, secret: str | None = None) -> Answer:
        """Take JSON lines; returns only when durable.

        `secret` is the feed's credential; None for carriers that are trusted by configuration (a folder of
        this machine, a broker's own subject, a replay).

        Raises:
            NotFound: no such feed. Forbidden: wrong or revoked credential.
            Misuse: malformed or too large. Refused: barred or person-shaped content, a key used before with
                another body, a time in the future.
        """


@dataclass(frozen=True, eq=False)
class Taken:
    """What the ledger took at one commit: `rows` with the ledger's schema, of batches up to `position`.

    A revised or retracted key comes with the row that stood before in `undone` (same schema), so that a
    state can take it back. Order within a commit carries no meaning.
    """

    position: int
    snapshot: int
    at: datetime
    rows: pl.DataFrame
    undone: pl.DataFrame


class Listener(Protocol):
    """Is told of every commit of the taker, in the order of positions, after it is durable."""

    def __call__(self, taken: Taken) -> None:
        """Take note; must be quick, and must not raise."""
