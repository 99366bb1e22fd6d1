"""The names of a gazetteer, ready to be found in text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from peelian.gazetteer.entries import NAMED, read_entries
from peelian.gazetteer.spelling import Speller
from peelian.gazetteer.tokens import name_key
from peelian.gazetteer.words import COMMON_CORES, GENERIC, PLAIN, RELATIONS, SHORT, TAILS, TYPES

Floats = npt.NDArray[np.float64]
Found = tuple[int, float]  # row of an entry, quality of the name

_PARTLY: Final = 0.88  # a premises without its `Inn`
_ENDING: Final = 0.88  # only the end of a premises' name, in a street or town that fits
_SINGULAR: Final = 0.95
_BARE: Final = 0.72  # a street without its `Road`


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """Places by name and by code. Arrays have one value a named entry; points are in EPSG:27700 metres."""

    kind: list[str]
    street: list[str]  # key of the street it stands in, or ""
    town: list[str]  # key of its settlement, or ""
    area: list[str | None]
    easting: Floats
    northing: Floats
    spread: Floats  # metres; NaN unknown
    codes: pl.DataFrame  # kind, code, easting, northing, spread, area
    names: dict[str, list[Found]] = field(repr=False)
    loosely: dict[str, list[Found]] = field(repr=False)  # `library`: only with a street or town beside it
    squeezed: dict[str, str] = field(repr=False)  # a name without spaces -> its key
    junctions: dict[tuple[str, str], list[int]] = field(repr=False)
    keys: list[frozenset[str]] = field(repr=False)  # all names of an entry
    towns: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    speller: Speller = field(default_factory=lambda: Speller(()), repr=False)
    longest: int = 6

    @classmethod
    def of(cls, entries: pl.DataFrame) -> Gazetteer:
        """Build from rows of `ENTRIES`."""
        named = entries.filter(pl.col("kind").is_in(NAMED) & pl.col("name").is_not_null())
        coded = entries.filter(pl.col("code").is_not_null()).select(
            "kind", "code", "easting", "northing", "spread", "area"
        )
        names: dict[str, list[Found]] = defaultdict(list)
        junctions: dict[tuple[str, str], list[int]] = defaultdict(list)
        keys: list[frozenset[str]] = []
        columns = (named["kind"].to_list(), named["name"].to_list(), named["other"].to_list())
        for row, (kind, name, other) in enumerate(zip(*columns, strict=True)):
            if kind == "junction":
                one, _, two = name.partition(" & ")
                junctions[_pair(name_key(one), name_key(two))].append(row)
                keys.append(frozenset())
                continue
            own = frozenset(key for key in map(name_key, _spellings(name, other)) if key)
            keys.append(own)
            for key in own:
                names[key].append((row, 1.0))
        _add_shorter(names, keys, columns[0])
        words = {word for key in names for word in key.split()} | TYPES | RELATIONS | set(SHORT.values())
        return cls(
            columns[0], _keys(named["street"]), _keys(named["town"]), named["area"].to_list(),
            named["easting"].to_numpy(), named["northing"].to_numpy(),
            named["spread"].fill_null(float("nan")).to_numpy(), coded.unique(["kind", "code"], keep="first"),
            dict(names), _loosely(names, keys, columns[0]),
            {k.replace(" ", ""): k for k in names if len(k) > 6 and " " in k}, dict(junctions),
            keys, frozenset(k for k in _keys(named["town"]) if k), frozenset(words | PLAIN),
            Speller([w for w in words if w not in PLAIN]),
            max((len(k.split()) for k in names), default=1),
        )  # fmt: skip


def _spellings(name: str, other: str | None) -> Iterable[str]:
    """A name may hold two, parted by a stroke: a Welsh and an English one."""
    yield from (part for part in name.split(" / "))
    if other:
        yield other


def _keys(column: pl.Series) -> list[str]:
    known: dict[str, str] = {}
    return ["" if v is None else known.setdefault(v, name_key(v)) for v in column.to_list()]


def _pair(one: str, two: str) -> tuple[str, str]:
    return (one, two) if one <= two else (two, one)


def _add_shorter(names: dict[str, list[Found]], keys: list[frozenset[str]], kinds: list[str]) -> None:
    """Let names be found without what people leave out: `Inn`, a plural's s, a rare street's `Road`."""
    shorter: dict[str, list[Found]] = defaultdict(list)
    partly: dict[str, list[Found]] = defaultdict(list)
    bare: dict[str, set[int]] = defaultdict(set)
    for row, own in enumerate(keys):
        for key in own:
            words = key.split()
            if kinds[row] == "premises":
                kept = [w for w in words if w not in TAILS]
                if kept and kept != words and (len(kept) > 1 or len(kept[0]) > 4):
                    partly[" ".join(kept)].append((row, _PARTLY))
            if kinds[row] == "street" and len(words) > 1 and words[-1] in TYPES:
                bare[" ".join(words[:-1])].add(row)
            singular = stem(key)
            if singular != key:
                shorter[singular].append((row, _SINGULAR))
    heads: dict[str, int] = defaultdict(int)
    for key in names:
        heads[key.split()[0]] += 1
    for core, rows in bare.items():
        rare = (
            core not in partly and core not in COMMON_CORES and len(core) > 4 and heads[core.split()[0]] <= 2
        )
        if rare and core not in names and core not in shorter:
            shorter[core].extend((row, _BARE) for row in sorted(rows))
    for key, found in partly.items():  # beside exact names: a `Fairmart` may be any Fairmart Express
        names[key] = names.get(key, []) + found
    for key, found in shorter.items():
        if key not in names:
            names[key] = found


def _loosely(
    names: dict[str, list[Found]], keys: list[frozenset[str]], kinds: list[str]
) -> dict[str, list[Found]]:
    """Let a premises be found by the end of its name alone, if that is a kind of place: `leisure centre`."""
    loosely: dict[str, list[Found]] = defaultdict(list)
    for row, own in enumerate(keys):
        if kinds[row] == "premises":
            for words in (key.split() for key in own):
                if words[-1] in GENERIC:
                    for i in range(1, len(words)):
                        loosely[" ".join(words[i:])].append((row, _ENDING))
    return {key: found for key, found in loosely.items() if key not in names}


def stem(key: str) -> str:
    """Give a key without its plurals' s.

    >>> stem("kings arms"), stem("cross keys")
    ('king arm', 'cross key')
    """
    words = key.split()
    return " ".join(w[:-1] if len(w) > 3 and w.endswith("s") and not w.endswith("ss") else w for w in words)


def load(path: str | Path) -> Gazetteer:
    """Read a gazetteer file, as `context import` wrote it; read once while the file stays the same."""
    where = Path(path)
    stat = where.stat()
    return _load(str(where), stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=2)
def _load(path: str, changed: int, size: int) -> Gazetteer:
    return Gazetteer.of(read_entries(Path(path)))
