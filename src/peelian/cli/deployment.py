"""Commands of the deployment register: who answers for an area's use, on what ground, and stop."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from peelian.cli.state import STATE, context

app = typer.Typer(
    help="Where this is used, who answers for it, and whether it may go on.", no_args_is_help=True
)


@app.callback()
def group() -> None:
    """Keep the sub-commands together."""


@app.command("list")
def list_() -> None:
    """List the areas in the register and how each stands."""
    from peelian.store.deployments import deployments

    ctx = context("administration")
    ctx.consult("consultation", "deployments")
    held = deployments(ctx.ws).values()
    if STATE.json:
        print(json.dumps([vars(one) | {"at": one.at.isoformat()} for one in held]))
        return
    for one in held:
        owner = one.senior_owner or "not stated"
        print(f"{one.area}: {one.status} since {one.at:%d %b %Y}; senior owner: {owner}")
    if not held:
        print("The register is empty: state who answers for an area with peelian deployment set")


@app.command("set")
def set_(
    area: Annotated[str, typer.Argument(help="The area's code; * for all.")],
    status: Annotated[str, typer.Argument(help="As listed when it is wrong; discontinued stops serving.")],
    owner: Annotated[str, typer.Option(help="The senior owner's role; never a name.")] = "",
    basis: Annotated[str, typer.Option(help="The lawful basis.")] = "",
    ethics: Annotated[str, typer.Option(help="What the ethics panel said, and when.")] = "",
    why: Annotated[str, typer.Option(help="Why it changes.")] = "",
) -> None:
    """State how an area stands. Discontinued: its pages and forecasts stop with the next request."""
    from peelian.guard.acting import no_person
    from peelian.store.deployments import set_deployment
    from peelian.store.known_areas import known_areas
    from peelian.store.stopped import stopped_too

    no_person(owner=owner, basis=basis, ethics=ethics, why=why)
    ctx = context("administration")
    ctx.allow("alteration", "deployment")
    set_deployment(
        ctx.ws, ctx.actor, ctx.purpose, area, status, senior_owner=owner, lawful_basis=basis, ethics=ethics,
        why=why,
    )  # fmt: skip
    print(f"{area} is {status}.")
    with stopped_too():
        known = known_areas(ctx.ws)
    if area != "*" and area not in known:
        print(f"No area {area} is held here: look at its code again, or it holds once one is.")
