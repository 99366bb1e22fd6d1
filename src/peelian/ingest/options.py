"""Which options change how a file is read: with its bytes, they say whether it was taken before."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Final

_IDLE: Final = frozenset({"now", "notice", "accept_drift"})  # change no row


def options_digest(options: dict[str, Any]) -> str:
    """Give one digest of the options; a path to a file counts by the file's bytes, not by its name."""
    # The sharing agreement is among them: what came under an ended one may come again under another.
    plain = {
        name: _plain(value) for name, value in options.items() if name not in _IDLE and value is not None
    }
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, str | Path) and _is_file(value):
        return hashlib.sha256(Path(value).read_bytes()).hexdigest()
    return value if isinstance(value, bool | int | float) or value is None else str(value)


def _is_file(value: str | Path) -> bool:
    try:
        return Path(value).is_file()
    except (OSError, ValueError):  # a text too long or odd to be a name
        return False
