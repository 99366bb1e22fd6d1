"""The command `map`: what an unknown file seems to be, written down for a person to check."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def propose(
    file: Annotated[Path, typer.Argument(help="A CSV, Excel or Parquet file of a partner.")],
    out: Annotated[Path | None, typer.Option(help="Where to write the mapping (default beside it).")] = None,
) -> None:
    """Propose a mapping for an unknown file, with its doubts. Nothing is ingested."""
    from peelian.domain.errors import Fault

    raise Fault("map is not built yet")
