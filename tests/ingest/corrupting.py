"""Ways in which a file is damaged on the road, each deterministic in its random generator."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

Damage = Callable[[bytes, random.Random], bytes]


def _lines(data: bytes) -> list[bytes]:
    return data.splitlines(keepends=True)


def truncate(data: bytes, rng: random.Random) -> bytes:
    """Cut short anywhere, also in the middle of a value."""
    return data[: rng.randrange(len(data))]


def cut_front(data: bytes, rng: random.Random) -> bytes:
    """Lose the beginning, the header with it."""
    return data[rng.randrange(1, len(data)) :]


def half_row(data: bytes, rng: random.Random) -> bytes:
    """Lose the second half of one line."""
    lines = _lines(data)
    k = rng.randrange(1, len(lines))
    lines[k] = lines[k][: max(1, len(lines[k]) // 2)].rstrip(b"\r\n") + b"\n"
    return b"".join(lines)


def nul(data: bytes, rng: random.Random) -> bytes:
    """A zero byte somewhere."""
    at = rng.randrange(len(data))
    return data[:at] + b"\0" + data[at:]


def nul_run(data: bytes, rng: random.Random) -> bytes:
    """A disk block of zeros."""
    at = rng.randrange(len(data))
    return data[:at] + bytes(64) + data[at + 64 :]


def utf16(data: bytes, rng: random.Random) -> bytes:
    """Saved in another encoding."""
    return data.decode("utf-8").encode(rng.choice(["utf-16", "utf-16-le", "utf-32"]))


def mojibake(data: bytes, rng: random.Random) -> bytes:
    """A byte that no UTF-8 has."""
    at = rng.randrange(len(data))
    return data[:at] + bytes([rng.choice([0xE9, 0xFF, 0xC3, 0x80])]) + data[at:]


def open_quote(data: bytes, rng: random.Random) -> bytes:
    """A quote that opens and never closes, at a field's start."""
    lines = _lines(data)
    k = rng.randrange(1, len(lines))
    cells = lines[k].split(b",")
    j = rng.randrange(len(cells))
    cells[j] = b'"' + cells[j]
    lines[k] = b",".join(cells)
    return b"".join(lines)


def extra_delimiter(data: bytes, rng: random.Random) -> bytes:
    """A comma too many in one line."""
    lines = _lines(data)
    k = rng.randrange(len(lines))
    at = rng.randrange(max(1, len(lines[k]) - 2))
    lines[k] = lines[k][:at] + b"," + lines[k][at:]
    return b"".join(lines)


def lost_delimiter(data: bytes, rng: random.Random) -> bytes:
    """A comma too few in one line."""
    lines = _lines(data)
    k = rng.randrange(len(lines))
    commas = [i for i, byte in enumerate(lines[k]) if byte == 44]
    at = rng.choice(commas)
    lines[k] = lines[k][:at] + lines[k][at + 1 :]
    return b"".join(lines)


def other_delimiter(data: bytes, rng: random.Random) -> bytes:
    """Saved with semicolons or tabs."""
    return data.replace(b",", rng.choice([b";", b"\t", b"|"]))


def header_again(data: bytes, rng: random.Random) -> bytes:
    """The header repeated among the rows, as when files are joined."""
    lines = _lines(data)
    lines.insert(rng.randrange(1, len(lines) + 1), lines[0])
    return b"".join(lines)


def header_lost(data: bytes, rng: random.Random) -> bytes:
    """No header."""
    return b"".join(_lines(data)[1:])


def column_twice(data: bytes, rng: random.Random) -> bytes:
    """One column named as another is."""
    lines = _lines(data)
    cells = lines[0].rstrip(b"\r\n").split(b",")
    one, other = rng.sample(range(len(cells)), 2)
    cells[one] = cells[other]
    lines[0] = b",".join(cells) + b"\n"
    return b"".join(lines)


def mixed_ends(data: bytes, rng: random.Random) -> bytes:
    """Line breaks of three systems."""
    return b"".join(line.rstrip(b"\r\n") + rng.choice([b"\n", b"\r\n", b"\r"]) for line in _lines(data))


def garbage_after(data: bytes, rng: random.Random) -> bytes:
    """Bytes of something else at the end."""
    return data + rng.randbytes(rng.randrange(1, 400))


def garbage_inside(data: bytes, rng: random.Random) -> bytes:
    """A line of something else among the rows."""
    lines = _lines(data)
    lines.insert(rng.randrange(1, len(lines)), rng.randbytes(60).replace(b"\n", b"") + b"\n")
    return b"".join(lines)


def footer(data: bytes, rng: random.Random) -> bytes:
    """What a report writer adds below."""
    return data + rng.choice([b"(7 rows affected)\n", b"Total,7\n", b"Produced by the report server,,,,\n"])


def swapped_lines(data: bytes, rng: random.Random) -> bytes:
    """Rows in another order, one of them twice."""
    head, *rows = _lines(data)
    rng.shuffle(rows)
    return b"".join([head, *rows, rows[0]])


TEXT: Final[tuple[Damage, ...]] = (
    truncate, truncate, truncate, cut_front, half_row, half_row, nul, nul_run, utf16, mojibake, open_quote,
    extra_delimiter, lost_delimiter, other_delimiter, header_again, header_lost, column_twice, mixed_ends,
    garbage_after, garbage_inside, footer, swapped_lines,
)  # fmt: skip
"""What must be seen in a CSV without a checksum."""


def flip(data: bytes, rng: random.Random) -> bytes:
    """Bits changed: in a CSV a digit may become another, which nothing but a checksum shows."""
    out = bytearray(data)
    for _ in range(rng.randrange(1, 4)):
        out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    return bytes(out) if bytes(out) != data else data + b"x"


def overwrite(data: bytes, rng: random.Random) -> bytes:
    """Some bytes of something else over those that were there."""
    at = rng.randrange(len(data))
    piece = rng.randbytes(24)
    return data[:at] + piece + data[at + 24 :]


BINARY: Final[tuple[Damage, ...]] = (truncate, truncate, cut_front, garbage_after)
"""What must be seen in a Parquet file or a spreadsheet without a checksum."""

HIDDEN: Final[tuple[Damage, ...]] = (flip, flip, overwrite)
"""What only a checksum is sure to show."""
