"""What is never plannable, by whatever name a file calls it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from peelian.domain.plan import NOT_PLANNABLE

_NAMES: Final = {
    "facial recognition": r"\b(facial|face)s? (recogni\w*|match\w*|scan\w*)|\b(lfr|frt)\b|\bbiometric",
    "stop and search": (
        r"\bstops? (and )?(search|frisk)\w*|\bpat downs?\b|\bsearch(es|ing)? (of )?(persons?|people)\b"
    ),
    "section 60": r"\b(section|sec|s) ?(60|sixty)\b",
    "dispersal power": r"\bdispersals?\b|\bsection 3[45]\b",
    "closure power": r"\bclosures? (power|order|notice|of premises)s?\b",
}
_PATTERNS: Final = {name: re.compile(_NAMES[name]) for name in NOT_PLANNABLE}


@lru_cache(maxsize=1024)
def never_plannable(*texts: str) -> str | None:
    """Name the power of the not-plannable list that a name or title stands for, or None.

    >>> never_plannable("Live Face-Recognition van"), never_plannable("Stop & search")
    ('facial recognition', 'stop and search')
    >>> never_plannable("street closure for a school") is None
    True
    """
    for text in texts:
        folded = unicodedata.normalize("NFKC", text).casefold().replace("&", " and ")
        folded = re.sub("['’]", "", folded)
        plain = " ".join(re.sub(r"[^a-z0-9]+", " ", folded).split())
        for name, pattern in _PATTERNS.items():
            if name in plain or pattern.search(plain):
                return name
    return None
