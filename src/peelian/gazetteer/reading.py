"""Read one phrase: which places it names, how they stand to one another, and the one it means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from peelian.gazetteer.choose import Anchors, Place, beside, crossing, meant, one_of
from peelian.gazetteer.entries import Box
from peelian.gazetteer.index import Found, Gazetteer
from peelian.gazetteer.mentions import Mention, mentions_in
from peelian.gazetteer.tokens import BREAK
from peelian.gazetteer.trust import trusted
from peelian.gazetteer.words import BETWEEN, BEYOND, CROSSING, JOINS, TOWARDS

Keep = Callable[[list[Found]], list[Found]]
_APART_M: Final = 100.0
_OTHER_PREMISES: Final = 0.55  # the premises is known, but not in the street named


@dataclass(frozen=True)
class Parts:
    """A phrase taken apart."""

    words: list[str]
    streets: list[Mention]
    premises: list[Mention]
    areas: list[Mention]
    every: list[Mention]


def place_of(
    words: list[str], gazetteer: Gazetteer, point: tuple[float, float] | None = None, near: Box | None = None
) -> tuple[Place | None, list[Mention]]:
    """Give the place a phrase's words mean, if any, and the areas it names. `point` is its postcode's."""
    parts = _apart(words, gazetteer)
    anchors = Anchors(tuple(parts.areas), point, near)
    return _choose(parts, gazetteer, anchors), parts.areas


def _apart(words: list[str], gazetteer: Gazetteer) -> Parts:
    found = [m for m in mentions_in(words, gazetteer) if not _gone_to(words, m)]
    streets = [m for m in found if m.of_kind(gazetteer, "street")]
    premises = [m for m in found if m.of_kind(gazetteer, "premises")]
    only_area = [m for m in found if m.of_kind(gazetteer, "area") and m not in streets and m not in premises]
    return Parts(words, streets, premises, only_area, found)


def _gone_to(words: list[str], mention: Mention) -> bool:
    before = [w for w in words[max(0, mention.start - 3) : mention.start] if w not in ("of", "the")]
    return bool(before) and before[-1] in TOWARDS


def _choose(parts: Parts, gazetteer: Gazetteer, anchors: Anchors) -> Place | None:
    def keep(found: list[Found]) -> list[Found]:
        return meant(gazetteer, found, anchors)

    if len(parts.streets) >= 2:
        between = _between(parts, gazetteer, anchors)
        if between is not None:
            return between
        for one, two in pairwise(parts.streets):
            if _joined(parts.words, one, two):
                met = crossing(
                    gazetteer,
                    _scored(parts, one, gazetteer),
                    _scored(parts, two, gazetteer),
                    keep,
                )
                if met is not None or gazetteer.junctions:
                    return met  # a corner the roads file does not have is no place
    streets = [f for m in parts.streets for f in _scored(parts, m, gazetteer)]
    if parts.premises:
        found = _premises(parts, gazetteer, streets, keep)
        if found is not None:
            return found
    if len(parts.streets) > 1:
        return _of_several(parts, gazetteer, keep)
    place = one_of(gazetteer, keep(streets), "street", _extra(parts.words, parts.streets) if streets else 0.0)
    if place and any(not m.loose for m in parts.premises):
        return replace(place, score=place.score * _OTHER_PREMISES)
    return place


def _premises(parts: Parts, gazetteer: Gazetteer, streets: list[Found], keep: Keep) -> Place | None:
    """The premises named: the surest, else the first; two joined by `and` or `or` are doubtful."""
    places: list[tuple[Mention, Place]] = []
    own = {id(m) for m in parts.streets}
    for mention in parts.premises:
        if mention.loose and not (streets or parts.areas):
            continue
        trust = trusted(parts.words, mention, parts.every, parts.areas, "premises")
        found = [(row, q * trust) for row, q in mention.of_kind(gazetteer, "premises")]
        rest = [f for f in streets if id(mention) not in own or f not in mention.found]
        kept = keep(beside(gazetteer, found, rest) if rest else found)
        place = one_of(gazetteer, kept, "premises", _extra(parts.words, [mention]))
        if place:
            places.append((mention, place))
    if not places:
        return None
    best = max((place for _, place in places), key=lambda place: place.score)
    for (one, a), (two, b) in pairwise(places):
        apart = ((a.easting - b.easting) ** 2 + (a.northing - b.northing) ** 2) ** 0.5
        gap = set(parts.words[one.end : two.start])
        if gap and gap <= {"and", "or"} and apart > _APART_M:
            return replace(best, score=best.score / 2, how="ambiguous")
    return best if best.how != "ambiguous" or not streets else None


def _of_several(parts: Parts, gazetteer: Gazetteer, keep: Keep) -> Place | None:
    """Several streets and no word of how they meet: the first, if the others lie by it."""
    first = keep(_scored(parts, parts.streets[0], gazetteer))
    others = [f for m in parts.streets[1:] for f in keep(_scored(parts, m, gazetteer))]
    agreeing = beside(gazetteer, first, others)
    place = one_of(gazetteer, agreeing or first, "street")
    return replace(place, score=place.score * (0.85 if agreeing else 0.5)) if place else None


def _between(parts: Parts, gazetteer: Gazetteer, anchors: Anchors) -> Place | None:
    """`Station Road between Mill Lane and High Street`: the stretch of the first between its two corners."""
    at = next((i for i, w in enumerate(parts.words) if w in BETWEEN), None)
    if at is None:
        return None

    def keep(found: list[Found]) -> list[Found]:
        return meant(gazetteer, found, anchors)

    after = [m for m in parts.streets if m.start > at]
    main = [m for m in parts.streets if m.start < at]
    if not main or not after:
        return None
    road = _scored(parts, main[-1], gazetteer)
    corners = [
        corner
        for m in after[:2]
        if (corner := crossing(gazetteer, road, _scored(parts, m, gazetteer), keep))
        and corner.how == "junction"
    ]
    if len(corners) == 2:
        one, two = corners
        half = ((one.easting - two.easting) ** 2 + (one.northing - two.northing) ** 2) ** 0.5 / 2
        return Place(
            (one.easting + two.easting) / 2, (one.northing + two.northing) / 2, max(half, 30.0),
            min(one.score, two.score), "between", one.area,
        )  # fmt: skip
    beside_them = [f for m in after for f in _scored(parts, m, gazetteer)]
    place = one_of(gazetteer, keep(beside(gazetteer, road, beside_them)), "street")
    return replace(place, score=place.score * 0.9) if place else None


def _joined(words: list[str], one: Mention, two: Mention) -> bool:
    gap = [w for w in words[one.end : two.start] if w != BREAK]
    if any(w in CROSSING for w in words):
        return len(gap) <= 6
    return bool(gap) and len(gap) <= 4 and bool(set(gap) & JOINS) and set(gap) <= JOINS | {"the", "of", "y"}


def _scored(parts: Parts, mention: Mention, gazetteer: Gazetteer) -> list[Found]:
    trust = trusted(parts.words, mention, parts.every, parts.areas, "street")
    return [(row, q * trust) for row, q in mention.of_kind(gazetteer, "street")]


def _extra(words: list[str], mentions: list[Mention]) -> float:
    """How much further away the words before a name, or a part of it named after, may lead."""
    first = min((m.start for m in mentions), default=0)
    last = max((m.end for m in mentions), default=0)
    around = words[max(0, first - 4) : first] + words[last : last + 2]
    return max((BEYOND.get(w, 0.0) for w in around), default=0.0)
