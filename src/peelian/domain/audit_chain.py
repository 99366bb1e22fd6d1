"""The audit as a chain: each row's link is the SHA-256 of the link before it and of the row itself.

Whoever changes, takes out, puts in or moves a row breaks every link after it (Haber and Stornetta 1991, "How
to time-stamp a digital document"). Whoever also makes all later links anew is found by a checkpoint that was
signed earlier (`govern.checkpoints`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

GENESIS: Final = "0" * 64
"""What stands before the first link."""

FIELDS: Final = (
    "id", "at", "actor", "role", "force", "controller", "purpose", "verb", "what", "area", "window",
    "recipient",
)  # fmt: skip
"""What a link speaks of, in this order; `at` in microseconds since 1970 UTC."""


@dataclass(frozen=True)
class Link:
    """A row's place in the chain, from 1 on, and its link."""

    seq: int
    hash: str


START: Final = Link(0, GENESIS)


@dataclass(frozen=True)
class Broken:
    """Something wrong at a place in the chain, in words; never a row's content."""

    seq: int
    what: str


def link_of(before: Link, row: Mapping[str, Any]) -> Link:
    """Give the link of the row that follows.

    >>> link_of(START, dict.fromkeys(FIELDS, "")).seq
    1
    """
    seq = before.seq + 1
    said = json.dumps([seq, before.hash, *(row[name] for name in FIELDS)], ensure_ascii=False)
    # A spoilt export may hold half a character: it is hashed too, and found to be another row.
    return Link(seq, hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest())


def broken(rows: Iterable[tuple[Link, Mapping[str, Any]]], after: Link = START) -> Iterator[Broken]:
    """List what is wrong with rows in the order they were found, each with the link it claims.

    After a fault the walk goes on from the link that the row claims, so that one change is told once.
    """
    at = after
    for claimed, row in rows:
        if claimed.seq > at.seq + 1:
            yield Broken(claimed.seq, f"{claimed.seq - at.seq - 1:,} rows before it are gone")
        elif claimed.seq < at.seq + 1:
            yield Broken(claimed.seq, "it stands out of its order, or twice")
        elif link_of(at, row).hash != claimed.hash:
            yield Broken(claimed.seq, "it is not the row that was written, or the one before it is not")
        at = claimed
