"""Keys: SipHash-2-4 with a 128-bit result over columns of text, the same on every machine and version.

An engine's own `hash()` may change with its version, and then every key held would be orphaned. SipHash is
a published function (Aumasson and Bernstein 2012, "SipHash: a fast short-input PRF") with reference vectors,
which the tests check. The key is fixed and public: the digest names rows, it does not hide them.

A row's message is the salt and then each column, each written as an 8-byte little-endian length (all ones
for null) and its UTF-8 bytes padded with zeros to 8: no two different rows share a message.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numba
import numpy as np
import numpy.typing as npt
import polars as pl

Words = npt.NDArray[np.uint64]
Bytes = npt.NDArray[np.uint8]

_KEY: Final = (np.uint64(0x7065656C69616E2E), np.uint64(0x6B6579732E763101))  # "peelian." "keys.v1" 0x01
_U64: Final = np.uint64


@numba.njit(inline="always")
def _round(v0: Any, v1: Any, v2: Any, v3: Any) -> Any:
    v0 += v1
    v1 = (v1 << _U64(13)) | (v1 >> _U64(51))
    v1 ^= v0
    v0 = (v0 << _U64(32)) | (v0 >> _U64(32))
    v2 += v3
    v3 = (v3 << _U64(16)) | (v3 >> _U64(48))
    v3 ^= v2
    v0 += v3
    v3 = (v3 << _U64(21)) | (v3 >> _U64(43))
    v3 ^= v0
    v2 += v1
    v1 = (v1 << _U64(17)) | (v1 >> _U64(47))
    v1 ^= v2
    v2 = (v2 << _U64(32)) | (v2 >> _U64(32))
    return v0, v1, v2, v3


@numba.njit(inline="always")
def _absorb(v0: Any, v1: Any, v2: Any, v3: Any, word: Any) -> Any:
    v3 ^= word
    v0, v1, v2, v3 = _round(v0, v1, v2, v3)
    v0, v1, v2, v3 = _round(v0, v1, v2, v3)
    return v0 ^ word, v1, v2, v3


@numba.njit(inline="always")
def _word(data: Any, at: Any, count: Any) -> Any:
    """Read up to 8 bytes, little-endian, zeros above."""
    word = _U64(0)
    if count == _U64(8):
        return (
            _U64(data[at])
            | (_U64(data[at + _U64(1)]) << _U64(8))
            | (_U64(data[at + _U64(2)]) << _U64(16))
            | (_U64(data[at + _U64(3)]) << _U64(24))
            | (_U64(data[at + _U64(4)]) << _U64(32))
            | (_U64(data[at + _U64(5)]) << _U64(40))
            | (_U64(data[at + _U64(6)]) << _U64(48))
            | (_U64(data[at + _U64(7)]) << _U64(56))
        )
    for k in range(count):
        word |= _U64(data[at + _U64(k)]) << _U64(_U64(8) * _U64(k))
    return word


@numba.njit(inline="always")
def _finish(v0: Any, v1: Any, v2: Any, v3: Any, last: Any) -> Any:
    v0, v1, v2, v3 = _absorb(v0, v1, v2, v3, last)
    v2 ^= _U64(0xEE)
    for _ in range(4):
        v0, v1, v2, v3 = _round(v0, v1, v2, v3)
    first = v0 ^ v1 ^ v2 ^ v3
    v1 ^= _U64(0xDD)
    for _ in range(4):
        v0, v1, v2, v3 = _round(v0, v1, v2, v3)
    return first, v0 ^ v1 ^ v2 ^ v3


@numba.njit(inline="always")
def _start(k0: Any, k1: Any) -> Any:
    return (
        k0 ^ _U64(0x736F6D6570736575),
        k1 ^ _U64(0x646F72616E646F6D) ^ _U64(0xEE),
        k0 ^ _U64(0x6C7967656E657261),
        k1 ^ _U64(0x7465646279746573),
    )


@numba.njit(cache=True, nogil=True)
def _sip128(data: Bytes, k0: Any, k1: Any) -> Any:
    v0, v1, v2, v3 = _start(k0, k1)
    size = _U64(len(data))
    at = _U64(0)
    while at + _U64(8) <= size:
        v0, v1, v2, v3 = _absorb(v0, v1, v2, v3, _word(data, at, _U64(8)))
        at += _U64(8)
    last = (size << _U64(56)) | _word(data, at, size - at)
    return _finish(v0, v1, v2, v3, last)


@numba.njit(cache=True, nogil=True)
def _absorb_column(state: Words, offsets: Any, data: Bytes, valid: Any) -> None:
    """Absorb one column into each row's state: (v0, v1, v2, v3, words so far)."""
    for i in range(len(state)):
        v0, v1, v2, v3 = state[i, 0], state[i, 1], state[i, 2], state[i, 3]
        if len(valid) > 0 and not valid[i]:
            v0, v1, v2, v3 = _absorb(v0, v1, v2, v3, _U64(0xFFFFFFFFFFFFFFFF))
            words = _U64(1)
        else:
            at, end = _U64(offsets[i]), _U64(offsets[i + 1])
            size = end - at
            v0, v1, v2, v3 = _absorb(v0, v1, v2, v3, size)
            while at + _U64(8) <= end:
                v0, v1, v2, v3 = _absorb(v0, v1, v2, v3, _word(data, at, _U64(8)))
                at += _U64(8)
            if at < end:
                v0, v1, v2, v3 = _absorb(v0, v1, v2, v3, _word(data, at, end - at))
            words = _U64(1) + ((size + _U64(7)) >> _U64(3))
        state[i, 0], state[i, 1], state[i, 2], state[i, 3] = v0, v1, v2, v3
        state[i, 4] += words


