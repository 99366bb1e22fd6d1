"""Invented names, composed by rule: no list of real streets or towns is read."""

from __future__ import annotations

import numpy as np

_FIRST = (
    "Amber", "Ash", "Barley", "Bell", "Birch", "Bramble", "Candle", "Cinder", "Clover", "Cooper", "Copper",
    "Corn", "Curlew", "Dawn", "Drover", "Ember", "Falcon", "Fern", "Flint", "Foundry", "Gannet", "Garnet",
    "Glass", "Hazel", "Heron", "Hollow", "Ivory", "Jasper", "Juniper", "Kelp", "Kestrel", "Lantern", "Larch",
    "Linden", "Linnet", "Loom", "Marl", "Meadow", "Mill", "Moss", "Nettle", "Oar", "Orchard", "Osprey",
    "Otter", "Pebble", "Pewter", "Plover", "Quarry", "Quill", "Raven", "Reed", "Rope",
    "Rowan", "Saddle", "Saffron",
    "Salt", "Sextant", "Shingle", "Silver", "Sorrel", "Spindle", "Starling", "Tallow", "Tansy", "Teal",
    "Thimble", "Thistle", "Tinder", "Umber", "Velvet", "Walnut", "Weaver", "Willow", "Wren", "Yarrow",
)  # fmt: skip
_SECOND = (
    "", "bank", "bridge", "brook", "croft", "dene", "fold", "ford", "gate", "holm", "ing", "lea", "maker",
    "mere", "moor", "ridge", "side", "stone", "wick", "well",
)  # fmt: skip
_TOWN_WORDS = (
    "Street",
    "Road",
    "Lane",
    "Close",
    "Avenue",
    "Drive",
    "Terrace",
    "Place",
    "Court",
    "Walk",
    "Row",
)
_CENTRE_WORDS = ("Street", "Parade", "Arcade", "Wharf", "Square", "Passage", "Yard", "Market", "Row", "Quay")
_RURAL_WORDS = ("Lane", "Drove", "Track", "Hill", "Bank", "Way")


def street_names(kind: np.ndarray, rng: np.random.Generator) -> list[str]:
    """Give a name to each street: `kind` 0 town, 1 centre, 2 rural. Names repeat only when all are used."""
    words = (_TOWN_WORDS, _CENTRE_WORDS, _RURAL_WORDS)
    out: list[str] = [""] * len(kind)
    for k, last in enumerate(words):
        pool = [f"{a}{b} {c}" for a in _FIRST for b in _SECOND for c in last]
        members = np.flatnonzero(kind == k)
        picks = np.concatenate([rng.permutation(len(pool)) for _ in range(len(members) // len(pool) + 1)])
        for place, pick in zip(members, picks, strict=False):
            out[place] = pool[pick]
    return out


def pub_names(n: int, rng: np.random.Generator) -> list[str]:
    """Give `n` invented pub names."""
    things = [f"The {a} & {b}" for a in _FIRST for b in _FIRST if a < b]
    return [things[k] for k in rng.permutation(len(things))[:n]]
