"""Commands about sharing agreements: on what ground a feed is here, and until when."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from peelian.cli.dates import day
from peelian.cli.state import STATE, context

app = typer.Typer(
    help="Sharing agreements: on what ground a feed is here, and until when.", no_args_is_help=True
)
Id = Annotated[str, typer.Argument(metavar="ID", help="The agreement's id.")]


@app.command()
def add(file: Annotated[Path, typer.Argument(help="A YAML file; see docs/how-to/agreements.md.")]) -> None:
    """Register an agreement from a file a person wrote."""
    from peelian.pipeline.agreements import register

    one = register(context("administration"), file)
    _say(
        {"id": one.id, "expiry": str(one.expiry)},
        f"Registered {one.id}: {one.title}. In force from {one.start} to {one.expiry}, both included.",
    )


@app.command("list")
def list_() -> None:
    """List the agreements, in force or not."""
    from peelian.cli.show import table
    from peelian.pipeline.agreements import agreement_rows

    rows = agreement_rows(context())
    if STATE.json:
        print(json.dumps(rows))
        return
    short = ("id", "controller", "feeds", "from", "to", "in force")
    table([{name: _words(row[name]) for name in short} for row in rows])
    print("Everything an agreement says: peelian agreement list --json")


@app.command()
def renew(id_: Id, until: Annotated[str, typer.Option(help="The new last day, YYYY-MM-DD.")]) -> None:
    """Let an agreement run on, until a day (included)."""
    from peelian.pipeline.agreements import renew as run

    last = day(until, "until")
    run(context("administration"), id_, last)
    _say({"id": id_, "expiry": str(last)}, f"{id_} now holds until {last}, included.")


@app.command()
def end(
    id_: Id, last: Annotated[str, typer.Option(help="The last day on which it holds, YYYY-MM-DD.")]
) -> None:
    """End an agreement early: after that day nothing of it is read."""
    from peelian.pipeline.agreements import end as run

    when = day(last, "last")
    run(context("administration"), id_, when)
    _say(
        {"id": id_, "ended": str(when)},
        f"{id_} ends on {when}. From the next day nothing of it is read; `peelian erase` then deletes it.",
    )


def _words(value: object) -> object:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def _say(facts: dict[str, str], sentence: str) -> None:
    print(json.dumps(facts) if STATE.json else sentence)
