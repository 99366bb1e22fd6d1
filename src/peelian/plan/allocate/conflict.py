"""Rules that cannot all be kept are named: a set of which each is needed for the conflict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from peelian.domain.errors import Refused
from peelian.domain.plan import Rules


def named(rules: Rules) -> dict[str, Callable[[Rules], Rules]]:
    """Each rule that is set, in words, with the same rules without it."""
    out: dict[str, Callable[[Rules], Rules]] = {}
    if rules.contiguous:
        out["contiguous: chosen places hang together"] = lambda r: replace(r, contiguous=False)
    if rules.revisit_slots is not None:
        out[f"revisit_slots = {rules.revisit_slots}"] = lambda r: replace(r, revisit_slots=None)
    if rules.least_gap_slots:
        out[f"least_gap_slots = {rules.least_gap_slots}"] = lambda r: replace(r, least_gap_slots=0)
    if rules.most_visits_a_place is not None:
        out[f"most_visits_a_place = {rules.most_visits_a_place}"] = lambda r: replace(
            r, most_visits_a_place=None
        )
    if rules.most_visits is not None:
        out[f"most_visits = {rules.most_visits}"] = lambda r: replace(r, most_visits=None)
    if rules.cap_each_area is not None:
        out[f"cap_each_area = {rules.cap_each_area:g}"] = lambda r: replace(r, cap_each_area=None)
    for area, share in rules.cap_by_area.items():
        out[f"cap_by_area {area} = {share:g}"] = lambda r, area=area: replace(  # type: ignore[misc]
            r, cap_by_area={k: v for k, v in r.cap_by_area.items() if k != area}
        )
    for area, share in rules.least_by_area.items():
        out[f"least_by_area {area} = {share:g}"] = lambda r, area=area: replace(  # type: ignore[misc]
            r, least_by_area={k: v for k, v in r.least_by_area.items() if k != area}
        )
    if rules.share_by_harm is not None:
        out[f"share_by_harm = {rules.share_by_harm:g}"] = lambda r: replace(r, share_by_harm=None)
    if rules.hold_out:
        out[f"hold_out = {rules.hold_out:g}"] = lambda r: replace(r, hold_out=0.0)
    for one in rules.excluded:
        out[f"excluded {one}"] = lambda r, one=one: replace(  # type: ignore[misc]
            r, excluded=tuple(other for other in r.excluded if other != one)
        )
    return out


def irreducible(rules: Rules, possible: Callable[[Rules], bool]) -> list[str]:
    """Rules of which none can be spared for the conflict (a deletion filter).

    Each is left out in turn: where the rest is still impossible, it stays out for good.
    """
    kept, left = rules, list(named(rules))
    for name in list(left):
        without = named(rules)[name](kept)
        if not possible(without):
            kept = without
            left.remove(name)
    return left


def refuse(rules: Rules, possible: Callable[[Rules], bool]) -> Refused:
    """The refusal that names them."""
    names = irreducible(rules, possible)
    if not names:
        return Refused(
            "No team can visit any place, whatever the rules",
            expected="a place, a slot and a team with time for the way there, the dwell and the way back",
            do="Check bases, hours, slots, dwell_minutes and travel_km_h.",
        )
    return Refused(
        f"No plan keeps all the rules: {'; '.join(names)} cannot hold together",
        expected="rules that some plan of at least one visit can keep",
        do="Change one of those named. None was relaxed.",
    )
