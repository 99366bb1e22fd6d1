"""Rows put aside: list them, mend them by a rule, take them again."""

from __future__ import annotations

import typer

app = typer.Typer(
    help="Rows put aside: list them, mend them by a rule, take them again.", no_args_is_help=True
)


@app.callback()
def group() -> None:
    """Keep the sub-commands together."""
