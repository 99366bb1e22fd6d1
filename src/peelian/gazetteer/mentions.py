"""Which names of the gazetteer a phrase holds, where in it, and how well they are spelt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final

from peelian.gazetteer.index import Found, Gazetteer, stem
from peelian.gazetteer.tokens import ARTICLES, BREAK, is_house_number
from peelian.gazetteer.welsh import english, unmutated
from peelian.gazetteer.words import RELATIONS, TYPES

_SQUEEZED: Final = 0.95
_STEM: Final = 0.95
_WELSH: Final = 0.9
_MUTATED: Final = 0.95
_MOST_FORMS: Final = 24
Form = tuple[str, float]


@dataclass(frozen=True)
class Mention:
    """A name at words `start` to `end` (not included). `found` are entries with the quality of their name."""

    start: int
    end: int
    key: str
    found: tuple[Found, ...]
    loose: bool = False  # only a kind of place: of worth where a street or a town says which

    @property
    def quality(self) -> float:
        """Of the best entry."""
        return max(q for _, q in self.found)

    def of_kind(self, gazetteer: Gazetteer, kind: str) -> list[Found]:
        """Give its entries of one kind."""
        return [(row, q) for row, q in self.found if gazetteer.kind[row] == kind]


def mentions_in(words: list[str], gazetteer: Gazetteer) -> list[Mention]:
    """Give the names in a phrase, none overlapping: the longest first, then the best spelt."""
    forms = [_forms(word, gazetteer) for word in words]
    every: list[Mention] = []
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + gazetteer.longest + 2) + 1):
            if words[end - 1] == BREAK:
                break
            if words[start] in ARTICLES or words[end - 1] in ARTICLES:
                continue
            mention = _mention(words, forms, start, end, gazetteer)
            if mention:
                every.append(mention)
    every.sort(key=lambda m: (-_weight(m, words), m.start))
    kept: list[Mention] = []
    for one in every:
        if all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda m: m.start)


def _weight(mention: Mention, words: list[str]) -> float:
    """Long and well spelt names come first; an exact short one before a doubtful longer one."""
    length = sum(w not in ARTICLES for w in words[mention.start : mention.end])
    return length * mention.quality**3


def _forms(word: str, gazetteer: Gazetteer) -> list[Form]:
    """Give what a word may stand for, itself first."""
    if word == "st":
        return [("street", 1.0), ("saint", 1.0)]
    if word == BREAK or word in gazetteer.words or is_house_number(word):
        return [(word, 1.0)]
    whole = gazetteer.squeezed.get(word) or gazetteer.squeezed.get(_long_end(word))
    if whole:
        return [(whole, _SQUEEZED)]
    mutated = [(w, _MUTATED) for w in unmutated(word) if w in gazetteer.words and len(w) > 3]
    near = [(w, q) for w, q in gazetteer.speller.near(word) if w not in RELATIONS]
    return [(word, 1.0), *near, *mutated][:6]


def _long_end(word: str) -> str:
    """`millln` and `stationrd` are run together with a short form."""
    for short, long in (("rd", "road"), ("st", "street"), ("ln", "lane"), ("ave", "avenue"), ("cl", "close")):
        if word.endswith(short) and len(word) > len(short) + 2:
            return word.removesuffix(short) + long
    return word


def _mention(
    words: list[str], forms: list[list[Form]], start: int, end: int, gazetteer: Gazetteer
) -> Mention | None:
    best: dict[int, float] = {}
    key_of = ""
    for key, quality in _keys(words, forms, start, end):
        found, factor = _look_up(key, gazetteer, end - start)
        if not found:
            continue
        quality *= factor
        if " " not in key and quality < 0.9 and len(key) < 6:
            continue  # one short misspelt word is no place
        for row, q in found:
            if q * quality > best.get(row, 0.0):
                best[row] = q * quality
                key_of = key
    if best:
        return Mention(start, end, key_of, tuple(best.items()))
    plain = " ".join(w for w in words[start:end] if w not in ARTICLES)
    loose = gazetteer.loosely.get(plain)
    return Mention(start, end, plain, tuple(loose), loose=True) if loose else None


def _keys(words: list[str], forms: list[list[Form]], start: int, end: int) -> Iterator[Form]:
    """Give the keys a span may stand for; at most two of its words may be misspelt."""
    at = [i for i in range(start, end) if words[i] not in ARTICLES]
    if not at:
        return
    many = 1
    for i in at:
        many *= len(forms[i])
    choices = [forms[i] if many <= _MOST_FORMS else forms[i][:2] for i in at]
    for combo in product(*choices):
        quality, changed = 1.0, 0
        for _, q in combo:
            quality *= q
            changed += q < 1
        if changed <= 2:
            yield " ".join(w for w, _ in combo), quality


def _look_up(key: str, gazetteer: Gazetteer, length: int) -> tuple[list[Found], float]:
    found = gazetteer.names.get(key)
    if found:
        return found, 1.0
    found = gazetteer.names.get(stem(key))
    if found:
        return found, _STEM
    if length > 1:
        together = gazetteer.squeezed.get(key.replace(" ", ""))
        if together and not set(key.split()) & TYPES - {key.split()[-1]}:
            return gazetteer.names[together], _SQUEEZED
    parts = key.split()
    for other in english(parts) if parts else ():
        found = gazetteer.names.get(other)
        if found:
            return found, _WELSH
    return [], 0.0
