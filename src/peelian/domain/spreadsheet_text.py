"""Text that a spreadsheet may take for a formula, made harmless."""

from __future__ import annotations

from typing import Final

_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def harmless(text: str) -> str:
    """Give the text with an apostrophe before it where it would start a formula.

    >>> harmless("=HYPERLINK(1)"), harmless("High Street")
    ("'=HYPERLINK(1)", 'High Street')
    """
    return f"'{text}" if text.lstrip(" ").startswith(_STARTS) else text
