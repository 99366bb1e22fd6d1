"""From location text to plain words: one spelling for each, accents and points gone, breaks kept."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from peelian.gazetteer.words import SHORT

BREAK: Final = ","
_ROAD: Final = r"(m\d{1,3}|a\d{1,4}\s?\(?m\)?)"
_JUNCTION: Final = r"(?:j|jct|jn|junc|junction)\.?\s*(\d{1,2}[a-z]?)"
_MOTORWAY: Final = (
    (re.compile(rf"\b{_ROAD}[\s,]*(?:at\s+)?{_JUNCTION}\b"), (1, 2)),
    (re.compile(rf"\b{_JUNCTION}[\s,]*(?:of\s+)?(?:the\s+)?(m\d{{1,3}}|a\d{{1,4}}\s?\(m\))"), (2, 1)),
)
_SLASHED: Final = re.compile(r"\b(o/s|r/o|b/w|j/w|c/pk|c/park|p/h|n/b|s/b|e/b|w/b|c/o|s/c)(?=\W|$)")
_WORD: Final = re.compile(r"[a-z0-9_]+|&|[,;:()\[\]\n|]")
_HOUSE: Final = re.compile(r"^\d{1,4}[a-z]?$")


def plain(text: str) -> str:
    """Give text in lower case without accents, its curly quotes made straight.

    >>> plain("Lôn y Felin")
    'lon y felin'
    """
    text = text.replace("’", "'").replace("‘", "'").replace("`", "'").replace("–", " - ").replace("—", " - ")
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def words_of(text: str) -> list[str]:
    """Give a phrase's words, short forms written out but `st`, with `,` where it breaks.

    >>> words_of("O/S Red Lion, High St.")
    ['outside', 'red', 'lion', ',', 'high', 'st']
    >>> words_of("M1 J10 nb")
    ['m1j10', 'northbound']
    """
    low = plain(text)
    for pattern, (road, number) in _MOTORWAY:
        low = pattern.sub(rf" \g<{road}>j\g<{number}> ", low)
    low = _SLASHED.sub(lambda m: m[1].replace("/", "_"), low)
    low = re.sub(r"(?<=\d)\s*[-/]\s*(?=\d)", " ", low)
    low = re.sub(r"\s-+\s|\s-+(?=\w)|(?<=\w)-+\s", " , ", low).replace("-", " ")
    low = re.sub(r"\s*/\s*|\s\+\s|\sx\s", " & ", low).replace("@", " at ")
    low = re.sub(r"'r\b", " y", low)  # Welsh: i'r, o'r, a'r
    low = re.sub(r"(?<=\d)\(m\)", "m", low).replace("'", "").replace(".", " ")
    out: list[str] = []
    for word in _WORD.findall(low):
        if word == "&":
            out.append("and")
        elif not word[0].isalnum() and word[0] != "_":
            out.append(BREAK)
        else:
            out.extend(SHORT.get(word, word).split())
    return _joined(out)


def _joined(words: list[str]) -> list[str]:
    """Drop empty breaks, and say `station` for a railway's."""
    out: list[str] = []
    for word in words:
        if word == BREAK and (not out or out[-1] == BREAK):
            continue
        if word == "station" and out and out[-1] in ("railway", "train", "rail"):
            out.pop()
        out.append(word)
    return out[:-1] if out and out[-1] == BREAK else out


def is_house_number(word: str) -> bool:
    """Whether a word can be a house's or flat's number: no place is ever resolved to it.

    >>> is_house_number("12a"), is_house_number("a12")
    (True, False)
    """
    return bool(_HOUSE.match(word))


def name_key(name: str) -> str:
    """Give a name as it is looked up: `St` written out, articles gone.

    >>> name_key("St Mary's Church"), name_key("The Red Lion"), name_key("High St"), name_key("Lôn y Felin")
    ('saint marys church', 'red lion', 'high street', 'lon felin')
    """
    words = [w for w in words_of(name) if w != BREAK]
    words = [
        ("street" if i and i == len(words) - 1 else "saint") if w == "st" else w for i, w in enumerate(words)
    ]
    kept = [w for w in words if w not in ARTICLES]
    return " ".join(kept or words)


ARTICLES: Final = frozenset({"the", "y", "yr"})
