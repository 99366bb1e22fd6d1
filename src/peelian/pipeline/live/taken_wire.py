"""A commit told from one process to another: a line of JSON, then the rows as Arrow."""

from __future__ import annotations

import io
import json
from datetime import datetime
from typing import IO

import polars as pl

from peelian.domain.live import Taken


def send(out: IO[bytes], taken: Taken) -> None:
    """Write a commit, whole, and flush it.

    Raises:
        OSError: nobody reads any more.
    """
    frames = [_ipc(taken.rows), _ipc(taken.undone)]
    head = {
        "position": taken.position, "snapshot": taken.snapshot, "at": taken.at.isoformat(),
        "sizes": [len(frame) for frame in frames],
    }  # fmt: skip
    out.write(json.dumps(head).encode() + b"\n" + b"".join(frames))
    out.flush()


def receive(told: IO[bytes]) -> Taken | None:
    """Give the next commit; None where the sender ended, also in the middle of one."""
    line = told.readline()
    if not line.endswith(b"\n"):
        return None
    head = json.loads(line)
    bodies = [told.read(size) for size in head["sizes"]]
    if [len(body) for body in bodies] != head["sizes"]:
        return None
    rows, undone = (pl.read_ipc(io.BytesIO(body)) for body in bodies)
    return Taken(head["position"], head["snapshot"], datetime.fromisoformat(head["at"]), rows, undone)


def _ipc(frame: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.write_ipc(out, compression="uncompressed")
    return out.getvalue()
