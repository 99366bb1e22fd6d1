"""Judge each line of a block of CSV bytes by itself: how many fields, are its quotes closed, is it text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numba
import numpy as np
import numpy.typing as npt

Int64 = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

MAX_LINE: Final = 1 << 20
"""Bytes. A longer line is put aside without being held."""

_FEW: Final = 4096

OK, BLANK, FIELDS, OPEN_QUOTE, AFTER_QUOTE, NUL, CARRIAGE, ODD_QUOTE, NOT_UTF8, TOO_LONG = range(10)

REASONS: Final[dict[int, str]] = {
    FIELDS: "the row has more or fewer fields than the header; look for a missing or extra comma",
    OPEN_QUOTE: "a quote is opened and never closed; close it or double it",
    AFTER_QUOTE: "there is text between a closing quote and the next comma; double the quotes inside a field",
    NUL: "the row holds a zero byte, so it is not text; export the file again",
    CARRIAGE: "a carriage return stands inside the row; export the file again with one row on each line",
    NOT_UTF8: "the row is not UTF-8 text; save the file as UTF-8 (it may be Windows-1252)",
    TOO_LONG: "the row is longer than 1 MiB; it is no row of this file",
}
"""What a person can do about each verdict. ODD_QUOTE is read as literal text; BLANK is no row."""


@numba.njit(cache=True, nogil=True)
def _scan(data: Bytes, separator: Any, fields: Any, starts: Int64, ends: Int64, verdicts: Bytes) -> Any:
    line, start, count = 0, 0, 1
    state = 0  # 0 at a field's start, 1 in a plain field, 2 in a quoted field, 3 after a closing quote
    verdict = 0
    for i in range(len(data)):
        byte = data[i]
        if byte == 10:
            end = i - 1 if i > start and data[i - 1] == 13 else i
            if end == start:
                verdict = BLANK
            elif verdict in (OK, ODD_QUOTE):
                if state == 2:
                    verdict = OPEN_QUOTE
                elif count != fields:
                    verdict = FIELDS
            if end - start > MAX_LINE:
                verdict = TOO_LONG
            starts[line], ends[line], verdicts[line] = start, end, verdict
            line += 1
            start, count, state, verdict = i + 1, 1, 0, 0
        elif state == 2:
            if byte == 34:
                state = 3
            elif byte == 0:
                verdict = NUL
        elif byte == separator:
            count += 1
            state = 0
        elif byte == 34:
            if state == 0 or state == 3:
                state = 2  # opens a quoted field, or is the second of a doubled quote
            elif verdict == OK:
                verdict = ODD_QUOTE
        elif byte == 13 and i + 1 < len(data) and data[i + 1] == 10:
            pass
        elif byte == 13 or byte == 0:
            verdict = CARRIAGE if byte == 13 else NUL
        elif state == 3:
            verdict = AFTER_QUOTE
            state = 1
        else:
            state = 1
    return line


def scan(block: bytes, separator: str, fields: int) -> tuple[Int64, Int64, Bytes]:
    """Give the start, end (line break left out) and verdict of each line of a block that ends in a newline.

    A carriage return before the newline belongs to the break. One pass, no allocation per line.
    """
    data = np.frombuffer(block, np.uint8)
    lines = block.count(b"\n")
    starts, ends = np.empty(lines, np.int64), np.empty(lines, np.int64)
    verdicts = np.zeros(lines, np.uint8)
    _scan(data, np.uint8(ord(separator)), np.int64(fields), starts, ends, verdicts)
    return starts, ends, verdicts


_ONES: Final = np.uint64(0x0101010101010101)
_HIGH: Final = np.uint64(0x8080808080808080)
_LOW: Final = np.uint64(0x7F7F7F7F7F7F7F7F)


@numba.njit(cache=True, nogil=True)
def _sift(
    data: Bytes, words: Any, separator: Any, per_line: Any, starts: Int64, ends: Int64, numbers: Int64
) -> Any:
    """Eight bytes at a time where none is a quote or a control character, else one by one."""
    lines, start, aside, separators, odd = 0, 0, 0, 0, 0
    every = np.uint64(separator) * _ONES
    size, at = len(data), 0
    while at < size:
        stop = at + 8
        if stop <= size:
            word = words[at >> 3]
            quote = word ^ (np.uint64(34) * _ONES)
            special = (word - np.uint64(32) * _ONES) & ~word & _HIGH
            special |= (quote - _ONES) & ~quote & _HIGH
            if special == np.uint64(0):
                match = word ^ every
                match = ~(((match & _LOW) + _LOW) | match | _LOW)
                separators += int(((match >> np.uint64(7)) * _ONES) >> np.uint64(56))
                at = stop
                continue
        else:
            stop = size
        for i in range(at, stop):
            byte = data[i]
            separators += byte == separator
            odd += (byte == 34) | (byte == 13) | (byte == 0)
            if byte == 10:
                if separators != per_line or odd > 0 or i == start or i - start > MAX_LINE:
                    if aside == len(starts):
                        return lines, -1
                    starts[aside], ends[aside], numbers[aside] = start, i + 1, lines
                    aside += 1
                lines += 1
                start, separators, odd = i + 1, 0, 0
        at = stop
    return lines, aside


@dataclass(frozen=True)
class Sifted:
    """A block parted: `plain` lines need no care, those `aside` do. Rows count from 0, no blanks."""

    plain: bytes
    aside: bytes
    plain_rows: Int64
    aside_rows: Int64


def sift(block: bytes, separator: str, fields: int) -> Sifted | None:
    """Part a block into lines with enough separators and nothing odd in them, and the few others.

    Odd are quotes, returns, zero bytes, blank and overlong lines. None when there are more than 4,096.
    """
    starts, ends, numbers = np.empty((3, _FEW), np.int64)
    data, byte = np.frombuffer(block, np.uint8), np.uint8(ord(separator))
    words = np.frombuffer(block, np.uint64, len(block) // 8)
    lines, count = _sift(data, words, byte, np.int64(fields - 1), starts, ends, numbers)
    if count < 0:
        return None
    if count == 0:
        return Sifted(block, b"", np.arange(lines), numbers[:0])
    first, after, which = starts[:count].tolist(), ends[:count].tolist(), numbers[:count]
    pieces = [block[a:b] for a, b in zip(first, after, strict=True)]
    plain = b"".join(block[a:b] for a, b in zip([0, *after], [*first, len(block)], strict=True))
    blank = np.array([piece in (b"\n", b"\r\n") for piece in pieces])
    is_row, is_plain = np.ones(lines, np.bool_), np.ones(lines, np.bool_)
    is_row[which[blank]] = False
    is_plain[which] = False
    row = np.cumsum(is_row) - 1
    return Sifted(plain, b"".join(pieces), row[is_plain], row[which[~blank]])


def is_utf8(block: bytes) -> bool:
    """Tell whether a block is UTF-8 throughout."""
    try:
        return block.isascii() or block.decode("utf-8") is not None
    except UnicodeDecodeError:
        return False


def mark_not_utf8(block: bytes, starts: Int64, ends: Int64, verdicts: Bytes) -> None:
    """Mark, in place, each line that is not UTF-8."""
    for k in range(len(starts)):
        try:
            block[starts[k] : ends[k]].decode("utf-8")
        except UnicodeDecodeError:
            verdicts[k] = NOT_UTF8


def keep_lines(block: bytes, starts: Int64, verdicts: Bytes) -> bytes:
    """Give the block without the lines whose verdict is not OK."""
    lengths = np.diff(np.append(starts, len(block)))
    kept: bytes = np.frombuffer(block, np.uint8)[np.repeat(verdicts == OK, lengths)].tobytes()
    return kept
