"""Approvals of impact assessments: the facts as they were then, so that a later change can be named."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from peelian.domain.errors import Misuse
from peelian.govern.records.facts import Facts, changes
from peelian.store.catalogue import now
from peelian.store.workspace import Workspace

_AREA: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


@dataclass(frozen=True)
class Approval:
    """When a record was approved, where that is kept, and the settled facts of then."""

    kind: str
    at: datetime
    reference: str
    facts: dict[str, str]

    def changes(self, facts: Facts) -> list[str]:
        """Name what changed since; empty while the approval stands."""
        return changes(self.facts, facts.settled())


def _file(ws: Workspace, area: str, kind: str) -> Path:
    if not _AREA.fullmatch(area):
        raise Misuse("that is no code of an area", expected="letters, digits, dots, hyphens")
    return ws.home / "transparency" / f"{area}.{kind}.jsonl"


def approval_of(ws: Workspace, area: str, kind: str) -> Approval | None:
    """Give the newest approval of a record; None where there is none."""
    if not _AREA.fullmatch(area):
        return None
    path = _file(ws, area, kind)
    if not path.is_file():
        return None
    held = json.loads(path.read_text("utf-8").splitlines()[-1])
    return Approval(kind, datetime.fromisoformat(held["at"]), held["reference"], held["facts"])


def keep_approval(ws: Workspace, facts: Facts, kind: str, reference: str) -> Approval:
    """Add an approval; earlier ones stay.

    Raises:
        Misuse: the area's code is no file's name.
    """
    path = _file(ws, facts.area, kind)
    path.parent.mkdir(parents=True, exist_ok=True)
    made = Approval(kind, now(), reference, facts.settled())
    line = {"at": made.at.isoformat(), "reference": reference, "facts": made.facts}
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
    return made
