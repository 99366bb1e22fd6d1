"""Opening a problem: from words typed, or from warnings, whose places it takes over as they may be shown."""

from __future__ import annotations

from collections.abc import Mapping

from peelian.api.acting import Desk
from peelian.domain.errors import Misuse, Refused
from peelian.domain.problem import LONGEST, Problem, part_of, words_of
from peelian.domain.warning_words import COARSE, has_point, shown
from peelian.govern.policy import check
from peelian.guard.acting import no_person
from peelian.store.catalogue import transaction
from peelian.store.known_areas import check_cells, known_areas
from peelian.store.problems import HeldProblem, open_problem
from peelian.store.warning_records import get_warning
from peelian.store.workspace import Workspace

_MOST_PLACES = 500


def open_typed(desk: Desk, typed: Mapping[str, str]) -> HeldProblem:
    """Open a problem.

    `warnings`, `places` and `names` are parted by `;`. Where no place is typed, the first warning's area,
    target and places are taken, never finer than they may be shown.

    Raises:
        Misuse: something is missing or too long, or a person's data stand in it.
        Forbidden: it names a warning, and who opens it may not see warnings.
        NotFound: there is no such warning.
        Refused: an area nobody knows, or places finer than a warning of repeat reports may be shown by.
    """
    if typed.get("warnings", "").strip():
        check(desk.actor, desk.purpose, "consultation", "early warning")  # its places are taken over
    new = _problem(desk.ws, typed)
    no_person(title=new.title, agency=new.owner_agency, names="; ".join(new.names), **dict(new.parts))
    if new.area not in known_areas(desk.ws):
        known = ", ".join(sorted(known_areas(desk.ws))[:20]) or "none is held here yet"
        raise Refused("the problem names an area that is not known here", expected=known)
    if new.area_kind == "cell":
        check_cells(desk.ws, new.area, new.places)
    with transaction(desk.ws) as conn:
        return open_problem(conn, desk.actor, desk.purpose, new)


def _problem(ws: Workspace, typed: Mapping[str, str]) -> Problem:
    said = {name: typed.get(name, "").strip() for name in ("area", "target", "area_kind")}
    warnings, places, names = (_list(typed.get(name, "")) for name in ("warnings", "places", "names"))
    cards = [get_warning(ws, one).card for one in warnings]
    if cards and not places:
        first = shown(cards[0])
        said = {"area": first.area, "target": first.target, "area_kind": first.support}
        places, names = first.places, names or first.names
    fine = said["area_kind"] not in COARSE | {"area", ""}
    if places and fine and any(not has_point(one) for one in cards):
        raise Refused(
            "a problem of repeat reports at one point is held by LSOA at the finest",
            do="name the LSOA, or open it from the warning alone",
        )
    if len(places) > _MOST_PLACES or any(len(one) > 120 for one in (*places, *names)):
        raise Misuse("too many places, or too long a name", expected=f"at most {_MOST_PLACES}, parted by ;")
    if places and not said["area_kind"]:
        raise Misuse("the problem does not say what its places are", expected="such as cell, lsoa or ward")
    parts = dict(part_of("objective", text) for text in [typed.get("objective", "")] if text.strip())
    return Problem(
        words_of(typed.get("title", ""), "title", LONGEST["title"]), words_of(said["area"], "area", 80),
        words_of(said["target"], "target", 60), words_of(typed.get("owner_agency", ""), "owner agency", 120),
        said["area_kind"], places, names, warnings, parts,
    )  # fmt: skip


def _list(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.strip() for one in text.split(";") if one.strip()))
