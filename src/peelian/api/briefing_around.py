"""What else a shift should know of an area: new early warnings, what is being done or due, what could be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from peelian.api.acting_view import action_json, entry_json
from peelian.api.briefing_within import Within
from peelian.api.named_areas import NamedArea
from peelian.api.run_folder import Run
from peelian.domain import warning_words as words
from peelian.domain.recorded_only import names_power
from peelian.plan.catalogue.load import held as kinds_held
from peelian.plan.options import options
from peelian.store.actions import list_actions
from peelian.store.interventions import list_entries
from peelian.store.plans import list_plans
from peelian.store.warning_records import HeldWarning, list_warnings
from peelian.store.workspace import Workspace

MOST: Final = 5
_LATELY: Final = timedelta(days=28)
_LOOKED: Final = 200


@dataclass(frozen=True)
class Told:
    """An early warning in a line: its address, where, what, and whether it is for a welfare check."""

    id: str
    where: str
    sentence: str
    state: str
    for_patrols: bool


@dataclass(frozen=True)
class Around:
    """New warnings and how many are open in all; entries of the register of late; actions due; options."""

    warnings: tuple[Told, ...]
    open_warnings: int
    entries: tuple[dict[str, Any], ...]
    actions: tuple[dict[str, Any], ...]
    options: tuple[dict[str, Any], ...]
    options_note: str
    plan: str | None


def around(ws: Workspace, run: Run, on: date, within: NamedArea | None = None) -> Around:
    """Give what is held of the run's area; `on` is the day that "late" and "overdue" are reckoned from.

    `within`: only what lies in that part of it, as far as its places are known.
    """
    area, target = str(run.card["area"]["code"]), str(run.card["target"])
    here = Within(ws, run, within)
    held = list_warnings(ws, state="open", area=area, last=_LOOKED)
    warnings = [one for one in held.rows if here.warning(one)]
    rows = [told(one) for one in warnings]
    told_first = sorted(rows, key=lambda one: (one.state != "new", not one.for_patrols))
    lately = list_entries(ws, area=area, start=on - _LATELY, last=_LOOKED)
    entries = [one for one in lately if not names_power(one.entry.kind, one.entry.title) and here.entry(one)][
        :MOST
    ]
    due = [one for one in list_actions(ws, area=area, waiting=True)[:_LOOKED] if here.action(one)][:MOST]
    offer = options((), (), target, kinds=kinds_held(ws.home), most=MOST)
    plans = list_plans(ws, area=area, target=target, state="decided", last=20)
    mine = next((one.id for one in plans if one.run == run.id), None)
    return Around(
        tuple(told_first[:MOST]), len(warnings) if within else held.total,
        tuple(entry_json(one) for one in entries), tuple(action_json(one, on) for one in due),
        tuple(vars(one) for one in offer.options if one.prevention), offer.statement or offer.note, mine,
    )  # fmt: skip


def told(one: HeldWarning) -> Told:
    """Give a warning's line, never more finely placed than may be shown."""
    return Told(
        one.id, words.where(one.card), words.sentence(words.shown(one.card)), one.state,
        words.has_point(one.card),
    )  # fmt: skip
