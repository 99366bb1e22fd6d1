"""Sharing agreements: on what ground a feed is here, and until when."""

from __future__ import annotations

import typer

app = typer.Typer(
    help="Sharing agreements: on what ground a feed is here, and until when.", no_args_is_help=True
)


@app.callback()
def group() -> None:
    """Keep the sub-commands together."""
