"""Welsh: mutated first letters, and common names that stand in a gazetteer in English only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

_UNMUTATED: Final = (
    ("ngh", "c"), ("mh", "p"), ("nh", "t"), ("ng", "g"), ("dd", "d"), ("ch", "c"), ("ph", "p"), ("th", "t"),
    ("g", "c"), ("b", "p"), ("d", "t"), ("f", "b"), ("f", "m"), ("l", "ll"), ("r", "rh"),
    ("m", "b"), ("n", "d"),
)  # fmt: skip
_HEADS: Final[dict[str, tuple[str, ...]]] = {
    "stryd": ("street",), "heol": ("road", "street"), "ffordd": ("road", "way", "street"), "lon": ("lane",),
    "rhodfa": ("avenue", "drive"), "clos": ("close",), "cilgant": ("crescent",), "teras": ("terrace",),
    "gerddi": ("gardens",), "sgwar": ("square",), "rhes": ("row",),
}  # fmt: skip
_WORDS: Final[dict[str, str]] = {
    "eglwys": "church", "felin": "mill", "melin": "mill", "bont": "bridge", "pont": "bridge",
    "orsaf": "station", "gorsaf": "station", "castell": "castle", "parc": "park", "farchnad": "market",
    "marchnad": "market", "fawr": "high", "frenhines": "queen", "brenin": "king", "llundain": "london",
    "newydd": "new", "ysgol": "school", "afon": "river", "coed": "wood", "capel": "chapel", "hen": "old",
    "tywysog": "prince", "fynwent": "cemetery", "ficerdy": "vicarage", "ysbyty": "hospital",
}  # fmt: skip
_WHOLE: Final[dict[str, str]] = {
    "llew coch": "red lion", "llew gwyn": "white lion", "llew du": "black lion", "ceffyl gwyn": "white horse",
    "tarw du": "black bull", "ddraig goch": "red dragon", "draig goch": "red dragon", "goron": "crown",
    "coron": "crown", "alarch": "swan", "angel": "angel", "delyn": "harp", "telyn": "harp",
    "llong": "ship", "angor": "anchor", "gorsaf": "station", "llyfrgell": "library",
    "neuadd dref": "town hall", "canolfan hamdden": "leisure centre", "gorsaf fysiau": "bus station",
    "gorsaf bysiau": "bus station", "ysbyty": "hospital",
}  # fmt: skip


def unmutated(word: str) -> Iterator[str]:
    """Give what a word may be without its initial mutation.

    >>> "caerfelin" in set(unmutated("nghaerfelin")), "pont" in set(unmutated("bont"))
    (True, True)
    """
    for changed, plain in _UNMUTATED:
        if word.startswith(changed) and len(word) > len(changed) + 2:
            yield plain + word[len(changed) :]
    if len(word) > 3:
        yield "g" + word


def english(words: Sequence[str]) -> Iterator[str]:
    """Give what a Welsh name may be called in English.

    >>> list(english(["stryd", "fawr"])), list(english(["llew", "coch"]))
    (['high street'], ['red lion'])
    """
    whole = _WHOLE.get(" ".join(words))
    if whole:
        yield whole
    heads = _HEADS.get(words[0])
    rest = [_WORDS.get(word) for word in words[1:]]
    if heads and rest and all(rest):
        for head in heads:
            yield " ".join([*(word for word in rest if word), head])
