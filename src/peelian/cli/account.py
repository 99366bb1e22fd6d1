"""Commands about accounts: who may sign in, and how far each reaches."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from peelian.cli.state import STATE, context

app = typer.Typer(help="Accounts: who may sign in, and how far each reaches.", no_args_is_help=True)
Id = Annotated[
    str, typer.Argument(metavar="ID", help="The account's id: a staff number will do, no name is needed.")
]


@app.command()
def add(
    id_: Id,
    role: Annotated[str, typer.Option(help="analyst, supervisor, officer, partner, audit or administrator.")],
    force: Annotated[str, typer.Option(help="The force's code, or '*' for every force.")],
    agency: Annotated[str, typer.Option(help="The agency, as agreements name it.")] = "",
    area: Annotated[
        list[str] | None, typer.Option(help="An area's code; may be repeated. '*': every area of the force.")
    ] = None,
    agreement: Annotated[
        list[str] | None, typer.Option(help="A sharing agreement; may be repeated. '*': all that name them.")
    ] = None,
    purpose: Annotated[
        list[str] | None, typer.Option(help="What for; may be repeated. Default: all that the role may.")
    ] = None,
) -> None:
    """Add an account and print its first password, to be changed at the first sign-in."""
    from peelian.pipeline.accounts import add as run
    from peelian.store.accounts import Account

    one = Account(
        id_, role, force, agency, tuple(area or ()), tuple(agreement or ()), tuple(purpose or ("*",))
    )  # fmt: skip
    password = run(context("administration"), one)
    _say(
        {"id": id_, "first_password": password},
        f"Added {id_}. First password, for one use: {password}\nHand it over by another way than the id.",
    )
    if not area or not agreement:
        missing = " and ".join(n for n, v in (("--area", area), ("--agreement", agreement)) if not v)
        typer.echo(f"Without {missing} the account reads no records.", err=True)


@app.command("list")
def list_() -> None:
    """List the accounts, revoked ones too."""
    from peelian.cli.show import table
    from peelian.pipeline.accounts import listed

    rows = [
        {
            "id": one.id, "role": one.role, "force": one.force, "agency": one.agency,
            "areas": " ".join(one.areas), "agreements": " ".join(one.agreements),
            "purposes": " ".join(one.purposes), "state": "revoked" if one.revoked else "may sign in",
        }
        for one in listed(context("administration"))
    ]  # fmt: skip
    if STATE.json:
        print(json.dumps(rows))
    elif rows:
        table(rows)
    else:
        print("There are no accounts. Add one with: peelian account add")


@app.command()
def revoke(id_: Id) -> None:
    """Let an account in no more; its sessions end at their next request."""
    from peelian.pipeline.accounts import revoke as run

    run(context("administration"), id_)
    _say({"id": id_, "state": "revoked"}, f"{id_} may sign in no more; its sessions are over.")


@app.command()
def reset(id_: Id) -> None:
    """Give an account a new first password; second factors, sessions and lock are gone."""
    from peelian.pipeline.accounts import reset as run

    password = run(context("administration"), id_)
    _say({"id": id_, "first_password": password}, f"New first password of {id_}, for one use: {password}")


def _say(facts: dict[str, str], sentence: str) -> None:
    print(json.dumps(facts) if STATE.json else sentence)
