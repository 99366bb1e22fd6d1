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

ANY: Final = "*"
"""Stands for every one of a kind in a scope. A scope that is left empty lets nothing through."""


@dataclass(frozen=True)
class Actor:
    """Someone, or a process, acting here, and how far the role reaches.

    `force` is a force's code, `ANY`, or empty for a person of no force. `agency` is the partner's name as
    agreements write it. `areas` are area codes, `agreements` ids of sharing agreements, `purposes` what
    the person may act for; each may hold `ANY`, and none of a kind means none.
    """

    id: str
    role: str
    force: str = ""
    agency: str = ""
    areas: tuple[str, ...] = ()
    agreements: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()


LOCAL_ANALYST: Final = Actor("local", "analyst")
ANONYMOUS: Final = Actor("", "public")


@dataclass(frozen=True)
class AuditEntry:
    """What was done, never the content: verb, object kind, area, window."""

    verb: Verb
    what: str
    area: str = ""
    window: str = ""
    recipient: str = ""
    """To whom something was disclosed: an organisation or a role, never a person's name."""
