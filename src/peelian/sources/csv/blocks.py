"""Cut a file into blocks of whole lines; memory does not grow with the file or with its longest line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from peelian.sources.csv.lines import MAX_LINE

BLOCK: Final = 16 * 1024 * 1024


def blocks(path: Path, offset: int, size: int = BLOCK) -> Iterator[bytes]:
    """Give the bytes from `offset` in blocks that end with a newline (one is added at the file's end).

    A line longer than `MAX_LINE` is cut to `MAX_LINE` + 1 bytes, which the scan then calls too long.
    """
    with path.open("rb") as file:
        file.seek(offset)
        rest = b""
        skipping = False
        while chunk := file.read(size):
            if skipping:
                end = chunk.find(b"\n")
                if end < 0:
                    continue
                chunk, skipping = chunk[end:], False  # keep the newline: it ends the cut line in `rest`
            block = rest + chunk
            cut = block.rfind(b"\n") + 1
            rest = block[cut:]
            if len(rest) > MAX_LINE:
                rest, skipping = rest[: MAX_LINE + 1], True
            if cut:
                yield block[:cut]
        if rest:
            yield rest + b"\n"
