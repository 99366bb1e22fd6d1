"""An independent reading of the rules: plain loops over visits, nothing shared with the optimiser."""

from __future__ import annotations

import itertools
import math
from collections import Counter

from peelian.domain.plan import Candidates, Rules, Slot, Team, Visit

EPS = 1e-9


def broken(
    candidates: Candidates, slots: list[Slot], teams: list[Team], rules: Rules, visits: list[Visit],
    held_out: tuple[int, ...] = (), room: tuple[tuple[int, ...], ...] = (),
    due: dict[str, float] | None = None,
) -> list[str]:  # fmt: skip
    """Every rule that the visits break, in words; what areas are `due` is reckoned where travel is free."""
    out = []
    pools = pools_of(teams)
    total = len(visits)
    if total == 0:
        out.append("no visit")
    cell = Counter((v.place, v.slot) for v in visits)
    if max(cell.values(), default=0) > rules.most_visits_a_slot:
        out.append("most visits a slot")
    by_place = Counter(v.place for v in visits)
    if (
        rules.most_visits_a_place is not None
        and max(by_place.values(), default=0) > rules.most_visits_a_place
    ):
        out.append("most visits a place")
    if rules.most_visits is not None and total > rules.most_visits:
        out.append("most visits")
    if any(v.minutes != rules.dwell_minutes for v in visits):
        out.append("dwell")
    out += broken_in_time(rules, cell, len(slots))
    out += broken_shares(candidates, rules, visits)
    if rules.share_by_harm is not None and len(candidates.zones or candidates.areas) > 1:
        owed = due_of(candidates, slots, teams, rules, held_out) if due is None else due
        out += broken_sharing(candidates, rules, visits, owed)
    banned = set(rules.excluded)
    for place in by_place:
        if candidates.ids[place] in banned or candidates.areas[candidates.area[place]] in banned:
            out.append("excluded")
        if place in held_out:
            out.append("held out")
    if rules.contiguous and not hangs_together(candidates, set(by_place)):
        out.append("contiguous")
    load = Counter((v.pool, v.slot) for v in visits)
    for (pool, slot), count in load.items():
        working = [t for t in pools[pool] if slots[slot].name in t.slots]
        minutes = sum(t.hours * 60 * t.count for t in working)
        if count * rules.dwell_minutes > minutes + EPS:
            out.append("hours")
        if room and count > room[pool][slot]:
            out.append("room")
    return out


def pools_of(teams: list[Team]) -> list[list[Team]]:
    """Teams alike, in order of first mention."""
    seen: dict[tuple[object, ...], list[Team]] = {}
    for t in teams:
        seen.setdefault((t.kind, t.agency, t.easting, t.northing, t.mode), []).append(t)
    return list(seen.values())


def broken_in_time(rules: Rules, cell: Counter[tuple[int, int]], slots: int) -> list[str]:
    """Least gap and revisit, place by place."""
    out = []
    visited: dict[int, list[int]] = {}
    for place, slot in sorted(cell):
        visited.setdefault(place, []).append(slot)
    for times in visited.values():
        for a, b in itertools.pairwise(times):
            if b - a - 1 < rules.least_gap_slots:
                out.append("least gap")
        if rules.revisit_slots is not None:
            for t in times:
                after = any(t < u <= t + rules.revisit_slots for u in times)
                before = any(t - rules.revisit_slots <= u < t for u in times)
                at_the_end = t + rules.revisit_slots > slots - 1
                if not (after or (at_the_end and before)):
                    out.append("revisit")
    return out


def broken_shares(candidates: Candidates, rules: Rules, visits: list[Visit]) -> list[str]:
    """Caps and least shares of all visits, by area."""
    out, total = [], len(visits)
    for a, name in enumerate(candidates.areas):
        here = sum(int(candidates.area[v.place]) == a for v in visits)
        cap = min(
            rules.cap_by_area.get(name, 1.0), rules.cap_each_area if rules.cap_each_area is not None else 1.0
        )
        if here > cap * total + 1e-6:
            out.append(f"cap {name}")
        if here < rules.least_by_area.get(name, 0.0) * total - 1e-6:
            out.append(f"least {name}")
    return out