@numba.njit(cache=True, nogil=True)
def _finish_rows(state: Words, hi: Words, lo: Words) -> None:
    for i in range(len(state)):
        last = (state[i, 4] << _U64(3)) << _U64(56)
        hi[i], lo[i] = _finish(state[i, 0], state[i, 1], state[i, 2], state[i, 3], last)


@numba.njit(cache=True, nogil=True)
def _ordinal_rows(hi: Words, lo: Words, ordinal: Words, k0: Any, k1: Any) -> None:
    for i in range(len(ordinal)):
        if ordinal[i] == _U64(0):
            continue
        v0, v1, v2, v3 = _start(k0, k1)
        v0, v1, v2, v3 = _absorb(v0, v1, v2, v3, hi[i])
        v0, v1, v2, v3 = _absorb(v0, v1, v2, v3, lo[i])
        v0, v1, v2, v3 = _absorb(v0, v1, v2, v3, ordinal[i])
        hi[i], lo[i] = _finish(v0, v1, v2, v3, _U64(24) << _U64(56))


def sip128(message: bytes, key: tuple[int, int] | None = None) -> tuple[int, int]:
    """Give SipHash-2-4-128 of one message as its first and second 64-bit little-endian words."""
    k0, k1 = _KEY if key is None else (_U64(key[0]), _U64(key[1]))
    first, second = _sip128(np.frombuffer(message, np.uint8), k0, k1)
    return int(first), int(second)


def _absorb_series(state: Words, column: pl.Series) -> None:
    if column.dtype.is_numeric() or column.dtype.is_temporal():
        _absorb_numbers(state, column)
        return
    # The oldest Arrow layout is one run of bytes with 64-bit offsets, whatever polars holds inside.
    array = column.cast(pl.String).to_arrow(compat_level=pl.CompatLevel.oldest())
    _, offset_buffer, data_buffer = array.buffers()
    offsets = np.frombuffer(offset_buffer, np.int64)[array.offset : array.offset + len(array) + 1]
    data = np.frombuffer(data_buffer or b"", np.uint8)
    valid = column.is_not_null().to_numpy() if column.null_count() else np.empty(0, np.bool_)
    _absorb_column(state, offsets, data, valid)


def _absorb_numbers(state: Words, column: pl.Series) -> None:
    """Absorb whole numbers and times (microseconds) as 8 bytes, floats as theirs: no text that may change."""
    missing = column.null_count() > 0  # what changes nothing is left out: for a small batch it is the cost
    if column.dtype.is_float():
        floats = column if column.dtype == pl.Float64 else column.cast(pl.Float64)
        fixed = (floats.fill_null(0.0) if missing else floats).to_numpy() + 0.0  # -0.0 is 0.0
    else:
        coarse = isinstance(column.dtype, pl.Datetime | pl.Duration) and column.dtype.time_unit != "us"
        whole = (column.dt.cast_time_unit("us") if coarse else column).to_physical()
        whole = whole if whole.dtype == pl.Int64 else whole.cast(pl.Int64)
        fixed = (whole.fill_null(0) if missing else whole).to_numpy()
    valid = column.is_not_null().to_numpy() if missing else np.empty(0, np.bool_)
    offsets = 8 * np.arange(len(column) + 1, dtype=np.int64)
    _absorb_column(state, offsets, np.ascontiguousarray(fixed).view(np.uint8), valid)


def digest_strings(columns: Sequence[pl.Series], salt: str) -> tuple[pl.Series, pl.Series]:
    """Give the 128-bit digest of each row of some text columns, as two UInt64 series (`hi`, `lo`).

    Numbers and times are digested by their 8 bytes, other types as text. Null differs from
    the empty text. The result depends on the values, their order and `salt` only: not on batch, machine,
    process or library version.

    Raises:
        ValueError: for no columns, or columns of unequal length.
    """
    if not columns or len({len(column) for column in columns}) != 1:
        raise ValueError("digest_strings needs one or more columns of one length")
    state = np.zeros((1, 5), np.uint64)
    state[0, :4] = _start.py_func(*_KEY)
    _absorb_series(state, pl.Series([salt]))
    rows = len(columns[0])
    state = np.repeat(state, rows, axis=0)
    for column in columns:
        _absorb_series(state, column)
    hi, lo = np.empty(rows, np.uint64), np.empty(rows, np.uint64)
    _finish_rows(state, hi, lo)
    return pl.Series("key_hi", hi), pl.Series("key_lo", lo)


def digest_content(columns: Sequence[pl.Series], salt: str) -> pl.Series:
    """Give a 64-bit digest of each row: tells a changed row from an unchanged one of the same key."""
    return digest_strings(columns, salt)[0].alias("content")


def with_ordinal(hi: pl.Series, lo: pl.Series, ordinal: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Give the key of the n-th of several rows that share a digest; ordinal 0 leaves it as it is."""
    new_hi, new_lo = hi.to_numpy().copy(), lo.to_numpy().copy()
    _ordinal_rows(new_hi, new_lo, ordinal.cast(pl.UInt64).to_numpy(), *_KEY)
    return pl.Series("key_hi", new_hi), pl.Series("key_lo", new_lo)
