"""Who is told of warnings: a TOML file of teams, never persons, without any secret in it."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Any, Final

from peelian.domain.errors import Misuse
from peelian.domain.warning_delivery import Delivery
from peelian.guard.unreadable import NO_TOML
from peelian.pipeline.context import Context
from peelian.pipeline.delivery.reading import FORM, delivery_from
from peelian.store.catalogue import transaction
from peelian.store.context_files import replace_context_file
from peelian.store.warning_settings import read_delivery, write_delivery

_MOST_BYTES: Final = 100_000


def import_delivery(ctx: Context, path: Path) -> Delivery:
    """Read the settings; they replace what was held, and messages waiting go by the new ones.

    Raises:
        Forbidden: when the policy says no.
        Misuse: no such file, not TOML, or something in it that cannot be; it says what.
    """
    ctx.allow("alteration", "delivery of warnings")
    if not path.is_file() or path.stat().st_size > _MOST_BYTES:
        raise Misuse("there is no settings file of that name", expected=f"a file such as\n{FORM}")
    raw = path.read_bytes()
    try:
        body: dict[str, Any] = tomllib.loads(raw.decode())
    except NO_TOML:
        raise Misuse("the file is not TOML", expected=f"a file such as\n{FORM}") from None
    made = delivery_from(body)
    write_delivery(ctx.ws, made)
    with transaction(ctx.ws) as conn:
        digest = hashlib.sha256(raw).hexdigest()
        replace_context_file(conn, "warnings", path.name, digest, len(made.recipients))
        ctx.record(conn, "alteration", f"delivery of warnings: {len(made.recipients)} teams")
    return made


def delivery_held(ctx: Context) -> Delivery:
    """Give the settings held; without any, nobody is told."""
    ctx.consult("consultation", "delivery of warnings")
    return read_delivery(ctx.ws)
