"""The force's own shifts and the hour at which its policing day begins."""

from __future__ import annotations

from pathlib import Path

from peelian.domain.errors import Misuse
from peelian.domain.progress import Tick, no_tick
from peelian.pipeline.context import Context
from peelian.pipeline.gazetteers import Imported


def import_setting(ctx: Context, path: Path, tick: Tick = no_tick) -> Imported:
    """Read the file; it replaces what was held of its kind.

    Raises:
        Misuse: always, until it is built.
    """
    raise Misuse("shifts cannot be imported yet")
