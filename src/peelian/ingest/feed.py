"""Read files one after another in a thread of their own, so that parsing overlaps writing.

The queue holds few batches: when the writer is behind, the reader waits, and memory stays flat.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from peelian.domain.contracts import ParsedBatch, RawFile, Source
from peelian.domain.errors import Refused

_AHEAD: Final = 2  # batches read ahead


@dataclass(frozen=True)
class FileBegins:
    """The next file; `skip` when it need not be parsed."""

    raw: RawFile
    skip: bool


@dataclass(frozen=True)
class FileEnds:
    """All batches of the file were given, or it was refused."""

    raw: RawFile
    refused: Refused | None = None


@dataclass(frozen=True)
class _Stopped:
    error: BaseException | None = None


Message = FileBegins | ParsedBatch | FileEnds


def read_ahead(
    source: Source, paths: list[Path], landing: Path, options: dict[str, Any], skip: Callable[[RawFile], bool]
) -> Iterator[Message]:
    """Give each file's beginning, batches and end, in the source's order.

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
            for raw in source.land(paths, landing, options):
                if not _read_file(source, raw, options, skip(raw), give):
                    return
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


def _read_file(
    source: Source, raw: RawFile, options: dict[str, Any], skip: bool, give: Callable[[Message], bool]
) -> bool:
    if not give(FileBegins(raw, skip)):
        return False
    refused: Refused | None = None
    try:
        for batch in () if skip else source.parse(raw, options):
            if not give(batch):
                return False
    except Refused as error:
        refused = error
    return give(FileEnds(raw, refused))
