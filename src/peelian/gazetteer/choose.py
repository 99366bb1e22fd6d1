"""Of the places a phrase names, the one it means: a junction, premises or street in the area it names."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from peelian.gazetteer.entries import Box
from peelian.gazetteer.index import Found, Gazetteer
from peelian.gazetteer.mentions import Mention

UNKNOWN_SPREAD: Final[dict[str, float]] = {
    "street": 150.0,
    "premises": 30.0,
    "junction": 25.0,
    "area": 1500.0,
}
"""Where a file does not say how far a place reaches, in metres: our own judgement."""
LEAST_M: Final[dict[str, float]] = {"street": 30.0, "premises": 30.0, "junction": 25.0, "area": 100.0}
_BESIDE_M: Final = 150.0
_AREA_SLACK_M: Final = 300.0


@dataclass(frozen=True)
class Place:
    """A place meant: its point, how far from it the event may lie, and how sure the name is (0 to 1)."""

    easting: float
    northing: float
    precision_m: float
    score: float
    how: str
    area: str | None = None


@dataclass(frozen=True)
class Anchors:
    """What a phrase says of the part of the country: areas named (rows), a point with its reach, a box."""

    areas: tuple[Mention, ...] = ()
    point: tuple[float, float] | None = None
    near: Box | None = None


def spread_of(gazetteer: Gazetteer, row: int) -> float:
    """Give how far a place reaches from its point, in metres."""
    kind, spread = gazetteer.kind[row], float(gazetteer.spread[row])
    return max(UNKNOWN_SPREAD[kind] if math.isnan(spread) else spread, LEAST_M[kind])


def distance(gazetteer: Gazetteer, one: int, other: int) -> float:
    """Give the metres between two entries' points."""
    return math.hypot(
        gazetteer.easting[one] - gazetteer.easting[other], gazetteer.northing[one] - gazetteer.northing[other]
    )


def in_area(gazetteer: Gazetteer, row: int, mention: Mention) -> float:
    """Say how well a place lies in an area named: 1 as its file says, 0.95 by distance, 0 not."""
    town, best = gazetteer.town[row], 0.0
    for area, quality in mention.of_kind(gazetteer, "area"):
        keys = gazetteer.keys[area]
        if town and (town in keys or set(town.split(" / ")) & keys):
            return quality
        if town and keys & gazetteer.towns:
            continue  # the place lies in another town, as its file says
        reach = spread_of(gazetteer, area) + min(spread_of(gazetteer, row), 500.0) + _AREA_SLACK_M
        if distance(gazetteer, row, area) <= reach:
            best = max(best, 0.95 * quality)
    return best


def meant(gazetteer: Gazetteer, found: list[Found], anchors: Anchors) -> list[Found]:
    """Keep the entries that agree with every area, point and box the phrase gives; best first."""
    kept = []
    for row, score in found:
        for area in anchors.areas:
            score *= in_area(gazetteer, row, area)
        if anchors.point is not None:
            x, y = anchors.point
            apart = math.hypot(gazetteer.easting[row] - x, gazetteer.northing[row] - y)
            score *= 1.0 if apart <= spread_of(gazetteer, row) + 500.0 else 0.0
        if anchors.near is not None:
            west, south, east, north = anchors.near
            inside = west <= gazetteer.easting[row] <= east and south <= gazetteer.northing[row] <= north
            score *= 1.0 if inside else 0.0
        if score > 0:
            kept.append((row, score))
    return sorted(kept, key=lambda f: (-f[1], spread_of(gazetteer, f[0]), f[0]))


def one_of(gazetteer: Gazetteer, found: list[Found], how: str, extra_m: float = 0.0) -> Place | None:
    """Give the one place the entries are; entries far apart share the doubt between them."""
    if not found:
        return None
    row, score = found[0]
    groups: list[int] = []
    for other, s in found:
        if s >= 0.85 * score and all(not _same(gazetteer, other, one) for one in groups):
            groups.append(other)
    same = [other for other, s in found if s >= 0.85 * score and _same(gazetteer, other, row)]
    row = min(same, key=lambda r: (spread_of(gazetteer, r), r))
    reach = spread_of(gazetteer, row) + extra_m
    return Place(
        float(gazetteer.easting[row]), float(gazetteer.northing[row]), reach, score / len(groups),
        how if len(groups) == 1 else "ambiguous", gazetteer.area[row],
    )  # fmt: skip


def _same(gazetteer: Gazetteer, one: int, other: int) -> bool:
    """Two entries of one name whose reaches meet are one place: two products, or two parts of a street."""
    return one == other or distance(gazetteer, one, other) <= 100.0 + max(
        spread_of(gazetteer, one), spread_of(gazetteer, other)
    )


def beside(gazetteer: Gazetteer, premises: list[Found], streets: list[Found]) -> list[Found]:
    """Keep premises that stand in, or by, one of the streets: by their file's word, else by distance."""
    kept = []
    for row, score in premises:
        street = gazetteer.street[row]
        for road, q in streets:
            named = bool(street) and street in gazetteer.keys[road]
            near = distance(gazetteer, row, road) <= spread_of(gazetteer, road) + _BESIDE_M
            if near and (named or not street):
                kept.append((row, 1 - (1 - score) * (1 - 0.5 * q)))
                break
    return kept


def crossing(
    gazetteer: Gazetteer, one: list[Found], two: list[Found], keep: Callable[[list[Found]], list[Found]]
) -> Place | None:
    """Give where two streets meet: a junction the roads file has, else where their reaches overlap."""
    rows: list[Found] = []
    for a, qa in one:
        for b, qb in two:
            for key_a in gazetteer.keys[a]:
                for key_b in gazetteer.keys[b]:
                    pair = (key_a, key_b) if key_a <= key_b else (key_b, key_a)
                    rows += [(row, qa * qb) for row in gazetteer.junctions.get(pair, ())]
    known = one_of(gazetteer, keep(list(dict(rows).items())), "junction")
    if known or gazetteer.junctions:
        return known
    pairs = [
        (a, qa * qb * 0.85, spread_of(gazetteer, b))
        for a, qa in keep(one)
        for b, qb in keep(two)
        if distance(gazetteer, a, b) <= spread_of(gazetteer, a) + spread_of(gazetteer, b)
    ]
    nearer = min(pairs, key=lambda p: spread_of(gazetteer, p[0]), default=None)
    return one_of(gazetteer, [(a, q) for a, q, _ in pairs], "junction") if nearer else None
