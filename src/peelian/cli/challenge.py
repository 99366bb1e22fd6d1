"""Commands of challenges: what people asked of an area's page, and the answer each gets."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from peelian.cli.state import STATE, context

app = typer.Typer(help="Challenges from the public page of an area.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Keep the sub-commands together."""


@app.command("list")
def list_() -> None:
    """List challenges, the newest first."""
    from peelian.store.challenges import list_challenges

    ctx = context("administration")
    ctx.consult("consultation", "challenges")
    held = list_challenges(ctx.ws)
    if STATE.json:
        print(json.dumps([vars(one) for one in held], default=str))
        return
    for one in held:
        print(f"{one.id}  {one.state}  {one.at:%d %b %Y}  {one.area} {one.place}  {one.kind}: {one.text}")
    if not held:
        print("Nobody has challenged anything yet.")


@app.command()
def answer(
    code: Annotated[str, typer.Argument(help="The challenge's code.")],
    text: Annotated[str, typer.Option(help="What was found, and what is done about it.")] = "",
) -> None:
    """Answer one; who asked sees it on the page of the code."""
    from peelian.guard.acting import no_person
    from peelian.store.challenges import answer_challenge

    ctx = context("administration")
    ctx.allow("alteration", "challenge")
    no_person(answer=text)
    answer_challenge(ctx.ws, ctx.actor, ctx.purpose, code, text)
    print(f"{code} is answered.")
