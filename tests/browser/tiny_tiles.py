"""The smallest map files: one vector tile of the whole world with one road, as PMTiles 3 or MBTiles."""

from __future__ import annotations

import gzip
import json
import sqlite3
import struct
from contextlib import closing
from pathlib import Path

ROADS = json.dumps({"vector_layers": [{"id": "roads"}]})


def _varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def _part(number: int, body: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(body)) + body


def _whole(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def road_tile() -> bytes:
    """A tile of the Mapbox Vector Tile format 2: a line across the middle, in layer `roads`."""
    commands = [1 | 1 << 3, 0, 2600, 2 | 1 << 3, 8192, 0]  # move to (0, 1300), line to (4096, 1300): zigzag
    feature = _whole(3, 2) + _part(4, b"".join(map(_varint, commands)))
    return _part(3, _whole(15, 2) + _part(1, b"roads") + _part(2, feature) + _whole(5, 4096))


def write_pmtiles(path: Path) -> Path:
    """Write an archive of that one tile."""
    tile = gzip.compress(road_tile())
    root = gzip.compress(_varint(1) + _varint(0) + _varint(1) + _varint(len(tile)) + _varint(1))
    meta = gzip.compress(ROADS.encode())
    start = 127
    offsets = (start, len(root), start + len(root), len(meta), 0, 0, start + len(root) + len(meta), len(tile))
    head = b"PMTiles\x03" + struct.pack("<11Q", *offsets, 1, 1, 1) + bytes([1, 2, 2, 1, 0, 0])
    head += struct.pack("<iiii", -1_800_000_000, -850_000_000, 1_800_000_000, 850_000_000)
    head += bytes([0]) + struct.pack("<ii", 0, 0)
    path.write_bytes(head + root + meta + tile)
    return path


def write_mbtiles(path: Path) -> Path:
    """Write an MBTiles file of that one tile."""
    with closing(sqlite3.connect(path)) as made, made:
        made.execute("create table metadata (name text, value text)")
        made.execute("create table tiles (zoom_level int, tile_column int, tile_row int, tile_data blob)")
        said = [("format", "pbf"), ("minzoom", "0"), ("maxzoom", "0"), ("json", ROADS)]
        made.executemany("insert into metadata values (?, ?)", said)
        made.execute("insert into tiles values (0, 0, 0, ?)", [gzip.compress(road_tile())])
    return path
