"""What a person decides: knife-enabled or not, one incident or two."""

from __future__ import annotations

import typer

app = typer.Typer(
    help="What a person decides: knife-enabled or not, one incident or two.", no_args_is_help=True
)


@app.callback()
def group() -> None:
    """Keep the sub-commands together."""
