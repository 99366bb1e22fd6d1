"""Credentials for a broker: from the environment or a file, never from the command line."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from peelian.domain.errors import Misuse

USER: Final = "PEELIAN_BROKER_USER"
PASSWORD: Final = "PEELIAN_BROKER_PASSWORD"
TOKEN: Final = "PEELIAN_BROKER_TOKEN"
AUTHORITY: Final = "PEELIAN_BROKER_CA"
_FILE: Final = "_FILE"


@dataclass(frozen=True)
class Access:
    """What a broker asks for; empty where it asks for nothing. Secrets are left out of its text."""

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    authority: str = ""  # a file of certificates to trust; empty: the machine's own

    def tls(self) -> ssl.SSLContext:
        """Give what checks the broker's certificate."""
        return ssl.create_default_context(cafile=self.authority or None)


def access(environment: Mapping[str, str] = os.environ) -> Access:
    """Read PEELIAN_BROKER_USER, _PASSWORD and _TOKEN, or the files that those names with _FILE give.

    Raises:
        Misuse: a file cannot be read, or a user comes without a password.
    """
    read = Access(
        _one(environment, USER), _one(environment, PASSWORD), _one(environment, TOKEN),
        environment.get(AUTHORITY, ""),
    )  # fmt: skip
    if bool(read.user) != bool(read.password):
        raise Misuse("the broker's credential is not whole", expected=f"both {USER} and {PASSWORD}")
    return read


def _one(environment: Mapping[str, str], name: str) -> str:
    where = environment.get(name + _FILE)
    if not where:
        return environment.get(name, "")
    try:
        return Path(where).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise Misuse(f"the file that {name + _FILE} names cannot be read") from None
