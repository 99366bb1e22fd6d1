"""What is held about one place besides its numbers: warnings, what was done and its verdict, options."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from peelian.api.acting_view import entry_json
from peelian.api.briefing_around import Told, told
from peelian.api.languages import plain
from peelian.api.run_folder import Run
from peelian.domain import warning_words as words
from peelian.domain.intervention import Entry
from peelian.domain.register_rules import WHOLE
from peelian.domain.warning import EarlyWarning
from peelian.plan.catalogue.load import held as kinds_held
from peelian.plan.options import options
from peelian.store.effect_verdicts import list_verdicts
from peelian.store.interventions import list_entries
from peelian.store.place_remarks import Remark, list_remarks
from peelian.store.plans import list_plans
from peelian.store.warning_records import list_warnings
from peelian.store.workspace import Workspace

_MOST = 20


@dataclass(frozen=True)
class Done:
    """An entry of the register and what its newest verdict says; `null` marks one that found nothing."""

    entry: dict[str, Any]
    verdict: str
    number: int | None
    null: bool


@dataclass(frozen=True)
class Offered:
    """Prevention that fits: its options, what must be said of them, and where the setting is known from."""

    options: tuple[dict[str, Any], ...]
    note: str
    setting: str


@dataclass(frozen=True)
class PlaceAround:
    """All of it."""

    warnings: tuple[Told, ...]
    done: tuple[Done, ...]
    offered: Offered
    remarks: tuple[Remark, ...]


def place_around(ws: Workspace, run: Run, cell: int) -> PlaceAround:
    """Give what is held about a place of a run (one of its squares, or a larger place)."""
    area = str(run.card["area"]["code"])
    codes = codes_of(run, cell)
    warnings = [told(one) for one in list_warnings(ws, area=area, state="open", last=500).rows
                if touches(run, cell, codes, one.card)]  # fmt: skip
    mine = [one for one in list_entries(ws, area=area) if covers(codes, one.entry)]
    return PlaceAround(
        tuple(warnings[:_MOST]), tuple(_done(ws, entry_json(one)) for one in mine[:_MOST]),
        _offered(ws, run, area, cell), tuple(list_remarks(ws, area=area, place=(run.level, str(cell)))),
    )  # fmt: skip


def codes_of(run: Run, cell: int) -> dict[str, set[str]]:
    """Give the codes that a place goes by, by kind of place: its squares, and their LSOAs where known."""
    cells, _ = run.parts(cell)
    base = run.base
    at = np.searchsorted(base.cells, np.asarray(cells, np.int64))
    out = {"cell": {str(one) for one in cells}, "lsoa": {base.lsoas[k] for k in at} - {""}}
    return out if run.level == "cell" else out | {run.level: {run.codes[cell]}}  # type: ignore[attr-defined]


def covers(codes: dict[str, set[str]], entry: Entry) -> bool:
    """Say whether an entry of the register is of this place, or of the whole area."""
    return entry.area_kind == WHOLE or bool(codes.get(entry.area_kind, set()) & set(entry.places))


def touches(run: Run, cell: int, codes: dict[str, set[str]], card: EarlyWarning) -> bool:
    """Say whether a warning is of this place: by its places as they may be shown, or by its circle."""
    shown = words.shown(card)
    if codes.get(shown.support, set()) & set(shown.places):
        return True
    if not words.has_point(card) or not np.isfinite([card.easting, card.northing]).all():
        return False
    grid = run.base.grid
    x, y = grid.centre(np.asarray(run.parts(cell)[0], np.int64))
    away = np.hypot(x * grid.unit_m - card.easting, y * grid.unit_m - card.northing)
    reach = max(card.radius_m if np.isfinite(card.radius_m) else 0.0, grid.size * grid.unit_m / 2)
    return bool((away <= reach).any())


def _done(ws: Workspace, entry: dict[str, Any]) -> Done:
    found = list_verdicts(ws, str(entry["id"]))
    if not found:
        return Done(entry, plain("Whether it worked is not known: nobody has evaluated it."), None, False)
    newest = found[0]
    body = newest.verdict
    clear = bool((body.get("effect") or {}).get("clear"))
    return Done(entry, str(body.get("headline") or plain("Evaluated.")), newest.id, not clear)


def _offered(ws: Workspace, run: Run, area: str, cell: int) -> Offered:
    """Take the options of the newest plan that holds the place, whose setting was looked up; else general."""
    target = str(run.card["target"])
    if run.level == "cell":
        for plan in list_plans(ws, area=area, target=target, last=50):
            held = (plan.card.get("options") or {}).get(str(cell))
            if held:
                note = held.get("statement") or held.get("note") or ""
                return Offered(
                    _prevention(held["options"]),
                    note,
                    plain("by its setting, from plan {plan}", plan=plan.id),
                )
    offer = options((), (), target, kinds=kinds_held(ws.home))
    said = offer.statement or plain("The setting of this place is not looked up here: a plan does that.")
    return Offered(_prevention([vars(one) for one in offer.options]), said, plain("for any place"))


def _prevention(rows: list[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    return tuple(one for one in rows if one["prevention"])