def broken_sharing(
    candidates: Candidates, rules: Rules, visits: list[Visit], due: dict[str, float]
) -> list[str]:
    """Zones further from what they are due than the points allow and than whole visits explain."""
    zones = sum(share > 0 for share in due.values())
    off = max((rules.share_by_harm or 0.0) * len(visits), 1 - 1 / max(zones, 1)) + 1e-6
    here = Counter(zone_named(candidates, int(candidates.area[v.place])) for v in visits)
    return [f"shared {a}" for a, share in due.items() if abs(here[a] - share * len(visits)) > off]


def zone_named(candidates: Candidates, area: int) -> str:
    """The zone of an area, or the area itself where no zones are given."""
    return candidates.zones[candidates.zone_of[area]] if candidates.zones else candidates.areas[area]


def due_of(
    candidates: Candidates, slots: list[Slot], teams: list[Team], rules: Rules, held_out: tuple[int, ...]
) -> dict[str, float]:
    """Each zone's share of the harm that teams can go to, between its bounds; where travel is free."""
    assert all(math.isinf(rules.travel_km_h[team.mode]) for team in teams)
    pools, banned = pools_of(teams), set(rules.excluded)
    gives = [
        [
            sum(int(t.hours * 60 // rules.dwell_minutes) * t.count for t in p if s.name in t.slots)
            for s in slots
        ]
        for p in pools
    ]
    works = [s for s in range(len(slots)) if any(row[s] for row in gives)]
    names = [zone_named(candidates, a) for a in range(len(candidates.areas))]
    harm, room = dict.fromkeys(names, 0.0), dict.fromkeys(names, 0)
    for p, one in enumerate(candidates.ids):
        area, zone = candidates.areas[candidates.area[p]], names[candidates.area[p]]
        if p in held_out or one in banned or area in banned:
            continue
        harm[zone] += sum(float(candidates.harm[p, s]) for s in works)
        times = min(len(works), math.ceil(len(slots) / (rules.least_gap_slots + 1)))
        times *= rules.most_visits_a_slot
        room[zone] += times if rules.most_visits_a_place is None else min(times, rules.most_visits_a_place)
    can = sum(map(sum, gives))
    most = min(can, sum(room.values()), rules.most_visits or can)
    if not most or not sum(harm.values()):
        return {}
    every = 1.0 if rules.cap_each_area is None else rules.cap_each_area
    least, high = dict.fromkeys(names, 0.0), dict.fromkeys(names, 0.0)
    for area, zone in zip(candidates.areas, names, strict=True):
        least[zone] += rules.least_by_area.get(area, 0.0)
        high[zone] += min(rules.cap_by_area.get(area, 1.0), every)
    for zone in harm:
        able = can / most if room[zone] else 0.0
        high[zone] = max(least[zone], min(high[zone], 1.0, room[zone] / most, able))
    return between(harm, least, high)


def between(harm: dict[str, float], least: dict[str, float], high: dict[str, float]) -> dict[str, float]:
    """Shares as harm is, held between bounds: the line from one bound that is met to the next."""

    def at(by: float) -> dict[str, float]:
        return {a: min(max(by * harm[a], least[a]), high[a]) for a in harm}

    met = sorted({0.0, *(bound[a] / harm[a] for bound in (least, high) for a in harm if harm[a] > 0)})
    for low, up in itertools.pairwise(met):
        one, other = sum(at(low).values()), sum(at(up).values())
        if one <= 1 <= other and other > one:
            return at(low + (1 - one) / (other - one) * (up - low))
    return at(met[-1])


def hangs_together(candidates: Candidates, places: set[int]) -> bool:
    """Whether the places form one piece over touching pairs."""
    if not places:
        return True
    seen, edge = set(), [min(places)]
    while edge:
        one = edge.pop()
        seen.add(one)
        for a, b in candidates.neighbours:
            edge += [y for x, y in ((a, b), (b, a)) if x == one and y in places and y not in seen]
    return seen == places


def round_minutes(
    candidates: Candidates, team: Team, rules: Rules, places: list[int], detour: float
) -> float:
    """Minutes from base through the places in order and back, with dwell."""
    points = [(team.easting, team.northing)]
    points += [(float(candidates.easting[p]), float(candidates.northing[p])) for p in places]
    points.append(points[0])
    metres = sum(math.dist(a, b) for a, b in itertools.pairwise(points)) * detour
    return metres / (rules.travel_km_h[team.mode] * 1000 / 60) + rules.dwell_minutes * len(places)
