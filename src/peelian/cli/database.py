"""Commands about the records database."""

from __future__ import annotations

from typing import Annotated

import typer

from peelian.cli.state import context

app = typer.Typer(help="The records database, where it is PostgreSQL.", no_args_is_help=True)


@app.callback()
def database() -> None:
    """Commands about the records database."""


@app.command()
def roles(
    create: Annotated[bool, typer.Option("--create", help="Run the statements, as the owner.")] = False,
) -> None:
    """Print (or run) the SQL of the two roles that own nothing, and of row-level security."""
    from peelian.pipeline.database import make_roles

    said = make_roles(context("administration"), create=create)
    print(f"{len(said)} statements run" if create else ";\n".join(said) + ";")
