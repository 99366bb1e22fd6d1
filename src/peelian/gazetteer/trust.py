"""Whether a name found in a phrase is the whole of a name there: its neighbours say.

`Upper Mill Lane` is not Mill Lane, `Royal Oak Lane` not the Royal Oak, `Mill Lane Primary School` not the
lane, `Plough and Harrow` not the Plough. The factors are our own judgement, tried on the development half of
the written phrases only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from peelian.gazetteer.mentions import Mention
from peelian.gazetteer.tokens import BREAK, is_house_number
from peelian.gazetteer.words import (
    BETWEEN,
    GENERIC,
    MODIFIERS,
    NAMED_AFTER,
    PARTS,
    PLAIN,
    RELATIONS,
    TAILS,
    TYPES,
)

_ANOTHER: Final = 0.3  # it is another's name
_HALF: Final = 0.5  # it is likely half a name
_PERHAPS: Final = 0.75  # an unknown word stands beside it
_SLIGHT: Final = 0.92
_IN_WELSH: Final = {"school": "ysgol", "station": "gorsaf", "church": "eglwys", "library": "llyfrgell"}
_ENDS: Final = (RELATIONS | PARTS | TAILS | PLAIN) - MODIFIERS - TYPES - {"and", "a", "with"}


def trusted(
    words: list[str], mention: Mention, others: Sequence[Mention], areas: Sequence[Mention], kind: str
) -> float:
    """Give how far a name can be trusted where it stands, 0 to 1; `kind` is street or premises."""
    taken = _words_of(m for m in others if m is not mention and not m.loose)
    before, after = _left(words, mention, taken, kind), _right(words, mention, taken)
    if mention.loose:
        return 1.0 if _bounded(words, mention, _words_of(areas)) and after == 1.0 else 0.0
    whole = mention.quality > 0.8
    doubt = min(before, after) if whole else min(before, after) ** 2  # a name in part needs clear ends
    return doubt * (0.4 if mention.start and words[mention.start - 1] in BETWEEN else 1.0)


def _words_of(mentions: Iterable[Mention]) -> set[int]:
    return {i for m in mentions for i in range(m.start, m.end)}


def _bounded(words: list[str], mention: Mention, in_areas: set[int]) -> bool:
    """Whether a mere kind of place stands alone: `the library`, not `Goldsmith Library`."""
    i = mention.start - 1
    return i < 0 or i in in_areas or words[i] == BREAK or words[i] in RELATIONS


def _left(words: list[str], mention: Mention, taken: set[int], kind: str) -> float:
    i = mention.start - 1
    if i < 0 or i in taken:
        return 1.0
    before = words[i]
    if before in MODIFIERS:
        return _ANOTHER
    if before in ("and", "a", "with"):
        if i == 0 or i - 1 in taken or words[i - 1] == BREAK or words[i - 1] in _ENDS:
            return 1.0
        return _HALF
    if before == BREAK or before in _ENDS or before in TYPES or is_house_number(before):
        return 1.0
    return _PERHAPS if kind == "street" or mention.end - i > 2 else _HALF


def _right(words: list[str], mention: Mention, taken: set[int]) -> float:
    i = mention.end
    if i >= len(words) or i in taken or words[i] == BREAK:
        return 1.0
    after = words[i]
    if after in MODIFIERS or after in TYPES:
        return _ANOTHER
    if after in ("and", "a", "with"):
        joined = i + 1 in taken or i + 1 >= len(words) or words[i + 1] in _ENDS | {BREAK}
        return 1.0 if joined else _HALF
    if after in PARTS:
        return 1.0
    if _is_called_after(words, mention, taken):
        return 0.4
    if after in _ENDS or is_house_number(after):
        return 1.0
    return _SLIGHT


def _is_called_after(words: list[str], mention: Mention, taken: set[int]) -> bool:
    """Whether a kind of place follows before the phrase breaks: a school, an estate, a surgery."""
    own = set(words[mention.start : mention.end])
    for i in range(mention.end, min(mention.end + 3, len(words))):
        word = words[i]
        if i in taken or word == BREAK or word in RELATIONS or word in PARTS:
            return False
        if word in NAMED_AFTER | GENERIC:
            return word not in own and _IN_WELSH.get(word) not in own and word not in TAILS - NAMED_AFTER
    return False
