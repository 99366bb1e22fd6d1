"""The seven roles, and what each may act for."""

from __future__ import annotations

from typing import Final, Literal, get_args

from peelian.domain.actor import Purpose

Role = Literal["analyst", "supervisor", "officer", "partner", "audit", "administrator", "public"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
TITLES: Final[dict[Role, str]] = {
    "analyst": "analyst of a force",
    "supervisor": "supervisor who decides",
    "officer": "neighbourhood officer",
    "partner": "partner agency",
    "audit": "ethics or audit",
    "administrator": "administrator of accounts and data feeds",
    "public": "member of the public, not signed in",
}
PURPOSES_OF: Final[dict[Role, frozenset[Purpose]]] = {
    "analyst": frozenset({"prevention", "analysis", "evaluation"}),
    "supervisor": frozenset({"prevention", "analysis", "evaluation"}),
    "officer": frozenset({"prevention"}),
    "partner": frozenset({"prevention", "analysis"}),
    "audit": frozenset({"evaluation"}),
    "administrator": frozenset({"administration"}),
    "public": frozenset({"prevention"}),
}

AUDITORS: Final[frozenset[Role]] = frozenset({"audit"})
DESK: Final[frozenset[Role]] = frozenset({"analyst", "supervisor"})
FIELD: Final[frozenset[Role]] = DESK | {"officer"}
SHARED: Final[frozenset[Role]] = FIELD | {"partner"}
WATCHED: Final[frozenset[Role]] = SHARED | {"audit"}
DESK_AND_AUDIT: Final[frozenset[Role]] = DESK | {"audit"}
FIELD_AND_AUDIT: Final[frozenset[Role]] = FIELD | {"audit"}
KEEPERS: Final[frozenset[Role]] = DESK | {"administrator"}
SIGNED_IN: Final[frozenset[Role]] = frozenset(ROLES) - {"public"}
ALL: Final[frozenset[Role]] = frozenset(ROLES)
