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
    """List challenges, those that wait first, with what is overdue."""
    from peelian.api.challenge_view import all_shown

    ctx = context("administration")
    ctx.consult("consultation", "challenges")
    held = all_shown(ctx.ws)
    if STATE.json:
        rows = [vars(row.one) | {"due": row.due, "overdue": row.overdue} for row in held]
        print(json.dumps(rows, default=str))
        return
    for row in held:
        one = row.one
        print(f"{one.id}  {row.state}  {one.at:%d %b %Y}  {one.area} {one.place}  {one.kind}: {one.text}")
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
