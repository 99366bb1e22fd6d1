"""Powers that are recorded and evaluated only: told by their words wherever someone typed them."""

from __future__ import annotations

import re
from typing import Final

from peelian.domain.plan import NOT_PLANNABLE

_WORDS: Final = (
    r"(?:facial|face) (?:recogni\w*|match\w*|scan\w*)", r"l?fr", r"l?frt", r"biometric\w*",
    r"stops? (?:(?:and|&) )?(?:search(?:es)?|frisk\w*)", r"pat downs?", r"section (?:60|sixty)", r"s\.? ?60",
    r"dispersals?(?! of (?:rubbish|litter|leaves))", r"closure (?:power|order|notice)s?",
    r"(?:premises|partial|full) closures?", r"closures? of premises",
)  # fmt: skip
_POWER: Final = re.compile(rf"\b(?:{'|'.join(_WORDS)})\b")


def names_power(*texts: str) -> bool:
    """Say whether a kind's id or a sentence names a power that may never be proposed, ranked or exported.

    It errs towards yes: a false yes costs a second approver, a false no a power planned by a forecast.

    >>> [names_power(one) for one in ("live-facial-recognition", "Section 60 order", "stop_and_search")]
    [True, True, True]
    >>> names_power("school street: road closure at opening hours", "street lighting repaired")
    False
    """
    return any(_POWER.search(_plain(text)) for text in texts)


def powers() -> tuple[str, ...]:
    """Give the list in words."""
    return NOT_PLANNABLE


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[-_/]+", " ", text).casefold().split())
