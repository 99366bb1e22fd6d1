"""Cut a column's name into plain words, however it was written."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PLAIN: Final = re.compile(r"[^a-z0-9]+")
_ARTICLE: Final = re.compile(r"(?<=[a-z])['’][rn]\b")  # Welsh: enw'r, the name of the
_INITIALS: Final = re.compile(r"\b(?:[A-Za-z]\.){2,}(?:[A-Za-z]\b)?")
_TAIL: Final = re.compile(r"(?<=[a-z]{3})(\d+)$")


def words_of(name: str, *, numbers: bool = False) -> tuple[str, ...]:
    """Give a column name's words, without accents, case, punctuation, humps and (unless asked for) numbers.

    >>> words_of("victimDateOfBirth"), words_of("Rhif Ffôn"), words_of("SURNM_1"), words_of("D.o.B.")
    (('victim', 'date', 'of', 'birth'), ('rhif', 'ffon'), ('surnm',), ('dob',))
    """
    text = unicodedata.normalize("NFKD", name)
    text = "".join(c for c in text if not unicodedata.combining(c))
    # Initials with dots are one word: D.O.B., N.H.S. No.
    text = _INITIALS.sub(lambda found: found[0].replace(".", "").lower() + " ", text)
    text = _ARTICLE.sub(" ", text)
    text = text.replace("'", "").replace("’", "")
    text = _HUMP.sub(" ", text)
    if numbers:
        return tuple(word for word in _PLAIN.split(text.lower()) if word)
    words = [_TAIL.sub("", word) for word in _PLAIN.split(text.lower())]
    return tuple(word for word in words if word and not word.isdigit())
