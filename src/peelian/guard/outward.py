"""The operator's list of hosts that this program may connect to; none set: what the settings name.

`PEELIAN_MAY_REACH` is read in every process alike: `mail.force.example, *.tiles.example, nats.force.example`.
Set and empty it lets nothing out. It is asked before each connection to a mail server, webhook, broker, map
or sign-in provider. Loopback and the database are not asked.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

from peelian.domain.errors import Refused

MAY_REACH: Final = "PEELIAN_MAY_REACH"
_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})


def check_outward(host: str, environment: Mapping[str, str] = os.environ) -> None:
    """Do nothing where the list lets a host be reached, or there is no list.

    Raises:
        Refused: it does not.

    >>> check_outward("mail.force.example", {MAY_REACH: "*.force.example"})
    >>> check_outward("mail.force.example", {})
    """
    said = environment.get(MAY_REACH)
    plain = host.lower().rstrip(".")
    if said is None or plain in _HERE:
        return
    if not any(_fits(plain, one.strip().lower()) for one in said.split(",") if one.strip()):
        raise Refused(
            "this program may not connect to a host of the settings",
            expected=f"a host that {MAY_REACH} names", do="ask whoever keeps this server",
        )  # fmt: skip


def _fits(host: str, allowed: str) -> bool:
    return host.endswith(allowed[1:]) if allowed.startswith("*.") else host == allowed
