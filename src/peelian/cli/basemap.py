"""The map beneath the map: none, a local file, a style, or OS."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from peelian.cli.context import box
from peelian.cli.state import STATE, context

app = typer.Typer(help="The map beneath the map: none, a local file, a style, or OS.", no_args_is_help=True)
_Credit = Annotated[str, typer.Option(help="The credit its licence asks for, shown on the map.")]


@app.callback()
def group() -> None:
    """Keep the sub-commands together."""


@app.command("import")
def import_(
    path: Annotated[Path, typer.Argument(help="OS open data as .gpkg; .mbtiles; .pmtiles.")],
    within: Annotated[
        str | None,
        typer.Option(help="Keep only WEST,SOUTH,EAST,NORTH (metres); default the areas held and 5 km more."),
    ] = None,
    credit: _Credit = "",
) -> None:
    """Bring in a local map file and use it. GeoPackages are laid over one another: import each in turn."""
    from peelian.pipeline.basemaps import import_file

    made = import_file(context(), path, box(within), credit)
    if STATE.json:
        print(json.dumps(made))
        return
    parts = ", ".join(f"{many:,} of {kind}" for kind, many in made["counts"].items() if many)
    print(f"The map now lies over {made['file']}{f': {parts}' if parts else ''}.")


@app.command("use")
def use_(
    kind: Annotated[str, typer.Argument(help="none, os, or style.")],
    address: Annotated[str, typer.Argument(help="Of the style: https://HOST/PATH.")] = "",
    credit: _Credit = "",
    private: Annotated[
        bool, typer.Option("--private", help="The style's server is in our own network.")
    ] = False,
) -> None:
    """Choose no basemap, OS (its key in PEELIAN_OS_KEY, on the server alone), or a style by its address."""
    from peelian.pipeline.basemaps import use

    made = use(context(), kind, address, credit, private=private)
    print(json.dumps({"kind": made.kind}) if STATE.json else f"Basemap: {made.kind}.")


@app.command("show")
def show() -> None:
    """Say which basemap is in use."""
    from dataclasses import asdict

    from peelian.pipeline.basemaps import shown

    made = shown(context())
    if STATE.json:
        print(json.dumps(asdict(made)))
        return
    more = made.file or (f"{made.base}/{made.path}" if made.base else "")
    print(f"Basemap: {made.kind}{f', {more}' if more else ''}.")
