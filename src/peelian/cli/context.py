"""Local files that give a setting: place names, postcodes, areas."""

from __future__ import annotations

import typer

app = typer.Typer(
    help="Local files that give a setting: place names, postcodes, areas.", no_args_is_help=True
)


@app.callback()
def group() -> None:
    """Keep the sub-commands together."""
