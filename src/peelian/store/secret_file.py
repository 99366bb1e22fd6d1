"""A secret in a file that its owner alone may read."""

from __future__ import annotations

from pathlib import Path

from peelian.domain.errors import Misuse


def read_secret(path: Path, called: str) -> str:
    """Give the text of a secret's file without blanks around it; `called` is what it is to a reader.

    Raises:
        Misuse: it is not there, is no text, or others may read it.
    """
    try:
        mode, text = path.expanduser().stat().st_mode, path.expanduser().read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise Misuse(f"{called} cannot be read", expected="a text file of mode 600") from None
    if mode & 0o077:
        raise Misuse(f"others may read {called}", expected="mode 600", do=f"chmod 600 {path.name}")
    return text
