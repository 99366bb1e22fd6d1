"""What the command `plan` says: the plan in words and a table, its doubt, its teams; and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from peelian.plan.replayed import replay_notes
from peelian.plan.sharing import sharing

if TYPE_CHECKING:
    from peelian.domain.plan import Plan
    from peelian.pipeline.planning.making import Planned

_SHOWN = 20


def lines(made: Planned) -> list[str]:
    """Say a plan in words and a table."""
    plan, rows = made.plan, made.rows
    total = float(made.choice.candidates.harm.sum())
    out = [
        f"{len(plan.visits)} visits to {rows['place'].n_unique()} places, from run {made.run.run_id}: "
        f"{plan.covered:.1f} of {total:.1f} expected events covered ({100 * plan.covered / total:.0f} %); "
        f"at most {100 * plan.gap:.2f} % short of the best of as many visits, were the ways between free.",
        f"As many visits by last year's count would cover {_rival(plan, 'last-year-count')}, spread equally "
        f"{_rival(plan, 'equal-spread')}.",
        f"{sharing(plan)['sentence']}.",
        "",
        f"{'place':34}{'expected':>9}{'likely':>12}{'last year':>10}  {'pattern':9}"
        "prevention option (who leads)",
    ]
    for row in rows.head(_SHOWN).iter_rows(named=True):
        likely = f"{row['low']:.0f} to {row['high']:.0f}"
        out.append(
            f"{row['name'][:33]:34}{row['expected']:9.2f}{likely:>12}{row['last_year']:10.0f}  "
            f"{row['pattern']:9}{_option(made, row['place'])}"
        )
    if rows.height > _SHOWN:
        out.append(f"... and {rows.height - _SHOWN} more")
    out += ["", *_doubt(made)]
    left = [made.choice.candidates.names[k] for k in plan.uncovered[:5]]
    out += ["", f"Left uncovered, most harm first: {', '.join(left) or 'nothing'}."]
    if plan.held_out:
        out.append(f"Held out at random, to learn whether it worked: {len(plan.held_out)} places.")
    out += [f"Note: {one.rstrip('.')}." for one in (*made.choice.notes, *plan.notes, *replay_notes())]
    kept = f"Draft {made.id}: nothing is tasked until a decision is recorded: peelian decide"
    return [*out, kept if made.id else "For evaluation only: nothing is kept."]


def _rival(plan: Plan, name: str) -> str:
    return f"{plan.rivals[name]:.1f}" if name in plan.rivals else "an unknown number (not found in the time)"


def _doubt(made: Planned) -> list[str]:
    """Say what another budget, or the forecast's own doubt, would change."""
    return [
        f"With {one.name}: {one.visits} visits cover {one.covered:.1f}; "
        f"{one.stay} of its {one.places} places are in this plan."
        for one in made.what_if
    ]


def _option(made: Planned, place: str) -> str:
    offer = made.offers[place]
    fit = [one for one in offer["options"] if one["prevention"]]
    told = fit[:1] + [one for one in fit[1:] if one["specific"]][:1]
    return "; ".join(f"{one['kind']} ({one['lead_agency']})" for one in told) or str(offer["statement"])


def plan_json(made: Planned) -> dict[str, object]:
    """Give a plan as plain data."""
    plan = made.plan
    return {
        "plan": made.id, "run": made.run.run_id, "covered": plan.covered, "gap": plan.gap,
        "gap_reckoned": plan.gap_reckoned,
        "sharing": sharing(plan), "rivals": plan.rivals, "sensitivity": [asdict(one) for one in made.what_if],
        "visits": made.rows.to_dicts(), "options": made.offers,
        "held_out": [made.choice.candidates.ids[k] for k in plan.held_out],
        "notes": [*made.choice.notes, *plan.notes], "replays": list(replay_notes()),
    }  # fmt: skip
