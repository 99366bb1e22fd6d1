"""Slips of the typing hand: a letter lost, doubled or swapped in the words that matter most."""

from __future__ import annotations

from typing import Final

_WORDS: Final = (
    "knife", "knives", "stabbed", "stabbing", "slashed", "machete", "machetes", "blade", "screwdriver",
    "scissors", "dagger", "threatened", "attacked", "weapon", "weapons", "bottle",
)  # fmt: skip
_REAL: Final = frozenset({
    "tabbed", "lashed", "lade", "bade", "stabbing", "knives", "knife", "eapon", "tacked", "attache", "sashed",
    "blades", "stabbed", "weapon", "tabbing", "wagger",
})  # fmt: skip
_ALSO: Final = {
    "knive": "knife", "knifes": "knives", "machetti": "machete", "machettes": "machetes", "stabb": "stab",
    "stabing": "stabbing", "sissors": "scissors", "atacked": "attacked", "threatend": "threatened",
    "w": "with", "kniv": "knife", "stabd": "stabbed", "pulld": "pulled", "threatnd": "threatened",
    "thretened": "threatened", "thretend": "threatened", "wepon": "weapon", "wepons": "weapons",
}  # fmt: skip


def slips(word: str) -> set[str]:
    """Give what a word becomes by losing, doubling or swapping one letter; no real words.

    >>> sorted(slips("knife"))[:4]
    ['kife', 'kinfe', 'kknife', 'knfe']
    """
    lost = {word[:i] + word[i + 1 :] for i in range(len(word))}
    doubled = {word[: i + 1] + word[i:] for i in range(len(word))}
    swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
    return (lost | doubled | swapped) - _REAL - {word}


def _table() -> dict[str, str]:
    by_slip = {slip: word for word in reversed(_WORDS) for slip in slips(word) if slip not in _WORDS}
    return by_slip | _ALSO


SLIPS: Final = _table()
"""Wrong to right."""

PATTERNS: Final = tuple(
    (rf"\b(?:{'|'.join(sorted(wrong for wrong, right in SLIPS.items() if right == word))})\b", word)
    for word in sorted(set(SLIPS.values()))
)
"""One replacement a word: pattern, right spelling."""
