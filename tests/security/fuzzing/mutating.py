"""Spoil a valid file by its structure: cells, keys, members, columns; then perhaps by its bytes."""

from __future__ import annotations

import gzip
import io
import json
import random
import re
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from tests.security.fuzzing.odd import BYTES, TEXTS, VALUES

Rng = random.Random
_SPOILT_BEFORE = (
    ValueError, KeyError, IndexError, TypeError, RecursionError, MemoryError, EOFError, OSError,
    NotImplementedError, zlib.error, zipfile.BadZipFile, pl.exceptions.PolarsError,
    pl.exceptions.PanicException,
)  # fmt: skip
"""What reading a file gives that is no longer of its form: then only its bytes are changed."""


def spoilt(name: str, data: bytes, rng: Rng) -> bytes:
    """Give the file changed one to a few times. What its name ends with says how it is built."""
    change = FORMS.get(name.rsplit(".", 1)[-1].lower(), in_bytes)
    for _ in range(rng.choice((1, 1, 1, 2, 2, 4))):
        try:
            data = (in_bytes if rng.random() < 0.2 else change)(data, rng)
        except _SPOILT_BEFORE:
            data = in_bytes(data, rng)
    return data


def in_bytes(data: bytes, rng: Rng) -> bytes:
    """Flip, insert, cut, double or move some bytes."""
    if not data:
        return rng.choice(BYTES)
    a, b = sorted((rng.randrange(len(data) + 1), rng.randrange(len(data) + 1)))
    b = min(b, a + rng.choice((1, 2, 4, 8, 64, 4096)))
    kind = rng.randrange(7)
    if kind == 0:
        at = min(a, len(data) - 1)
        return data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :]
    if kind == 1:
        return data[:a] + rng.choice(BYTES) + data[a:]
    if kind == 2:
        return data[:a] + data[b:]
    if kind == 3:
        return data[:a]
    if kind == 4:
        return data[:b] + data[a:b] * rng.choice((1, 2, 50)) + data[b:]
    if kind == 5:
        return data[:a] + rng.randbytes(b - a) + data[b:]
    return data[:a] + rng.choice(BYTES) + data[b:]


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass" if "\ud800" in text else "surrogateescape")


def in_cells(data: bytes, rng: Rng) -> bytes:
    """A delimited table: change a cell, a column or the order of lines."""
    lines = _text(data).split("\n")
    at = rng.randrange(len(lines))
    sign = max(",;\t|", key=lines[0].count)
    kind = rng.randrange(8)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines.insert(at, rng.choice(lines))
    elif kind == 2:
        rows = [line.split(sign) for line in lines]
        drop = rng.randrange(max(1, len(rows[0])))
        lines = [sign.join(one[:drop] + one[drop + 1 :]) for one in rows]
    elif kind == 3:
        other = rng.choice(",;\t|")
        lines = [line.replace(sign, other) for line in lines]
    else:
        at = 0 if kind == 4 else at
        cells = lines[at].split(sign)
        cells[rng.randrange(len(cells))] = rng.choice(TEXTS)
        lines[at] = sign.join(cells)
    return _bytes("\n".join(lines))


def tree(value: Any, rng: Rng) -> Any:
    """Change one value somewhere in nested lists and dicts."""
    if isinstance(value, dict) and value and rng.random() < 0.85:
        key = rng.choice(list(value))
        if rng.random() < 0.2:
            rest = {k: v for k, v in value.items() if k != key}
            return rest if rng.random() < 0.6 else rest | {rng.choice(TEXTS): value[key]}
        return value | {key: tree(value[key], rng)}
    if isinstance(value, list) and value and rng.random() < 0.85:
        at = rng.randrange(len(value))
        if rng.random() < 0.2:
            return value[:at] + value[at + 1 :] if rng.random() < 0.5 else [*value, *value]
        return [*value[:at], tree(value[at], rng), *value[at + 1 :]]
    return rng.choice(TEXTS if rng.random() < 0.4 else VALUES)


def in_json(data: bytes, rng: Rng) -> bytes:
    """JSON: change a value somewhere."""
    return json.dumps(tree(json.loads(data), rng)).encode()


