"""Keep warnings that were raised: new ones, and those raised again, whose card moves on and history stays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import isfinite
from typing import Any, Final

from sqlalchemy import Connection, insert, text, update

from peelian.domain.actor import Actor, AuditEntry, Purpose
from peelian.domain.warning import EarlyWarning
from peelian.domain.warning_card import card_of
from peelian.domain.warning_delivery import Delivery
from peelian.store import audit
from peelian.store.catalogue import now, transaction
from peelian.store.outbox import enqueue
from peelian.store.owning import of_area
from peelian.store.warning_matching import What, known_of
from peelian.store.warning_messages import messages_of
from peelian.store.warning_records import HeldWarning
from peelian.store.warning_settings import read_delivery
from peelian.store.warning_tables import warning, warning_step, warning_watch
from peelian.store.workspace import Workspace

_LOCK: Final = 0x7761726E
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
_AT_ONCE: Final = 500
_MOST: Final = 1e9  # in place of an infinite strength, where only its order matters


@dataclass(frozen=True)
class Watched:
    """What was looked at, whether or not anything was found."""

    area: str
    target: str
    as_of: date
    places: int


@dataclass(frozen=True)
class Kept:
    """What became of warnings raised, by the id held: `ids` has each raised id's held one.

    `again` had a newer card; `unchanged` were held as they are, or with a newer one; `closed` had ended.
    """

    new: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    ids: tuple[tuple[str, str], ...] = ()


def keep_warnings(
    ws: Workspace, actor: Actor, purpose: Purpose, warnings: Sequence[EarlyWarning], *,
    watched: Sequence[Watched] = (),
) -> Kept:  # fmt: skip
    """Keep warnings, queue what teams must be told of new ones, and note what was watched: all or nothing.

    A warning is one that is held when its id is, or when an open one of the same area, target and kind lies
    mostly on the same places and was last raised within eight weeks: its card is replaced, earlier cards stay
    in its history, its state does not change and nobody is told again. A closed one stays as it is.
    """
    delivery = read_delivery(ws)
    with transaction(ws) as conn:
        _alone(conn)
        sound = list({one.id: _sound(one) for one in warnings}.values())
        known = known_of(conn, sound)
        done = [(one, *known.match(one)) for one in sound]
        moment = now()
        new = [one for one, what, _ in done if what == "new"]
        areas = sorted({one.area for one in warnings} | {one.area for one in watched})
        owners = {area: of_area(conn, area).columns for area in areas}
        _add(conn, new, owners, actor, moment, delivery)
        for one, what, held in done:
            if what == "again" and held is not None:
                _renew(conn, one, held, actor, moment)
        if watched:
            conn.execute(insert(warning_watch), [vars(w) | {"at": moment} | owners[w.area] for w in watched])
        said = f"early warnings raised: {len(new)} new of {len(done)}"
        audit.append(conn, actor, purpose, AuditEntry("combination", said, ", ".join(areas)))
    return _kept(done)


def _alone(conn: Connection) -> None:
    """Let one process keep warnings at a time: two that raise the same would both find it new."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _sound(one: EarlyWarning) -> EarlyWarning:
    if not _ID.fullmatch(one.id):  # it becomes part of an address and of a message's key
        raise ValueError("a warning's id has letters, digits, - and _ only, 40 at most")
    return replace(one, plannable=False) if one.kind == "repeats" else one


def _add(
    conn: Connection, new: Sequence[EarlyWarning], owners: Mapping[str, dict[str, str]], actor: Actor,
    moment: datetime, delivery: Delivery,
) -> None:  # fmt: skip
    for some in _parts(new):
        cards = [card_of(one) for one in some]
        rows = [_row(one, card, moment) | owners[one.area] for one, card in zip(some, cards, strict=True)]
        conn.execute(insert(warning), rows)
        steps = [_step(card["id"], card, actor, moment) | owners[card["area"]] for card in cards]
        conn.execute(insert(warning_step), steps)
        for area in {one.area for one in some}:
            told = [m for one in some if one.area == area for m in messages_of(one, delivery)]
            enqueue(conn, told, **owners[area])


def _renew(conn: Connection, one: EarlyWarning, held: HeldWarning, actor: Actor, moment: datetime) -> None:
    card = card_of(replace(one, id=held.id))
    values = {name: value for name, value in _row(one, card, moment).items() if name in _MOVES}
    now_held = update(warning).where(warning.c.id == held.id)
    conn.execute(now_held.values(**values, version=warning.c.version + 1))
    conn.execute(
        insert(warning_step),
        [_step(held.id, card, actor, moment) | {"step": "again", "force": held.force, "area": held.area}],
    )


_MOVES: Final = frozenset({"as_of", "changed", "plannable", "strength", "card"})


def _row(one: EarlyWarning, card: dict[str, Any], moment: datetime) -> dict[str, Any]:
    strength = one.strength if isfinite(one.strength) else _MOST
    return {
        "id": one.id, "area": one.area, "target": one.target, "kind": one.kind, "as_of": one.as_of,
        "raised": moment, "changed": moment, "state": "new", "plannable": one.plannable,
        "strength": strength, "card": card, "version": 0,
    }  # fmt: skip


def _step(id_: str, card: dict[str, Any], actor: Actor, moment: datetime) -> dict[str, Any]:
    reason = "; ".join(card["set_off_by"])[:1000] or "raised"
    return {
        "warning": id_, "step": "raised", "actor": actor.id, "reason": reason, "detail": {"card": card},
        "at": moment,
    }  # fmt: skip


def _parts(rows: Sequence[EarlyWarning]) -> Iterator[Sequence[EarlyWarning]]:
    return (rows[k : k + _AT_ONCE] for k in range(0, len(rows), _AT_ONCE))


def _kept(done: Sequence[tuple[EarlyWarning, What, HeldWarning | None]]) -> Kept:
    ids = tuple((one.id, held.id if held else one.id) for one, _, held in done)
    by = {
        what: tuple(mine for (_, mine), (_, was, _) in zip(ids, done, strict=True) if was == what)
        for what in ("new", "again", "unchanged", "closed")
    }
    return Kept(**by, ids=ids)
