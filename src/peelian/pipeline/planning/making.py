"""Make a plan of so many visits, give each place its prevention options, and keep it as a draft."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from peelian.domain.errors import Misuse, NotFound
from peelian.domain.plan import Candidates, Plan, Rules
from peelian.domain.progress import Tick, no_tick
from peelian.domain.time import LONDON
from peelian.pipeline.areas import grid_of
from peelian.pipeline.context import Context
from peelian.pipeline.planning.candidates import Choice, choice_of, may_plan
from peelian.pipeline.planning.settings import settings_of_places
from peelian.plan.allocate import allocate, visits_only
from peelian.plan.catalogue.load import digest, held
from peelian.plan.options import options
from peelian.store.plans import HeldPlan, keep_plan
from peelian.store.runs import RunRow, get_run, latest_run

SECONDS = 40.0
UNCOVERED = 10
"""Places with most harm and no visit that are told."""


@dataclass(frozen=True)
class PlanRequest:
    """What was asked for: `visits` in all, over the slots of a run (default the newest of the target)."""

    visits: int
    target: str = "violence"
    area: str | None = None
    run: str | None = None
    most_visits_a_place: int | None = None
    cap_each_area: float | None = None
    hold_out: float = 0.0
    excluded: tuple[str, ...] = ()
    seed: int = 1
    for_evaluation: bool = False


@dataclass(frozen=True, eq=False)
class Planned:
    """A plan with the run it rests on and the rows of its visits, most harm first."""

    plan: Plan
    run: RunRow
    choice: Choice
    rows: pl.DataFrame
    id: str | None
    """None where it was made for evaluation and not kept."""
    offers: dict[str, dict[str, Any]] = field(default_factory=dict)


def make_plan(ctx: Context, request: PlanRequest, tick: Tick = no_tick) -> Planned:
    """Choose places and slots for the visits, exactly, under the rules; keep the plan as a draft.

    Raises:
        Misuse: no visits asked for. NotFound: no run. Refused: the target's rows may include homes, or no
            plan keeps all the rules, with those in conflict named.
    """
    if request.visits < 1:
        raise Misuse("a plan needs a visit", expected="--visits 1 or more")
    run = _run(ctx, request)
    may_plan(run, for_evaluation=request.for_evaluation)
    ctx.consult("combination", f"plan {run.target}", area=run.area, window=run.run_id)
    tick("reading the run", 0.1)
    choice = choice_of(run)
    rules = Rules(
        most_visits_a_place=request.most_visits_a_place, cap_each_area=request.cap_each_area,
        hold_out=request.hold_out, excluded=request.excluded, seed=request.seed,
    )  # fmt: skip
    teams, rules = visits_only(request.visits, choice.slots, rules)
    tick("choosing", 0.3)
    made = allocate(choice.candidates, choice.slots, teams, rules, seconds=SECONDS, seed=request.seed)
    tick("matching prevention options", 0.9)
    kinds = held(ctx.ws.home)
    chosen = sorted({visit.place for visit in made.visits})
    grid = grid_of(str(run.card["grid"]["crs"]), float(run.card["grid"]["size"]))
    settings = settings_of_places(ctx, run, grid, choice.candidates, chosen)
    offers = {
        choice.candidates.ids[k]: options(settings[k], (), run.target, choice.patterns[k], kinds).to_json()  # type: ignore[arg-type]
        for k in chosen
    }
    rows = _rows(made, choice)
    if request.for_evaluation:
        return Planned(made, run, choice, rows, None, offers)
    card = _card(made, choice, rows, offers) | {"catalogue": digest(kinds), "visits_asked": request.visits}
    kept = keep_plan(ctx.ws, ctx.actor, ctx.purpose, _held(run, choice, card), rows)
    return Planned(made, run, choice, rows, kept.id, offers)


def _run(ctx: Context, request: PlanRequest) -> RunRow:
    if request.run is not None:
        return get_run(ctx.ws, request.run)
    found = latest_run(ctx.ws, request.area, request.target)
    if found is None:
        raise NotFound(
            f"there is no forecast of {request.target} to plan from",
            do=f"make one with: peelian forecast --target {request.target}",
        )
    return found


def _rows(made: Plan, choice: Choice) -> pl.DataFrame:
    """Give a row for each visit: place, name, slot, expected harm with its interval, last year's count."""
    c: Candidates = choice.candidates
    rows = [
        {
            "place": c.ids[v.place], "name": c.names[v.place], "easting": float(c.easting[v.place]),
            "northing": float(c.northing[v.place]), "area": c.areas[int(c.area[v.place])],
            "slot": choice.slots[v.slot].name, "expected": float(c.harm[v.place, v.slot]),
            "low": float(c.low[v.place, v.slot]), "high": float(c.high[v.place, v.slot]),
            "last_year": float(c.plain[v.place, v.slot]), "pattern": choice.patterns[v.place],
            "minutes": v.minutes,
        }
        for v in made.visits
    ]  # fmt: skip
    return pl.DataFrame(rows).sort("expected", "place", descending=[True, False])


def _card(
    made: Plan, choice: Choice, rows: pl.DataFrame, offers: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    c = choice.candidates
    left = [
        {"place": c.ids[k], "name": c.names[k], "expected": float(c.harm[k].sum())}
        for k in made.uncovered[:UNCOVERED]
    ]
    return {
        "covered": made.covered, "all_harm": float(c.harm.sum()), "gap": made.gap, "rivals": made.rivals,
        "visits": len(made.visits), "rules": json.loads(json.dumps(made.rules.__dict__, default=str)),
        "held_out": [c.ids[k] for k in made.held_out], "notes": [*choice.notes, *made.notes],
        "uncovered": left,
        "options": offers, "slots": [one.name for one in choice.slots], "places": rows["place"].n_unique(),
    }  # fmt: skip


def _held(run: RunRow, choice: Choice, card: dict[str, Any]) -> HeldPlan:
    first, last = choice.slots[0].start, choice.slots[-1].end
    named = hashlib.sha256(
        json.dumps([run.run_id, card["rules"], card["visits_asked"]]).encode()
    ).hexdigest()[:8]
    made = datetime.now(UTC)
    plan_id = f"plan-{first:%Y-%m-%d}-{named}-{made:%H%M%S%f}"
    days = (_day(first), _day(last))
    return HeldPlan(plan_id, run.area, run.target, run.run_id, *days, card, made)


def _day(at: datetime) -> date:
    return at.astimezone(LONDON).date()
