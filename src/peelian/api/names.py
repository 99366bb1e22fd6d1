"""Names of places: the nearest published street, made unlike its neighbours', never a number of ours."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from peelian.domain.grid import Floats

Whole = npt.NDArray[np.int64]
_PREFIX = re.compile(r"^\s*on or near\s+", re.IGNORECASE)
_LSOA_CODE = re.compile(r"^[A-Z]\d{8}$")
_LSOA_SUFFIX = re.compile(r"\s+\d{3}[A-Z]?$")
_NEAR = [(c, r) for c in range(-2, 3) for r in range(-2, 3) if (c, r) != (0, 0)]
_NO_LOCATION = {"", "no location", "on or near"}


def clean_street(text: str) -> str:
    """Strip the "On or near" of police.uk; empty where there is no name.

    >>> clean_street("On or near High Street"), clean_street("No Location")
    ('High Street', '')
    """
    bare = _PREFIX.sub("", text).strip()
    return "" if bare.lower() in _NO_LOCATION else bare


def town_of(lsoa: str) -> str:
    """Give the district in an LSOA's name; empty for a code.

    >>> town_of("Bedford 012C"), town_of("E01017402")
    ('Bedford', '')
    """
    text = lsoa.strip()
    return "" if _LSOA_CODE.match(text) else _LSOA_SUFFIX.sub("", text)


def name_cells(
    streets: Sequence[str], towns: Sequence[str], column: Whole, row: Whole, metres: float
) -> tuple[str, ...]:
    """Name each cell; no two alike. `towns` are empty where none is known.

    A street that many squares share gets the town where that tells them apart, then its end (two squares)
    or the way from its middle square ("High Street, 500 m north"). A square with no street of its own
    is named from the nearest square that has one.
    """
    bases = _with_borrowed(streets, column, row)
    by_base: dict[str, list[int]] = defaultdict(list)
    for at, base in enumerate(bases):
        by_base[base].append(at)
    out = [""] * len(bases)
    for base, group in by_base.items():
        by_town: dict[str, list[int]] = defaultdict(list)
        for at in group:
            by_town[towns[at]].append(at)
        for town, members in by_town.items():
            stem = f"{base}, {town}" if len(by_town) > 1 and town else base
            for at, name in zip(members, _parts(stem, members, column, row, metres), strict=True):
                out[at] = name
    return tuple(out)


def nearest_towns(scene: Path, lon: Floats, lat: Floats) -> list[str]:
    """Give each point the nearest town named in a scene file (GeoJSON points of kind `town`), or nothing."""
    features = json.loads(scene.read_text(encoding="utf-8"))["features"] if scene.is_file() else []
    towns = [
        (str(one["properties"]["name"]), *one["geometry"]["coordinates"][:2])
        for one in features
        if one["properties"].get("kind") == "town"
        and one["properties"].get("name")
        and one["geometry"]["type"] == "Point"
    ]
    if not towns:
        return [""] * len(lon)
    narrow = np.cos(np.radians(float(np.mean(lat))))
    tree = cKDTree([(x * narrow, y) for _, x, y in towns])
    _, nearest = tree.query(np.column_stack([lon * narrow, lat]))
    return [towns[int(at)][0] for at in np.atleast_1d(nearest)]


def _with_borrowed(streets: Sequence[str], column: Whole, row: Whole) -> list[str]:
    bases = [clean_street(street) for street in streets]
    named = np.array([at for at, base in enumerate(bases) if base], dtype=np.int64)
    for at, base in enumerate(bases):
        if base:
            continue
        if len(named) == 0:
            bases[at] = "Middle of the area"
            continue
        away = (column[named] - column[at]) ** 2 + (row[named] - row[at]) ** 2
        bases[at] = bases[int(named[int(np.argmin(away))])]
    return bases


def _parts(stem: str, members: list[int], column: Whole, row: Whole, metres: float) -> list[str]:
    """Tell the squares of one name apart: first streets that lie apart, then the squares of a street."""
    if len(members) == 1:
        return [stem]
    streets = _streets(column[members], row[members])
    count = int(streets.max()) + 1
    if not 1 < count <= 8:  # eight ways to point
        return _squares(stem, members, column, row, metres)
    sizes = np.bincount(streets)
    east = np.bincount(streets, column[members]) / sizes
    north = np.bincount(streets, row[members]) / sizes
    where = [_end(e, n) for e, n in zip(east - east.mean(), north - north.mean(), strict=True)]
    if len(set(where)) < count or "" in where:
        return _squares(stem, members, column, row, metres)
    out = [""] * len(members)
    for k, words in enumerate(where):
        of_street = np.flatnonzero(streets == k).tolist()
        names = _squares(f"{stem} in the {words}", [members[at] for at in of_street], column, row, metres)
        for at, name in zip(of_street, names, strict=True):
            out[at] = name
    return out


def _streets(column: Whole, row: Whole) -> Whole:
    """Number the groups of squares that lie within two squares of one another."""
    waiting = {(int(c), int(r)): at for at, (c, r) in enumerate(zip(column, row, strict=True))}
    out: Whole = np.zeros(len(column), np.int64)
    number = 0
    while waiting:
        edge = [next(iter(waiting))]
        out[waiting.pop(edge[0])] = number
        while edge:
            c, r = edge.pop()
            for near in _NEAR:
                at = waiting.pop((c + near[0], r + near[1]), None)
                if at is not None:
                    out[at] = number
                    edge.append((c + near[0], r + near[1]))
        number += 1
    return out


def _squares(stem: str, members: list[int], column: Whole, row: Whole, metres: float) -> list[str]:
    if len(members) == 1:
        return [stem]
    x, y = column[members].astype(float), row[members].astype(float)
    if len(members) == 2:
        east, north = x - x.mean(), y - y.mean()
        return [f"{stem} ({_end(east[k], north[k])} end)" for k in (0, 1)]
    middle = int(np.argmin((x - np.median(x)) ** 2 + (y - np.median(y)) ** 2))
    return [_from_middle(stem, x[k] - x[middle], y[k] - y[middle], metres) for k in range(len(members))]


def _end(east: float, north: float) -> str:
    words = []
    if abs(north) * 2 > abs(east):
        words.append("north" if north > 0 else "south")
    if abs(east) * 2 > abs(north):
        words.append("east" if east > 0 else "west")
    return "-".join(words)


def _from_middle(stem: str, east: float, north: float, metres: float) -> str:
    if east == 0 and north == 0:
        return f"{stem} (middle)"
    ways = [
        f"{_distance(abs(away) * metres)} {word}"
        for away, word in ((north, "north" if north > 0 else "south"), (east, "east" if east > 0 else "west"))
        if away
    ]
    return f"{stem}, {' and '.join(ways)}"


def _distance(metres: float) -> str:
    return f"{metres:,.0f} m" if metres < 1000 else f"{metres / 1000:g} km"
