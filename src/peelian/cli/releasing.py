"""Commands of release: what the public is shown is proposed by one person and approved by another."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from peelian.cli.state import STATE, context

app = typer.Typer(
    help="Tables for the public: proposed by one person, released by another.", no_args_is_help=True
)
Why = Annotated[str, typer.Option(help="The reason, in a sentence.")]
Which = Annotated[str, typer.Argument(help="The release's id.")]


@app.callback()
def group() -> None:
    """Keep the sub-commands together."""


@app.command()
def propose(
    target: Annotated[str, typer.Option(help="What is counted.")] = "asb",
    area: Annotated[str | None, typer.Option(help="The area; default: the one held.")] = None,
    forecast: Annotated[
        bool, typer.Option("--forecast", help="The newest forecast, as three bands.")
    ] = False,
) -> None:
    """Make the newest quarter's table, attack it with all that was released before, and propose it."""
    from peelian.pipeline.releasing import propose_counts
    from peelian.pipeline.releasing_bands import propose_bands

    if forecast:
        made_id = propose_bands(context("administration"), target, area)
        print(f"Proposed {made_id}. Another person approves it with: peelian release approve")
        return
    made = propose_counts(context("administration"), target, area)
    shown, kept = len(made.made.shown), len(made.made.withheld)
    extra = sum(why.startswith("others") for why in made.made.withheld.values())
    print(f"Proposed {made.id}: {made.start:%d %b %Y} to {made.end:%d %b %Y}, {shown} figures shown, "
          f"{kept} withheld ({extra} of them so that others cannot be worked out).")  # fmt: skip
    print("Nothing is public yet: another person approves it with: peelian release approve")


@app.command("list")
def list_() -> None:
    """List the releases and where they stand."""
    from peelian.store.releases import list_releases

    ctx = context("administration")
    ctx.consult("consultation", "releases")
    rows = list_releases(ctx.ws)
    if STATE.json:
        print(json.dumps([{"id": one.id, "state": one.state, "start": str(one.start), "end": str(one.end)}
                          for one in rows]))  # fmt: skip
        return
    for one in rows:
        print(f"{one.id}  {one.state}  {one.target}  {one.start:%d %b %Y} to {one.end:%d %b %Y}")
    if not rows:
        print("Nothing was ever proposed for release.")


@app.command()
def show(release: Which) -> None:
    """Print a release's table as JSON."""
    from peelian.store.releases import get_release

    ctx = context("administration")
    ctx.consult("consultation", "releases")
    print(json.dumps(get_release(ctx.ws, release).table, indent=1))


@app.command()
def approve(release: Which, why: Why = "") -> None:
    """Release what another person proposed."""
    from peelian.pipeline.releasing import approve as go

    go(context("administration"), release, why)
    print(f"{release} is public.")


@app.command()
def refuse(release: Which, why: Why = "") -> None:
    """Refuse what was proposed."""
    from peelian.pipeline.releasing import refuse as go

    go(context("administration"), release, why)
    print(f"{release} is refused.")


@app.command()
def withdraw(release: Which, why: Why = "") -> None:
    """Take a release back; what it told stays reckoned with."""
    from peelian.pipeline.releasing import withdraw as go

    go(context("administration"), release, why)
    print(f"{release} is withdrawn: it is shown no more, and later tables still reckon with it.")
