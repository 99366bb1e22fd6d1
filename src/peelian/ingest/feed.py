"""Read files one after another beside the writer; small files that stay on disk are parsed two at a time.

The queue holds few batches and few small files wait parsed: when the writer is behind, the readers wait,
and memory stays flat. Order never changes.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from peelian.domain.contracts import ParsedBatch, RawFile, Source
from peelian.domain.errors import Refused

_AHEAD: Final = 2  # batches read ahead
_AT_ONCE: Final = 2  # small files parsed at once
SMALL_BYTES: Final = 32 * 2**20
"""A file up to this size may be parsed whole before its turn comes."""


@dataclass(frozen=True)
class FileBegins:
    """The next file, which was let in; `skip` when it need not be parsed."""

    raw: RawFile
    skip: bool


@dataclass(frozen=True)
class FileEnds:
    """All batches of the file were given, or it was refused (at the door: it never began)."""

    raw: RawFile
    refused: Refused | None = None


@dataclass(frozen=True)
class _Stopped:
    error: BaseException | None = None


Message = FileBegins | ParsedBatch | FileEnds
Give = Callable[[Message | _Stopped], bool]


def read_ahead(
    source: Source, paths: list[Path], landing: Path, options: dict[str, Any], skip: Callable[[RawFile], bool]
) -> Iterator[Message]:
    """Give each file's beginning, batches and end, in the source's order.

    `skip` says whether a file need not be parsed, and raises `Refused` where it may not come in.

    Raises:
        Refused: when the source cannot go on to further files. Any other error comes out as it is.
    """
    line: queue.Queue[Message | _Stopped] = queue.Queue(_AHEAD)
    stop = threading.Event()

    def give(message: Message | _Stopped) -> bool:
        while not stop.is_set():
            try:
                line.put(message, timeout=0.1)
                return True
            except queue.Full:
                continue
        return False

    def read() -> None:
        try:
            with ThreadPoolExecutor(_AT_ONCE, "parse") as pool:
                _read_all(source, source.land(paths, landing, options), landing, options, skip, give, pool)
            give(_Stopped())
        except BaseException as error:  # handed to the reader of the queue, who raises it
            give(_Stopped(error))

    thread = threading.Thread(target=read, name="read-ahead", daemon=True)
    thread.start()
    try:
        while not isinstance(message := line.get(), _Stopped):
            yield message
        if message.error is not None:
            raise message.error
    finally:
        stop.set()
        thread.join()


def _read_all(
    source: Source, files: Iterator[RawFile], landing: Path, options: dict[str, Any],
    skip: Callable[[RawFile], bool], give: Give, pool: ThreadPoolExecutor,
) -> None:  # fmt: skip
    waiting: deque[Future[list[Message]]] = deque()

    def settle(most: int) -> bool:
        while len(waiting) > most:
            if not all(give(message) for message in waiting.popleft().result()):
                return False
        return True

    try:
        for raw in files:
            try:
                skipped = skip(raw)
            except Refused as error:
                on = settle(0) and give(FileEnds(raw, error))
            else:
                if may_wait(raw, landing) and not skipped:
                    waiting.append(pool.submit(_whole, source, raw, options))
                    on = settle(_AT_ONCE)
                else:
                    on = settle(0) and all(give(m) for m in _messages(source, raw, options, skipped))
            if not on:
                return
    finally:
        settle(0)


def _whole(source: Source, raw: RawFile, options: dict[str, Any]) -> list[Message]:
    return list(_messages(source, raw, options, False))


def may_wait(raw: RawFile, landing: Path) -> bool:
    """Say whether a file may be parsed while later ones are found.

    A member of an archive lies in the landing folder only until the next one is asked for.
    """
    lent = landing in raw.path.parents or Path("/proc") in raw.path.parents
    return not lent and raw.path.stat().st_size <= SMALL_BYTES


def _messages(source: Source, raw: RawFile, options: dict[str, Any], skip: bool) -> Iterator[Message]:
    yield FileBegins(raw, skip)
    refused: Refused | None = None
    try:
        yield from () if skip else source.parse(raw, options)
    except Refused as error:
        refused = error
    yield FileEnds(raw, refused)
