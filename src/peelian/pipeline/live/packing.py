"""Parsed rows as bytes for the inbox, and back: Arrow, compressed. They hold what a ledger keeps."""

from __future__ import annotations

import io
import json
import zlib
from dataclasses import dataclass
from typing import Any

import polars as pl

from peelian.domain.contracts import ParsedBatch
from peelian.sources.csv.chunk import REJECTS

_LEVEL = 1


@dataclass(frozen=True, eq=False)
class Packed:
    """A batch of the inbox: its parsed parts, and the agreement under which it came."""

    agreement: str
    parts: list[ParsedBatch]

    @property
    def read(self) -> int:
        """How many rows were read."""
        return sum(part.read for part in self.parts)


def pack(packed: Packed) -> bytes:
    """Give the bytes."""
    head: dict[str, Any] = {"agreement": packed.agreement, "parts": []}
    bodies: list[bytes] = []
    for part in packed.parts:
        # nearly always none is put aside, and an empty frame costs as much to write as a full one
        frames = [_ipc(part.rows), b"" if part.rejects.is_empty() else _ipc(part.rejects)]
        bodies += frames
        facts = {"table": part.table, "force": part.force, "crs": part.crs, "read": part.read}
        head["parts"].append(facts | {"sizes": [len(body) for body in frames]})
    text = json.dumps(head).encode()
    return zlib.compress(len(text).to_bytes(4, "big") + text + b"".join(bodies), _LEVEL)


def unpack(data: bytes) -> Packed:
    """Give what was packed."""
    plain = memoryview(zlib.decompress(data))
    at = 4 + int.from_bytes(plain[:4], "big")
    head = json.loads(bytes(plain[4:at]))
    parts = []
    for one in head["parts"]:
        frames = []
        for size in one.pop("sizes"):
            body = plain[at : at + size]
            frames.append(pl.read_ipc(io.BytesIO(body)) if size else pl.DataFrame(schema=REJECTS))
            at += size
        parts.append(ParsedBatch(rows=frames[0], rejects=frames[1], **one))
    return Packed(head["agreement"], parts)


def _ipc(frame: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.write_ipc(out, compression="uncompressed")
    return out.getvalue()
