"""Who asks, and why: every route and pipeline entry takes both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Purpose = Literal["prevention", "analysis", "evaluation", "administration", "demonstration"]
PURPOSES: Final[tuple[Purpose, ...]] = (
    "prevention", "analysis", "evaluation", "administration", "demonstration",
)  # fmt: skip

Verb = Literal["collection", "alteration", "consultation", "disclosure", "combination", "erasure"]
"""The six of section 62 of the Data Protection Act 2018."""


@dataclass(frozen=True)
class Actor:
    """Someone, or a process, acting here. `force` is empty for a person of no one force."""

    id: str
    role: str
    force: str = ""


LOCAL_ANALYST: Final = Actor("local", "analyst")


@dataclass(frozen=True)
class AuditEntry:
    """What was done, never the content: verb, object kind, area, window."""

    verb: Verb
    what: str
    area: str = ""
    window: str = ""
