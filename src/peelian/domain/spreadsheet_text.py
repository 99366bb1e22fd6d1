"""Text that a spreadsheet may take for a formula, made harmless. Every CSV and workbook goes through here."""

from __future__ import annotations

import re
from typing import Final

FORMULA: Final = "^ *[=+\\-@\t\r\n\\x00\uff1d\uff0b\uff0d\uff20]"
"""What such a text begins with (also in full width); a pattern for `re` and for polars."""
_FORMULA: Final = re.compile(FORMULA)


def harmless(text: str) -> str:
    """Give the text with an apostrophe before it where it would start a formula.

    >>> harmless("=HYPERLINK(1)"), harmless("High Street")
    ("'=HYPERLINK(1)", 'High Street')
    """
    return f"'{text}" if _FORMULA.match(text) else text
