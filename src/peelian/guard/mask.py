"""Show the shape of a value without showing the value."""

from __future__ import annotations

from typing import Final

_LONGEST: Final = 24


def masked(value: str) -> str:
    """Give the shape: letters become x or X, digits 9, the rest stays; cut to 24 characters.

    >>> masked("Quern Lane, 12"), masked("AB1234/23")
    ('Xxxxx Xxxx, 99', 'XX9999/99')
    """
    cut = value[: _LONGEST + 1]
    shape = "".join(_shape(character) for character in cut[:_LONGEST])
    return shape + "…" if len(cut) > _LONGEST else shape


def _shape(character: str) -> str:
    if character.isalpha():
        return "X" if character.isupper() else "x"
    if character.isnumeric():
        return "9"
    return character if character.isascii() and character.isprintable() else "?"
