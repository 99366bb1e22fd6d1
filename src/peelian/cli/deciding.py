"""The command of decisions: nothing goes from a forecast to tasking without one."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from peelian.cli.state import STATE, context


def decide(
    about_kind: Annotated[str, typer.Argument(help="run, warning, plan, problem or intervention.")] = "",
    about: Annotated[str, typer.Argument(help="Its id or number.")] = "",
    decided: Annotated[str, typer.Option(help="What was decided.")] = "",
    by: Annotated[str, typer.Option(help="The role that decides; never a name.")] = "",
    why: Annotated[str, typer.Option(help="Why.")] = "",
    option: Annotated[list[str] | None, typer.Option(help="An option considered; may be repeated.")] = None,
    refuse: Annotated[bool, typer.Option("--refuse", help="It was decided not to act.")] = False,
    kind: Annotated[str, typer.Option(help="The kind of intervention, if one was chosen.")] = "",
    problem: Annotated[str, typer.Option(help="The problem it is taken within.")] = "",
    cites_forecast: Annotated[bool, typer.Option("--cites-forecast", help="It leans on a forecast.")] = False,
    second: Annotated[
        int | None, typer.Option(help="Complete this decision as its second approver.", min=1)
    ] = None,
    approve: Annotated[str, typer.Option(help="With --second: yes or no.")] = "",
    queue: Annotated[bool, typer.Option("--queue", help="List the ethics queue.")] = False,
) -> None:
    """Record a decision, complete one as its second approver (--second), or list the ethics queue."""
    from peelian.api.acting_view import decision_json
    from peelian.cli.acting_lines import decision_line
    from peelian.pipeline.acting import deciding

    ctx = context("prevention")
    if queue:
        found = [decision_json(one) for one in deciding.listed(ctx, queue="ethics")]
        lines = [decision_line(one) for one in found] or ["The ethics queue is empty."]
        print(json.dumps({"decisions": found}) if STATE.json else "\n".join(lines))
        return
    if second is not None:
        held = deciding.completed(ctx, second, {"role": by, "why": why, "approve": approve})
    else:
        held = deciding.decided(ctx, {
            "about_kind": about_kind, "about": about, "decided": decided, "by_role": by, "why": why,
            "options": "\n".join(option or []), "refused": "yes" if refuse else "", "kind": kind,
            "problem": problem, "cites_forecast": "yes" if cites_forecast else "",
        })  # fmt: skip
    body = decision_json(held)
    print(json.dumps(body) if STATE.json else f"Kept: {decision_line(body)}")
