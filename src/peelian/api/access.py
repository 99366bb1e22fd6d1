"""How access is set up: `access.toml` of the workspace; secrets from the environment or their own file."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from peelian.domain.errors import Misuse
from peelian.govern.breached import Breached
from peelian.govern.roles import Role
from peelian.guard.unreadable import NO_TOML
from peelian.store.secret_file import read_secret
from peelian.store.sessions import Limits

Mode = Literal["accounts", "oidc"]
FILE: Final = "access.toml"
_DOCS: Final = "see docs/access.md"
SAME_SITE: Final[Literal["lax"]] = "lax"
"""Strict would lose the session of who follows a link from a message, or comes back from a provider; what
changes something needs a token of the page beside the cookie."""
_STRICT: Final = ConfigDict(extra="forbid", frozen=True)


class Rule(BaseModel):
    """Who holds `value` in the claim gets this role and reach. The first that fits is taken."""

    model_config = _STRICT

    value: str = Field(min_length=1)
    role: Role
    force: str = ""
    agency: str = ""
    areas: tuple[str, ...] = ()
    agreements: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ("*",)


class Provider(BaseModel):
    """An OIDC provider; `client_secret` itself never stands in the file."""

    model_config = _STRICT

    issuer: str = Field(pattern=r"^https://|^http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(/|$)")
    client_id: str = ""
    client_secret_file: str = ""
    scope: str = "openid profile"
    claim: str = "groups"
    rules: tuple[Rule, ...] = Field(min_length=1)
    acr: tuple[str, ...] = ()
    """Classes of sign-in of which the provider must state one; none: it is not asked."""
    amr: tuple[str, ...] = ()
    """Methods that must all have been used, such as `otp` or `hwk` (RFC 8176); none: it is not asked."""
    max_age_minutes: int | None = Field(default=None, ge=1, le=24 * 60)
    """How long ago the person may have proved to the provider who they are; None: it is not asked."""


class AccessFile(BaseModel):
    """What `access.toml` may say."""

    model_config = _STRICT

    force: str = ""
    hosts: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    idle_minutes: int = Field(default=15, ge=1, le=120)
    absolute_hours: int = Field(default=12, ge=1, le=24)
    requests_a_second: float = Field(default=100, ge=1, le=100_000)
    """Of one address, on average over ten seconds."""
    breached_passwords: str = ""
    """A file, from the workspace or with its whole path, that new passwords are compared with."""
    oidc: Provider | None = None


@dataclass(frozen=True)
class Access:
    """How this server lets people in. `force` is the workspace's own: records that name none are its."""

    mode: Mode
    force: str = ""
    hosts: frozenset[str] = frozenset()
    proxies: tuple[str, ...] = ()
    secure: bool = False
    limits: Limits = field(default_factory=Limits)
    provider: Provider | None = None
    client_id: str = ""
    client_secret: str = ""
    requests_s: float = 0
    """Requests a second of one address; 0 for no limit."""
    breached: Breached | None = None
    """What a new password must not be in; None where the operator names no file."""

    @property
    def cookie(self) -> str:
        """Give the cookie's name: `__Host-` binds it to this host over TLS."""
        return "__Host-peelian" if self.secure else "peelian"


def read_access(home: Path, mode: str, *, secure: bool) -> Access:
    """Read the workspace's settings of access for a mode. `secure`: the browser comes by TLS.

    Raises:
        Misuse: an unknown mode, a wrong key, OIDC without provider, client id or secret, or a set of breached
            passwords that cannot be read.
    """
    if mode not in ("accounts", "oidc"):
        raise Misuse(f"there is no access by {mode!r}", expected="--access accounts or oidc")
    said = _file(home / FILE)
    limits = Limits(timedelta(minutes=said.idle_minutes), timedelta(hours=said.absolute_hours))
    made = Access(
        "oidc" if mode == "oidc" else "accounts", said.force, frozenset(one.lower() for one in said.hosts),
        said.proxies, secure, limits, requests_s=said.requests_a_second,
        breached=_breached(home, said.breached_passwords),
    )  # fmt: skip
    return _with_provider(made, said, home) if mode == "oidc" else made


def _breached(home: Path, name: str) -> Breached | None:
    if not name:
        return None
    found = Breached(home / name)
    found.check()
    return found


def _with_provider(made: Access, said: AccessFile, home: Path) -> Access:
    if said.oidc is None:
        raise Misuse(f"{FILE} names no provider", expected="a table [oidc] with an issuer", do=_DOCS)
    client = os.environ.get("PEELIAN_OIDC_CLIENT_ID", said.oidc.client_id)
    secret = os.environ.get("PEELIAN_OIDC_CLIENT_SECRET") or _secret(home, said.oidc.client_secret_file)
    if not client or not secret:
        raise Misuse(
            "the client id or secret of the provider is missing",
            expected="PEELIAN_OIDC_CLIENT_ID and PEELIAN_OIDC_CLIENT_SECRET, or client_id and "
            f"client_secret_file in {FILE}",
            do=_DOCS,
        )
    return replace(made, provider=said.oidc, client_id=client, client_secret=secret)


def _secret(home: Path, name: str) -> str:
    if not name:
        return ""
    path = home / name
    if not path.is_file():
        raise Misuse("the file of the client secret is not there", do=_DOCS)
    return read_secret(path, "the file of the client secret")


def _file(path: Path) -> AccessFile:
    if not path.is_file():
        return AccessFile()
    try:
        body: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
        return AccessFile.model_validate(body)
    except ValidationError as error:
        where = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise Misuse(f"{FILE} is wrong: {where}", do=_DOCS) from None
    except NO_TOML:
        raise Misuse(f"{FILE} is not TOML", do=_DOCS) from None
