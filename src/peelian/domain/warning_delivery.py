"""Who is told of a warning and how: teams' mailboxes and systems, never a person; no secret is in here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from peelian.domain.warning import Kind

Channel = Literal["email", "webhook"]
Tls = Literal["starttls", "tls", "none"]
ASB_LEAD: Final = "asb lead"
"""The one role that is told of repeat reports at one point."""
RISING: Final[tuple[Kind, ...]] = ("rise", "escalation")


@dataclass(frozen=True)
class Recipient:
    """A team: its `name` here, its `role`, one channel with its address, and what it is told of.

    `targets` and `areas` empty mean all; `kinds` empty means only what another recipient left unseen: `next`
    names who is told then. `secret_env` or `secret_file` says where a webhook's secret is.
    """

    name: str
    role: str
    channel: Channel
    address: str
    kinds: tuple[Kind, ...] = RISING
    targets: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    next: str = ""
    secret_env: str = ""
    secret_file: str = ""

    def is_told(self, kind: str, target: str, area: str) -> bool:
        """Say whether this team is told of a new warning of this kind."""
        return kind in self.kinds and _within(target, self.targets) and _within(area, self.areas)


@dataclass(frozen=True)
class Smtp:
    """The mail server; user and password come from the environment or from files, by these names."""

    host: str
    port: int = 587
    tls: Tls = "starttls"
    sender: str = ""
    user_env: str = ""
    user_file: str = ""
    password_env: str = ""
    password_file: str = ""


@dataclass(frozen=True)
class Delivery:
    """All settings. `networks` are private networks a webhook may lie in; `loopback` allows plain local ones.

    `page` is where the pages are, for links; `unseen_hours` is how long a warning may stay new before the
    next recipient is told; `attempts` how often a message is tried before it is put aside as a dead letter.
    """

    recipients: tuple[Recipient, ...] = ()
    smtp: Smtp | None = None
    page: str = "http://127.0.0.1:8000"
    unseen_hours: float = 24.0
    attempts: int = 20
    networks: tuple[str, ...] = ()
    loopback: bool = False

    def named(self, name: str) -> Recipient | None:
        """Give the recipient of that name, or None where the settings no longer have it."""
        return next((one for one in self.recipients if one.name == name), None)

    def told(self, kind: str, target: str, area: str) -> tuple[Recipient, ...]:
        """Give who is told of a new warning."""
        return tuple(one for one in self.recipients if one.is_told(kind, target, area))

    def to_json(self) -> dict[str, Any]:
        """Give the settings as JSON values."""
        return asdict(self)


def delivery_of(held: Mapping[str, Any]) -> Delivery:
    """Give the settings that `to_json` made."""
    lists = ("kinds", "targets", "areas")
    recipients = tuple(
        Recipient(**one | {name: tuple(one[name]) for name in lists}) for one in held["recipients"]
    )
    smtp = Smtp(**held["smtp"]) if held["smtp"] else None
    rest = {name: held[name] for name in ("page", "unseen_hours", "attempts", "loopback")}
    return Delivery(recipients, smtp, networks=tuple(held["networks"]), **rest)


def _within(value: str, allowed: tuple[str, ...]) -> bool:
    return not allowed or value in allowed
