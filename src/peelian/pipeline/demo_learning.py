"""The demonstration's own lesson, SIMULATED: a problem, a decision, a drawn study and its verdict.

The simulated world holds no effect of lighting, so an honest verdict finds none: a null result to keep.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import numpy as np

from peelian.api.acting import decide, enter, finish, task, today, write
from peelian.api.acting_opening import open_typed
from peelian.domain.intervention import Entry
from peelian.domain.progress import Tick, no_tick
from peelian.domain.time import step
from peelian.pipeline.acting.registering import desk
from peelian.pipeline.context import Context
from peelian.pipeline.evaluating.asked import Asked
from peelian.pipeline.evaluating.counting import Counted, counted
from peelian.pipeline.evaluating.designing import draw_of, lock
from peelian.pipeline.evaluating.evaluating import evaluate_intervention
from peelian.store.problems import list_problems

TARGET: Final = "violence"
PLACES, STRATUM, SEED = 48, 6, 20231
MONTHS: Final = 6
DESIGN: Final = "simulated-lighting"
TITLE: Final = "SIMULATED: lighting of half of the busiest squares, drawn by lot"


def learn(ctx: Context, area: str, tick: Tick = no_tick) -> str:
    """Write the lesson down once; give its headline, or say that it stands already.

    Raises:
        Refused: the simulated area is too small to draw from.
    """
    if any(one.problem.title.startswith("SIMULATED") for one in list_problems(ctx.ws, area=area)):
        return "the demonstration's problem stands already"
    tick("drawing places", 0.1)
    asked = Asked(TARGET, "randomised", "month", 12)
    seen = counted(ctx, _entry(area, ("0",), date(2000, 1, 1), date(2000, 1, 2)), asked)
    end = seen.ends[-1]
    start = step(end, "month", -MONTHS)
    draw = _draw(seen, start)
    treated = [name for name, hit in zip(draw["places"], draw["treated"], strict=True) if hit]
    problem = _problem(ctx, area, draw["places"])
    decision = _decision(ctx, problem)
    tick("locking the design", 0.4)
    lock(
        ctx, DESIGN, {"target": TARGET, "method": "randomised", "every": "month", "before": 12, "draw": draw},
        by_role="SIMULATED head of analysis",
    )  # fmt: skip
    entry = enter(desk(ctx), _typed(area, treated, start, end, problem)).entry
    done = task(desk(ctx), problem, {
        "what": "SIMULATED: light the squares drawn", "agency": "council", "due": str(today()),
        "decision": str(decision),
    })  # fmt: skip
    finish(desk(ctx), done.id, "SIMULATED: lit as drawn")
    tick("evaluating", 0.6)
    made = evaluate_intervention(ctx, entry.id, asked, DESIGN)
    write(desk(ctx), problem, "assessment", f"SIMULATED. {made['headline']}", None)
    return str(made["headline"])


def _draw(seen: Counted, start: date) -> dict[str, Any]:
    """Draw half of the squares that were busiest in the year before, in strata of like count."""
    last = seen.starts.index(start)
    total = np.where(seen.seen[:, last - 12 : last], seen.counts[:, last - 12 : last], 0.0).sum(axis=1)
    busiest = np.argsort(-total, kind="stable")[:PLACES]
    names = tuple(seen.names[k] for k in busiest)
    return draw_of(names, total[busiest], share=0.5, stratum=STRATUM, seed=SEED)


def _entry(area: str, places: tuple[str, ...], start: date, end: date) -> Entry:
    return Entry(
        "", "lighting", TITLE, area, "cell", places, start, end, "council", 1.0, "lamps", None, "", ""
    )


def _typed(area: str, places: list[str], start: date, end: date, problem: int) -> dict[str, str]:
    return {
        "kind": "lighting", "title": TITLE, "area": area, "area_kind": "cell", "places": ";".join(places),
        "start": str(start), "end": str(end), "agency": "council", "dose": str(10 * len(places)),
        "dose_unit": "lamps", "cost": "24000", "reason": "SIMULATED: evenings of violence in these squares",
        "decision_maker": "SIMULATED partnership chair", "problem": str(problem),
    }  # fmt: skip


def _problem(ctx: Context, area: str, places: list[str]) -> int:
    held = open_typed(desk(ctx), {
        "title": "SIMULATED: evenings in the busiest squares", "area": area, "target": TARGET,
        "owner_agency": "council", "area_kind": "cell", "places": ";".join(places),
        "objective": "SIMULATED: fewer people hurt in these squares within six months, by the records.",
    })  # fmt: skip
    for part, said in (
        ("scanning", "SIMULATED: the 48 squares with most recorded public violence of the year before."),
        ("analysis", "SIMULATED: dark routes between late premises and transport."),
        ("response", "SIMULATED: lamps in half of them, drawn by lot, led by the council; the rest wait."),
    ):
        write(desk(ctx), held.id, part, said, None)
    return held.id


def _decision(ctx: Context, problem: int) -> int:
    held = decide(desk(ctx), {
        "about_kind": "problem", "about": str(problem), "problem": str(problem),
        "decided": "SIMULATED: light half of the squares, drawn by lot, and wait with the rest",
        "by_role": "SIMULATED partnership chair", "kind": "lighting",
        "why": "SIMULATED: there are lamps for half, and a lot is fair and tells whether they help",
        "options": "do nothing\nlight all at once\nlight half, drawn by lot",
    })  # fmt: skip
    return held.id
