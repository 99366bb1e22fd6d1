"""The global options of one invocation."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
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


def context(purpose: Purpose = "analysis") -> Context:
    """Open the workspace for a command. Of a sealed one, temporary files lie in it, unless TMPDIR is set."""
    from peelian.pipeline.context import open_context
    from peelian.store.sealed.place import within_open

    ctx = open_context(home_folder(), STATE.database or os.environ.get("PEELIAN_DATABASE"), purpose)
    if "TMPDIR" not in os.environ and within_open(ctx.ws.home):
        tempfile.tempdir = str(ctx.ws.landing)
    return ctx
