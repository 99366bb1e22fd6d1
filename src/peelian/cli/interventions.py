"""Commands about the catalogue of interventions: its kinds, one kind in full, what fits a place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from peelian.cli.state import STATE, context

if TYPE_CHECKING:
    from peelian.domain.intervention import InterventionKind

app = typer.Typer(
    help="The catalogue of interventions: kinds, their evidence, what fits a place.", no_args_is_help=True
)


@app.callback()
def group() -> None:
    """Keep the sub-commands together."""


@app.command("list")
def list_() -> None:
    """List the kinds: who leads them and how strong the evidence is; those only ever recorded stand apart."""
    from peelian.cli.show import table
    from peelian.plan.catalogue.view import catalogue_view, strength_of

    kinds = _kinds()
    if STATE.json:
        print(json.dumps(catalogue_view(kinds)))
        return
    table([
        {"kind": one.id, "lead agency": one.lead_agency, "prevention": "yes" if one.prevention else "no",
         "onset": one.onset, "evidence": strength_of(one)}
        for one in kinds if one.plannable
    ])  # fmt: skip
    only = ", ".join(one.id for one in kinds if not one.plannable)
    print(f"Recorded and evaluated only, never proposed: {only}.")
    print("One in full: peelian interventions show KIND. Your own: peelian context import interventions FILE")


@app.command()
def show(
    kind: Annotated[str, typer.Argument(help="A kind, as `list` shows it; hyphens may be spaces.")],
) -> None:
    """Show one kind: mechanism, harms, cost, and each figure with the sentence it was read in."""
    from peelian.plan.catalogue.load import kind_named
    from peelian.plan.catalogue.view import kind_lines, kind_view

    one = kind_named(kind, _kinds())
    if STATE.json:
        print(json.dumps(kind_view(one)))
        return
    print("\n".join(kind_lines(one)))


@app.command()
def match(
    target: Annotated[str, typer.Option(help="The problem: violence, robbery, asb, burglary ...")],
    setting: Annotated[
        list[str] | None, typer.Option(help="A word for the place: pub, school, park.")
    ] = None,
    hours: Annotated[list[str] | None, typer.Option(help="morning, afternoon, evening or night.")] = None,
    pattern: Annotated[str, typer.Option(help="stable, flaring, fading or unknown.")] = "unknown",
) -> None:
    """Say which prevention options fit a place, or that there is no evidence-matched option."""
    from peelian.plan.options import options

    offer = options(setting or (), hours or (), target, pattern, _kinds())  # type: ignore[arg-type]
    if STATE.json:
        print(json.dumps(offer.to_json()))
        return
    for k, one in enumerate(offer.options, 1):
        print(f"{k}. {one.title} ({one.lead_agency}): {one.reason}. Evidence {one.strength}: {one.finding}.")
    if offer.statement:
        print(f"Prevention: {offer.statement}.")
    if offer.note:
        print(f"Note: {offer.note}.")
    if offer.unproven:
        names = ", ".join(one.title for one in offer.unproven)
        print(f"Fits, but no evidence of an effect on this was read: {names}.")


def _kinds() -> tuple[InterventionKind, ...]:
    from peelian.plan.catalogue.load import held

    ctx = context("prevention")
    ctx.consult("consultation", "kinds of intervention")
    return held(ctx.ws.home)
