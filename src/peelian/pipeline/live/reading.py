"""Reading in company: batches of a feed that wait at the same moment are parsed in one go, judged one by one.

What a parse costs hardly depends on its rows. So when many small batches come, they share one. The first
after a pause is read at once; with a pace, those that come soon after wait for the feed's next turn.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import numpy as np
import polars as pl

from peelian.domain.contracts import ParsedBatch
from peelian.domain.errors import NotNow
from peelian.pipeline.live.opened import OpenFeed

_TOGETHER_ROWS: Final = 2_000
_TOGETHER: Final = 64
_THREADS: Final = 2
PACE_S: Final = 0.1
"""From one parse of a feed to its next in a server, at most; a quick machine rests only as long as it read.
However many batches a second, the work is bounded: by ten parses a second, or half of a core."""
_LINE: Final = 500
_WAIT_S: Final = 20.0


@dataclass(frozen=True, eq=False)
class _Waits:
    opened: OpenFeed
    body: bytes
    rows: int
    now: datetime
    future: Future[list[ParsedBatch]]


class Reading:
    """Parses batches for many threads that ask; start it, and stop it.

    `pace_s` is the time from one parse of a feed to its next: 0 for one sender that waits for each answer.
    With `early` that is the longest: a feed then rests as long as its last parse took.
    """

    def __init__(self, pace_s: float = 0.0, *, early: bool = False) -> None:
        self._pace, self._early = pace_s, early
        self._line: deque[_Waits] = deque()
        self._changed = threading.Condition()
        self._threads: list[threading.Thread] = []
        self._stopped = False
        self._turn: dict[str, float] = {}

    def parse(self, opened: OpenFeed, body: bytes, now: datetime) -> list[ParsedBatch]:
        """Give a batch's rows, as they would be were it alone.

        Raises:
            Misuse, Refused: as `OpenFeed.parse`. NotNow: too many batches wait.
        """
        rows = sum(1 for line in body.split(b"\n") if line.strip())
        mine = _Waits(opened, body, rows, now, Future())
        with self._changed:
            if len(self._line) >= _LINE:
                raise NotNow("more batches come than can be read", do="send the same again in a few seconds")
            self._begin()
            self._line.append(mine)
            self._changed.notify()
        try:
            return mine.future.result(_WAIT_S)
        except TimeoutError:
            raise NotNow("reading is behind now", do="send the same again in a few seconds") from None

    def stop(self) -> None:
        """Read what waits, then end."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
            threads, self._threads = self._threads, []
        for thread in threads:
            thread.join(_WAIT_S)

    def _begin(self) -> None:
        if not self._threads:
            self._stopped = False
            for k in range(_THREADS):
                thread = threading.Thread(target=self._run, name=f"reading-{k}", daemon=True)
                self._threads.append(thread)
                thread.start()

    def _run(self) -> None:
        while group := self._next():
            began = time.monotonic()
            try:
                for one, parts in zip(group, _parse(group), strict=True):
                    _settle(one, parts)
            except BaseException as error:
                for one in group:
                    if not one.future.done():
                        one.future.set_exception(error)
            if self._early:
                self._bring_forward(group[0].opened.feed.name, began)

    def _bring_forward(self, feed: str, began: float) -> None:
        """Bring the feed's turn forward where its parse was quick: a slow machine keeps the longer pace."""
        with self._changed:
            soon = 2 * time.monotonic() - began
            if soon < self._turn[feed]:
                self._turn[feed] = soon
                self._changed.notify()

    def _next(self) -> list[_Waits]:
        """Give the oldest that waits, and those of its feed that can come with it."""
        with self._changed:
            while (first := self._due()) is None:
                if self._stopped:
                    return []
                self._changed.wait(self._until())
            self._line.remove(first)
            self._turn[first.opened.feed.name] = time.monotonic() + self._pace
            group, rows, others = [first], first.rows, deque[_Waits]()
            while self._line:
                one = self._line.popleft()
                fits = len(group) < _TOGETHER and rows + one.rows <= _TOGETHER_ROWS
                if fits and one.rows and first.rows and one.opened is first.opened:
                    group.append(one)
                    rows += one.rows
                else:
                    others.append(one)
            self._line = others
            return group

    def _due(self) -> _Waits | None:
        """Give the oldest whose feed's turn it is; None while none is due."""
        now = time.monotonic()
        hurry = self._stopped or len(self._line) >= _TOGETHER
        return next((one for one in self._line if hurry or self._at(one) <= now), None)

    def _until(self) -> float | None:
        first = min((self._at(one) for one in self._line), default=None)
        return None if first is None else max(first - time.monotonic(), 0.001)

    def _at(self, one: _Waits) -> float:
        return self._turn.get(one.opened.feed.name, 0.0)


def _settle(one: _Waits, parts: list[ParsedBatch] | Exception) -> None:
    if isinstance(parts, Exception):
        one.future.set_exception(parts)
    else:
        one.future.set_result(parts)


def _parse(group: list[_Waits]) -> list[list[ParsedBatch] | Exception]:
    first = group[0]
    if len(group) > 1:
        try:
            sizes = tuple(one.rows for one in group)
            # one after another, each ending its last line
            body = b"".join(one.body if one.body.endswith(b"\n") else one.body + b"\n" for one in group)
            parts = first.opened.parse(body, min(one.now for one in group), sizes)
            return [list(own) for own in zip(*(_split(part, sizes) for part in parts), strict=True)]
        except Exception:  # one of them cannot come in: the others must not suffer for it
            half = len(group) // 2
            return [*_parse(group[:half]), *_parse(group[half:])]
    try:
        return [first.opened.parse(first.body, first.now)]
    except Exception as error:  # its own sender is told, nobody else
        return [error]


def _split(part: ParsedBatch, sizes: tuple[int, ...]) -> list[ParsedBatch]:
    """Give each batch's own rows back, numbered from 1."""
    rows, rejects = part.rows.sort("row"), part.rejects.sort("row")
    ends = np.cumsum(sizes)
    cuts = [np.searchsorted(frame["row"].to_numpy(), ends, side="right") for frame in (rows, rejects)]
    out, before, at = [], 0, [0, 0]
    for k, size in enumerate(sizes):
        own = [
            _numbered(frame.slice(at[i], int(cuts[i][k]) - at[i]), before)
            for i, frame in enumerate((rows, rejects))
        ]
        out.append(replace(part, rows=own[0], rejects=own[1], read=size, shape=None))
        at = [int(cuts[0][k]), int(cuts[1][k])]
        before += size
    return out


def _numbered(frame: pl.DataFrame, before: int) -> pl.DataFrame:
    if frame.is_empty() or not before:
        return frame
    numbers = pl.Series("row", frame["row"].to_numpy() - np.uint64(before))
    return frame.with_columns(numbers)