def in_json_lines(data: bytes, rng: Rng) -> bytes:
    """JSON lines: change a line, or its place."""
    lines = data.split(b"\n")
    at = rng.randrange(len(lines))
    if rng.random() < 0.2:
        lines.insert(at, rng.choice(lines))
    else:
        lines[at] = in_json(lines[at] or b"{}", rng)
    return b"\n".join(lines)


def in_words(data: bytes, rng: Rng) -> bytes:
    """TOML, YAML, XML and the like: change what stands after a sign, or a whole line."""
    text = _text(data)
    if rng.random() < 0.3:
        lines = text.split("\n")
        at = rng.randrange(len(lines))
        kind = rng.randrange(3)
        if kind == 0:
            del lines[at]
        elif kind == 1:
            lines.insert(at, rng.choice(lines))
        else:
            lines[at] = " " * rng.randrange(9) + lines[at].strip()
        return _bytes("\n".join(lines))
    found = list(re.finditer(r"""[^\s=:,<>"'\[\]{}]+""", text))
    if not found:
        return in_bytes(data, rng)
    one = rng.choice(found)
    new = rng.choice(TEXTS) if rng.random() < 0.6 else rng.choice(found).group()
    if rng.random() < 0.2:
        new = json.dumps(rng.choice(VALUES))
    return _bytes(text[: one.start()] + new + text[one.end() :])


def in_members(data: bytes, rng: Rng) -> bytes:
    """A zip (also XLSX): spoil one member and pack again, so that the archive itself is sound."""
    with zipfile.ZipFile(io.BytesIO(data)) as held:
        members = [(info.filename, held.read(info)) for info in held.infolist()]
    at = rng.randrange(len(members))
    name, body = members[at]
    kind = rng.randrange(8)
    if kind == 0:
        del members[at]
    elif kind == 1:
        members[at] = (rng.choice(TEXTS) + name, body)
    elif kind == 2:
        members.append((rng.choice(TEXTS) or "x", body))
    else:
        members[at] = (name, spoilt(name, body, rng))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", rng.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))) as made:
        for one, text in members:
            made.writestr(one.replace("\x00", "0") or "x", text)
    return out.getvalue()


def in_columns(data: bytes, rng: Rng) -> bytes:
    """Parquet: a column of another type, renamed, gone, or with odd values."""
    # By Arrow, which refuses one that is spoilt already: polars asked for all memory there is, and was ended.
    frame = pl.DataFrame(pl.from_arrow(pq.read_table(io.BytesIO(data))))
    name = rng.choice(frame.columns)
    n = frame.height
    kind = rng.randrange(5)
    if kind == 0:
        frame = frame.drop(name)
    elif kind == 1:
        frame = frame.rename({name: rng.choice(TEXTS) + "x"})
    elif kind == 2:
        odd = rng.choice((
            [1] * n, [1.5] * n, [None] * n, [True] * n, [[1, 2]] * n, [{"a": 1}] * n, [b"\xff\x00"] * n,
            [float("nan")] * n, [2**62] * n,
        ))  # fmt: skip
        frame = frame.with_columns(pl.Series(name, odd))
    elif kind == 3:
        to = rng.choice(
            (pl.Categorical, pl.Binary, pl.Date, pl.Int64, pl.Float32, pl.Datetime("us", "UTC"), pl.Boolean)
        )
        frame = frame.with_columns(pl.col(name).cast(to, strict=False))
    else:
        frame = frame.with_columns(pl.Series(name, [rng.choice(TEXTS) for _ in range(n)]))
    out = io.BytesIO()
    frame.write_parquet(out)
    return out.getvalue()


def in_gzip(data: bytes, rng: Rng) -> bytes:
    """What is inside, spoilt as JSON lines, and packed again."""
    return gzip.compress(in_json_lines(gzip.decompress(data), rng))


FORMS: dict[str, Callable[[bytes, Rng], bytes]] = {
    "csv": in_cells, "json": in_json, "geojson": in_json, "jsonl": in_json_lines, "gz": in_gzip,
    "txt": in_words, "toml": in_words, "yaml": in_words, "xml": in_words,
    "zip": in_members, "xlsx": in_members, "parquet": in_columns,
    "sha256": in_words, "form": in_words,
}  # fmt: skip
