"""A partnership's own kinds of intervention, from local TOML: they replace those of an id, or are added."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Final

from peelian.domain.errors import Misuse
from peelian.domain.progress import Tick, no_tick
from peelian.pipeline.context import Context
from peelian.pipeline.gazetteers import Imported
from peelian.plan.catalogue.load import checked, own_file, read_kinds, shipped
from peelian.store.catalogue import transaction
from peelian.store.context_files import replace_context_file

_MOST_BYTES: Final = 4 << 20
_MOST_FILES: Final = 200


def import_setting(ctx: Context, path: Path, tick: Tick = no_tick) -> Imported:
    """Read own kinds from a TOML file, or from a folder of them; they replace the own kinds held before.

    Shipped kinds stay unless an own kind has their id. A power of the not-plannable list cannot be made
    plannable by any file.

    Raises:
        Forbidden: when the policy says no.
        Misuse: no such file, or a kind that does not hold to the catalogue's rules; nothing is then changed.
    """
    ctx.allow("collection", "kinds of intervention")
    texts = [_text(one) for one in _files(path)]
    kinds = checked(kind for text in texts for kind in read_kinds(text))
    held = own_file(ctx.ws.home)
    replaced = held.is_file()
    held.parent.mkdir(parents=True, exist_ok=True)
    temporary = held.with_suffix(".tmp")
    temporary.write_text(json.dumps([asdict(kind) for kind in kinds], indent=1))
    temporary.rename(held)
    digest = hashlib.sha256("".join(texts).encode()).hexdigest()
    with transaction(ctx.ws) as conn:
        replace_context_file(conn, "interventions", path.name, digest, len(kinds))
        ctx.record(conn, "collection", f"{len(kinds)} kinds of intervention")
    tick("done", 1.0)
    known = {kind.id for kind in shipped()}
    new = sum(kind.id not in known for kind in kinds)
    return Imported(
        "interventions", path.name, digest, {"added": new, "replacing": len(kinds) - new}, replaced
    )


def _files(path: Path) -> list[Path]:
    found = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    if not 1 <= len(found) <= _MOST_FILES:
        raise _none()
    return found


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _none()
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise _none() from None


def _none() -> Misuse:
    return Misuse(
        "there are no kinds of intervention that can be read there",
        expected="a TOML file in UTF-8, or a folder of up to 200 of them, each of one kind or of several "
        "under [[kind]]",
        do="copy a file of src/peelian/plan/catalogue/kinds, edit it and import it again",
    )
