"""Powers that are recorded and evaluated only: told by their words wherever someone typed them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from peelian.domain.plan import NOT_PLANNABLE

_WORDS: Final = {
    "facial recognition": (
        r"(?:facial|face)s? (?:recogni\w*|match\w*|scan\w*)|l?frt?|biometric\w*"
    ),
    "stop and search": (
        r"stops? (?:and )?(?:search|frisk)\w*|pat downs?|search(?:es|ing)? (?:of )?(?:persons?|people)"
    ),
    "section 60": r"(?:section|sec|s) ?(?:60|sixty)",
    "dispersal power": r"dispersals?(?! of (?:rubbish|litter|leaves))|section 3[45]",
    "closure power": (
        r"closures? (?:power|order|notice|of premises)s?|(?:premises|partial|full) closures?"
    ),
}  # fmt: skip
_PATTERNS: Final = {name: re.compile(rf"\b(?:{_WORDS[name]})\b") for name in NOT_PLANNABLE}


@lru_cache(maxsize=1024)
def power_named(*texts: str) -> str | None:
    """Name the power of the not-plannable list that a kind's id, a title or a sentence stands for, or None.

    It errs towards a power: a false yes costs a second approver, a false no a power planned by a forecast.

    >>> power_named("Live Face-Recognition van"), power_named("Stop & search"), power_named("s.60 order")
    ('facial recognition', 'stop and search', 'section 60')
    >>> power_named("street closure for a school", "street lighting repaired") is None
    True
    """
    for text in texts:
        plain = _plain(text)
        for name, pattern in _PATTERNS.items():
            if name in plain or pattern.search(plain):
                return name
    return None


def names_power(*texts: str) -> bool:
    """Say whether any of the texts names such a power."""
    return power_named(*texts) is not None


def _plain(text: str) -> str:
    """Give it folded, without marks, so that no spelling of a name slips through."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("&", " and ")
    return " ".join(re.sub(r"[^a-z0-9]+", " ", re.sub("['’]", "", folded)).split())
