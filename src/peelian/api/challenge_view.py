"""Challenges as shown: when a reply is due, and which are overdue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from peelian.api.transparency_settings import answers
from peelian.domain.errors import Misuse
from peelian.store.agreements import today
from peelian.store.challenges import Challenge, list_challenges
from peelian.store.row_cut import reading_as
from peelian.store.runs import list_runs
from peelian.store.stopped import stopped_too
from peelian.store.workspace import Workspace

DAYS: Final = 28
"""Where the organisation states no time of its own. Ours: no law was read that sets one."""
STATES: Final = {
    "received": "Received: nobody has looked at it yet",
    "considered": "Being looked at",
    "answered": "Answered",
}


@dataclass(frozen=True)
class Shown:
    """A challenge with the day by which a reply is due."""

    one: Challenge
    due: date

    @property
    def overdue(self) -> bool:
        """Say whether the reply should have been given."""
        return self.one.state != "answered" and today() > self.due

    @property
    def state(self) -> str:
        """Say how it stands, in words."""
        late = f"; a reply was due by {self.due:%-d %B %Y}: overdue" if self.overdue else ""
        return STATES.get(self.one.state, self.one.state) + late


def shown(ws: Workspace, one: Challenge) -> Shown:
    """Give a challenge with its due day."""
    return Shown(one, one.at.date() + timedelta(days=_days(ws, one.area)))


def all_shown(ws: Workspace) -> list[Shown]:
    """Give every challenge, those that wait first, the longest overdue before others."""
    return sorted(
        (shown(ws, one) for one in list_challenges(ws)),
        key=lambda row: (row.one.state == "answered", row.due),
    )


def is_fictional(ws: Workspace, area: str) -> bool:
    """Say whether an area is made up, by its newest run; also of a stopped one."""
    with reading_as(None), stopped_too():
        rows = list_runs(ws, area, last=1)
    area_card = rows[0].card.get("area") if rows else None
    return isinstance(area_card, dict) and bool(area_card.get("simulated", False))


def _days(ws: Workspace, area: str) -> int:
    try:
        said = answers(ws, area).get("reply_within_days", "")
    except Misuse:  # the page of a challenge must not fail on another file
        return DAYS
    return int(said) if said.isdecimal() and 0 < int(said) <= 365 else DAYS
