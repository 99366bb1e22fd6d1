"""What is kept of a file that was refused for what it holds: its hash, its column names, and counts."""

from __future__ import annotations

from typing import Final

from peelian.domain.actor import AuditEntry
from peelian.domain.contracts import RawFile, SourceSpec
from peelian.guard.refusal import NotTaken
from peelian.ingest.report import Bins
from peelian.ingest.take import Caller
from peelian.store import audit
from peelian.store.catalogue import transaction
from peelian.store.intake import add_file
from peelian.store.workspace import Workspace

REFUSED: Final = "refused"
"""In place of the options' digest, so that the file is looked at again when it comes again."""

_NAMES: Final = 300


def record_refused(ws: Workspace, spec: SourceSpec, raw: RawFile, caller: Caller, error: NotTaken) -> None:
    """Record that a file was refused. No row, value or count of a value of it is kept."""
    rules = {
        REFUSED: {
            "columns": list(error.columns[:_NAMES]), "found": dict(list(error.found.items())[:_NAMES]),
            "rows_looked_at": error.rows,
        }
    }  # fmt: skip
    force = str(caller.options.get("force") or "")
    controller = str(caller.options.get("controller") or spec.controller)
    with transaction(ws) as conn:
        add_file(
            conn, sha256=raw.sha256, options=REFUSED, source=spec.id, name=raw.name, kind=REFUSED,
            controller=controller, force=force, counts=vars(Bins()), snapshot=None, rules=rules,
        )  # fmt: skip
        what = f"a file of {spec.id} was refused: {', '.join(sorted(set(error.found.values())))}"
        audit.append(
            conn, caller.actor, caller.purpose, AuditEntry("collection", what, area=force),
            controller=controller,
        )  # fmt: skip
