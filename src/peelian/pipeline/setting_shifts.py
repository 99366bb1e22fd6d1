"""The force's own shifts and the hour at which its policing day begins."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import yaml

from peelian.domain.errors import Misuse, Refused
from peelian.domain.progress import Tick, no_tick
from peelian.domain.shifts import FORM, Shifts, shifts_of
from peelian.guard.unreadable import NO_YAML
from peelian.pipeline.context import Context
from peelian.pipeline.gazetteers import Imported
from peelian.store.catalogue import transaction
from peelian.store.context_files import replace_context_file

_MOST = 100_000


def import_setting(ctx: Context, path: Path, tick: Tick = no_tick) -> Imported:
    """Read a shifts file (YAML, see `domain.shifts.FORM`); it replaces what was held.

    Raises:
        Forbidden: when the policy says no.
        Misuse: no such file, or its shifts do not cover the day once.
    """
    ctx.allow("collection", "shifts")
    if not path.is_file() or path.stat().st_size > _MOST:
        raise Misuse("there is no shifts file of that name", expected=f"a file such as\n{FORM}")
    body = path.read_bytes()
    try:
        made = shifts_of(yaml.safe_load(body))
    except NO_YAML:
        raise Misuse("the file is not YAML", expected=f"a file such as\n{FORM}") from None
    held = _kept(ctx)
    replaced = held.is_file()
    held.parent.mkdir(parents=True, exist_ok=True)
    temporary = held.with_suffix(".tmp")
    temporary.write_text(json.dumps(made.to_json(), indent=1))
    temporary.rename(held)
    digest = hashlib.sha256(body).hexdigest()
    with transaction(ctx.ws) as conn:
        replace_context_file(conn, "shifts", path.name, digest, len(made.names))
        ctx.record(conn, "collection", f"{len(made.names)} shifts")
    tick("done", 1.0)
    return Imported("shifts", path.name, digest, {"shift": len(made.names)}, replaced)


def shifts_held(ctx: Context) -> Shifts:
    """Give the shifts imported here.

    Raises:
        Refused: none were: whose hours a force keeps is never guessed.
    """
    held = _kept(ctx)
    if not held.is_file():
        raise Refused(
            "no shifts are held here, and a force's hours are not guessed",
            expected=f"a file such as\n{FORM}",
            do="write one with your own shifts, then: peelian context import shifts FILE.yaml",
        )
    return shifts_of(json.loads(held.read_text()))


def _kept(ctx: Context) -> Path:
    return ctx.ws.home / "settings" / "shifts.json"
