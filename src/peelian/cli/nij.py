"""The command `nij`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from peelian.cli.progress import progress
from peelian.cli.state import STATE


def nij(
    data: Annotated[Path, typer.Option(help="Folder of the challenge's files up to 28 February 2017.")],
    category: Annotated[str, typer.Option(help="burglary, vehicle or all.")] = "all",
    truth: Annotated[Path | None, typer.Option(help="A later file to score the frozen entries on.")] = None,
    models: Annotated[str, typer.Option(help="Also rank by these forecasters (some minutes each).")] = "",
    out: Annotated[Path | None, typer.Option(help="Write the entries here as GeoJSON.")] = None,
    seed: Annotated[int, typer.Option(help="Same seed, same entries.")] = 1,
) -> None:
    """Enter the NIJ challenge of 2017: Portland, five horizons, PAI and PEI*, beside the raw count."""
    from peelian.pipeline.nij.challenge import run, to_json, write_entries
    from peelian.pipeline.nij.lines import told
    from peelian.pipeline.nij.rules import categories_of

    names = tuple(m.strip() for m in models.split(",") if m.strip())
    with progress("nij") as tick:
        made = run(
            data,
            categories_of(category),
            truth=truth,
            aims=("pai", "pei"),
            models=names,
            seed=seed,
            tick=tick,
        )
    written = write_entries(made.entries, out) if out is not None else []
    if STATE.json:
        print(json.dumps({**to_json(made), "written": [str(path) for path in written]}))
        return
    print("\n".join([*told(made), *(f"Written: {path}" for path in written)]))
