"""The policy as one table: a line says who may do what. What has no line only the local analyst may do.

To let a new route in, add one line: verb, the `what` of its `asks(...)`, the roles.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from peelian.domain.actor import Purpose, Verb
from peelian.govern.roles import (
    ALL,
    AUDITORS,
    DESK,
    DESK_AND_AUDIT,
    FIELD,
    FIELD_AND_AUDIT,
    KEEPERS,
    PURPOSES_OF,
    SHARED,
    SIGNED_IN,
    WATCHED,
    Role,
)

Reach = Literal["scope", "anywhere"]
"""`scope`: only what lies in the actor's force, areas and agreements. `anywhere`: holds no one's records."""


@dataclass(frozen=True)
class Line:
    """One line: these roles may do this verb to this, for the purposes of their role, within `reach`."""

    verb: Verb
    what: str
    roles: frozenset[Role]
    reach: Reach = "scope"
    purposes: frozenset[Purpose] | None = None  # None: those of the role


def _see(roles: frozenset[Role], *whats: str, reach: Reach = "scope") -> tuple[Line, ...]:
    return tuple(Line("consultation", what, roles, reach) for what in whats)


def _do(verb: Verb, roles: frozenset[Role], *whats: str, reach: Reach = "scope") -> tuple[Line, ...]:
    return tuple(Line(verb, what, roles, reach) for what in whats)


LINES: Final[tuple[Line, ...]] = (
    # Open to everyone: they hold no records.
    *_see(ALL, "sign-in page", "health", "api description", "help page", "basemap", reach="anywhere"),
    *_see(ALL, "glossary", "phone page's worker", "OGC landing page", "OGC conformance", reach="anywhere"),
    *_see(ALL, "OGC API definition", reach="anywhere"),
    *_do("alteration", ALL, "sign-in", "sign-out", reach="anywhere"),
    *_see(SIGNED_IN, "account page", reach="anywhere"),
    *_do("alteration", SIGNED_IN, "own account", reach="anywhere"),
    # The map and the tables beside it: cells and places, for the force's own and for those who audit.
    *_see(FIELD_AND_AUDIT, "map page", "list page", "place page", "place", "run manifest", "list of runs"),
    *_see(FIELD_AND_AUDIT, "map layer", "table", "scene", "place search", "place search page"),
    *_see(FIELD_AND_AUDIT, "interventions on the map", "plan on the map", "OGC collections"),
    *_see(FIELD_AND_AUDIT, "OGC collection"),
    *_see(WATCHED, "boundaries", "forces", "forces page", "model and fairness page", "fairness"),
    *_see(WATCHED, "live feeds", "live stream"),  # a partner's is of areas, floored and late: domain.tier
    *_see(FIELD, "phone page", "briefing page", "corrections page"),
    *_do("collection", SHARED, "correction request"),
    *_do("alteration", DESK, "correction request"),
    *_do("collection", FIELD, "visit"),
    *_see(DESK, "live cells"),
    *_see(FIELD, "drawn area", "street-level counts", "named areas"),
    # How the numbers came about.
    *_see(DESK_AND_AUDIT, "coverage", "overlap", "data page", "lineage", "lineage page", "evaluation"),
    *_see(DESK_AND_AUDIT, "concentration", "check of fusing", "report", "model page", "model"),
    # Early warnings.
    *_see(FIELD_AND_AUDIT, "early warnings", "early warnings page", "early warnings on the map"),
    *_see(FIELD_AND_AUDIT, "early warning", "early warning page"),
    *_do("alteration", FIELD, "early warning"),
    # Acting.
    # A plan names cells and what each expects, an evaluation says small sums: not for partners.
    *_see(FIELD_AND_AUDIT, "plans", "plans page", "plan", "plan page", "evaluations", "evaluation page"),
    *_see(WATCHED, "kinds of intervention", "problems", "designs"),
    *_see(WATCHED, "problems page", "problem page", "actions page", "register", "register page"),
    *_see(WATCHED, "decisions", "decisions page"),
    *_see(DESK_AND_AUDIT, "returns", "returns page", "return", "return page"),
    *_do("combination", DESK, "evaluation", "return"),
    *_do("collection", SHARED, "problems"),
    *_do("alteration", SHARED, "problems"),
    *_do("collection", DESK, "register"),
    *_do("alteration", DESK, "register", "decisions", "plan", "plans"),
    # What leaves.
    *_do("disclosure", DESK, "export", "return file"),
    *_do("disclosure", FIELD, "tasking pack", "plan export", "plan for printing"),
    *_do("disclosure", DESK, "OGC features"),
    *_do("disclosure", FIELD, "briefing"),
    *_do("disclosure", DESK, "release"),
    *_see(DESK_AND_AUDIT, "releases", "releases page"),
    *_see(ALL, "public tables", reach="anywhere"),
    *_see(ALL, "about page", "challenge page", "transparency", reach="anywhere"),
    *_see(DESK_AND_AUDIT, "challenges page"),
    *_do("alteration", DESK, "challenges"),
    *_do("collection", ALL, "challenge", reach="anywhere"),
    # The audit: for those who audit, not for who is audited or who keeps the accounts.
    *_see(AUDITORS, "audit page", "audit"),
    *_do("disclosure", AUDITORS, "audit"),
    # Data coming in, and long work.
    *_see(KEEPERS, "first-run page", "upload page", "jobs"),
    *_do("collection", KEEPERS, "files chosen", "upload confirmed"),
    *_do("alteration", KEEPERS, "job", "demonstration"),
    *_do("alteration", DESK, "job forecast", "job backtest", "job concentration", "job fusing", "job link"),
    *_do("alteration", DESK, "job warn", "job plan", "job evaluate", "job return", "job fairness"),
    *_do("alteration", DESK, "near repeats"),
    *_do("alteration", DESK, "job near-repeat"),
    *_do("alteration", KEEPERS, "job ingest", "job look", "job bring-in", "job demo", "job learn"),
)  # fmt: skip


def purposes_of(line: Line, role: Role) -> frozenset[Purpose]:
    """Give what a role may act for under a line."""
    return PURPOSES_OF[role] if line.purposes is None else line.purposes & PURPOSES_OF[role]
