"""What is kept of a plan: a row for each visit, and the card that its page and exports are drawn from."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from peelian.domain.plan import Candidates, Plan, Team, WhatIf
from peelian.domain.time import LONDON
from peelian.pipeline.planning.candidates import Choice
from peelian.plan.allocate.pools import pool
from peelian.plan.replayed import replay_notes
from peelian.plan.sharing import sharing
from peelian.store.plans import HeldPlan
from peelian.store.runs import RunRow

UNCOVERED = 10
"""Places with most harm and no visit that are told."""


def rows_of(made: Plan, choice: Choice, teams: Sequence[Team], *, told: bool) -> pl.DataFrame:
    """Give a row for each visit: place, slot, expected harm and its interval, last year's count, whose it is.

    `round` numbers the teams of a pool and `order` the stops of a round, both from 1; null where no round was
    reckoned. Without teams (`told` False) nobody's name stands in a row.
    """
    c: Candidates = choice.candidates
    pools = pool(teams, choice.slots)
    rows = [
        {
            "place": c.ids[v.place], "name": c.names[v.place], "easting": float(c.easting[v.place]),
            "northing": float(c.northing[v.place]), "area": c.areas[int(c.area[v.place])],
            "slot": choice.slots[v.slot].name, "expected": float(c.harm[v.place, v.slot]),
            "low": float(c.low[v.place, v.slot]), "high": float(c.high[v.place, v.slot]),
            "last_year": float(c.plain[v.place, v.slot]), "pattern": choice.patterns[v.place],
            "minutes": v.minutes, "slot_number": v.slot + 1, "start": choice.slots[v.slot].start,
            "end": choice.slots[v.slot].end, "team": pools[v.pool].name if told else "",
            "kind": pools[v.pool].kind if told else "", "agency": pools[v.pool].agency if told else "",
            "round": _from_one(v.team), "order": _from_one(v.order),
        }
        for v in made.visits
    ]  # fmt: skip
    kinds = {"round": pl.Int64, "order": pl.Int64}
    frame = pl.DataFrame(rows, schema_overrides=kinds, infer_schema_length=None)
    return frame.sort("expected", "place", descending=[True, False])


def card_of(
    made: Plan, choice: Choice, rows: pl.DataFrame, offers: dict[str, dict[str, Any]],
    teams: Sequence[Team], what_if: Sequence[WhatIf], *, told: bool,
) -> dict[str, Any]:  # fmt: skip
    """Give what a plan's page says beyond its visits."""
    c = choice.candidates
    left = [
        {"place": c.ids[k], "name": c.names[k], "expected": float(c.harm[k].sum())}
        for k in made.uncovered[:UNCOVERED]
    ]
    return {
        "covered": made.covered, "all_harm": float(c.harm.sum()), "gap": made.gap,
        "gap_reckoned": made.gap_reckoned, "rivals": made.rivals,
        "visits": len(made.visits), "rules": _rules(made),
        "sharing": sharing(made),
        "held_out": [c.ids[k] for k in made.held_out], "notes": [*choice.notes, *made.notes],
        "replays": list(replay_notes()),
        "uncovered": left, "options": offers, "slots": [one.name for one in choice.slots],
        "places": rows["place"].n_unique(), "candidates": len(c.ids), "kind": choice.kind,
        "sensitivity": [asdict(one) for one in what_if],
        "teams": _teams(made, choice, teams) if told else [],
    }  # fmt: skip


def held_of(run: RunRow, choice: Choice, card: dict[str, Any]) -> HeldPlan:
    """Give the plan to keep, with an id of its own."""
    first, last = choice.slots[0].start, choice.slots[-1].end
    named = hashlib.sha256(
        json.dumps([run.run_id, card["rules"], card["visits_asked"], card["kind"]]).encode()
    ).hexdigest()[:8]
    made = datetime.now(UTC)
    plan_id = f"plan-{first:%Y-%m-%d}-{named}-{made:%H%M%S%f}"
    return HeldPlan(plan_id, run.area, run.target, run.run_id, _day(first), _day(last), card, made)


def _from_one(number: int | None) -> int | None:
    return None if number is None else number + 1


def _rules(made: Plan) -> dict[str, Any]:
    """The rules as JSON: a speed without limit is null, since JSON has no infinity."""
    rules: dict[str, Any] = json.loads(json.dumps(asdict(made.rules)).replace("Infinity", "null"))
    return rules


def _teams(made: Plan, choice: Choice, teams: Sequence[Team]) -> list[dict[str, Any]]:
    visits = Counter(v.pool for v in made.visits)
    room = [sum(one) for one in made.room]
    return [
        {"name": one.name, "kind": one.kind, "agency": one.agency, "mode": one.mode,
         "count": sum(team.count for team in one.teams), "visits": visits[k], "room": room[k]}
        for k, one in enumerate(pool(teams, choice.slots))
    ]  # fmt: skip


def _day(at: datetime) -> date:
    return at.astimezone(LONDON).date()
