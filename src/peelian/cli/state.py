"""The global options of one invocation."""

from __future__ import annotations

import gc
import os
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from peelian.domain.actor import Purpose
    from peelian.pipeline.context import Context


@dataclass
class State:
    """Set by the application's callback before a command runs."""

    home: Path | None = None
    database: str | None = None
    json: bool = False


STATE = State()


def home_folder() -> Path:
    """Give the workspace: --home, PEELIAN_HOME, else ./peelian-home."""
    return STATE.home or Path(os.environ.get("PEELIAN_HOME", "peelian-home"))


@cache
def _spare_what_is_loaded() -> None:
    # Modules stay to the end: the collector need not look through them again and again, and once more at the
    # end. Once, and before anything is opened: what is opened after must be closed as ever.
    gc.freeze()


def context(purpose: Purpose = "analysis") -> Context:
    """Open the workspace for a command. Of a sealed one, temporary files lie in it, unless TMPDIR is set."""
    from peelian.pipeline.context import open_context
    from peelian.store.sealed.place import within_open

    _spare_what_is_loaded()
    ctx = open_context(home_folder(), STATE.database or os.environ.get("PEELIAN_DATABASE"), purpose)
    if "TMPDIR" not in os.environ and within_open(ctx.ws.home):
        tempfile.tempdir = str(ctx.ws.landing)
    return ctx
