"""Is a warning that is raised one that is held already?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final, Literal

from sqlalchemy import Connection, and_, select

from peelian.domain.warning import EarlyWarning
from peelian.domain.warning_card import card_of
from peelian.store.warning_records import HeldWarning, held_of
from peelian.store.warning_tables import warning

What = Literal["new", "again", "unchanged", "closed"]
_AT_ONCE: Final = 500
_EPISODE: Final = timedelta(days=56)
_SHARE: Final = 0.5


@dataclass(frozen=True, eq=False)
class Known:
    """Warnings held: those with the ids asked for, and the open ones by each place they speak of."""

    by_id: dict[str, HeldWarning] = field(default_factory=dict)
    by_place: dict[tuple[str, ...], list[HeldWarning]] = field(default_factory=lambda: defaultdict(list))

    def match(self, one: EarlyWarning) -> tuple[What, HeldWarning | None]:
        """Say whether it is new, or which held one it is, and what that means."""
        held = self.by_id.get(one.id) or self._alike(one)
        if held is None:
            return "new", None
        if held.state == "closed":
            return "closed", held
        newer = one.as_of > held.as_of or (one.as_of == held.as_of and _differs(one, held.card))
        return ("again" if newer else "unchanged"), held

    def _alike(self, one: EarlyWarning) -> HeldWarning | None:
        near = {held.id: held for key in _keys(one) for held in self.by_place.get(key, ())}
        fitting = [
            held for held in near.values()
            if abs(one.as_of - held.as_of) <= _EPISODE and _same_place(one, held.card)
        ]  # fmt: skip
        return max(fitting, key=lambda held: (held.as_of, held.id), default=None)


def known_of(conn: Connection, warnings: Sequence[EarlyWarning]) -> Known:
    """Read what is held that any of these could be."""
    known = Known()
    c = warning.c
    ids = [one.id for one in warnings]
    for k in range(0, len(ids), _AT_ONCE):
        for row in conn.execute(select(warning).where(c.id.in_(ids[k : k + _AT_ONCE]))):
            known.by_id[row.id] = held_of(row)
    for area, target, kind in sorted({(one.area, one.target, one.kind) for one in warnings}):
        alike: Any = and_(c.area == area, c.target == target, c.kind == kind, c.state != "closed")
        for row in conn.execute(select(warning).where(alike).order_by(c.id)):
            held = held_of(row)
            for key in _keys(held.card):
                known.by_place[key].append(held)
    return known


def _keys(one: EarlyWarning) -> list[tuple[str, ...]]:
    return [(one.area, one.target, one.kind, one.support, place) for place in one.places]


def _differs(one: EarlyWarning, held: EarlyWarning) -> bool:
    # As cards: a number that is none equals itself there.
    return card_of(replace(one, id=held.id)) != card_of(held)


def _same_place(one: EarlyWarning, held: EarlyWarning) -> bool:
    mine, theirs = set(one.places), set(held.places)
    return len(mine & theirs) >= _SHARE * min(len(mine), len(theirs))
