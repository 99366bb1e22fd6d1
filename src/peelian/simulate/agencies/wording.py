"""Invented texts: what happened, as a narrative tells it, and where, as a hospital does. None is real.

Knife words follow the truth the simulator knows: `high` a knife used, `medium` one threatened or believed,
`low` a knife in the text that no one used, `none` no knife, or words that deny one.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from peelian.simulate.land import Ints

NARRATIVES: Final[dict[str, tuple[str, ...]]] = {
    "high": (
        "Stabbed in the leg with a knife during an argument outside a venue",
        "Suspect slashed the victim across the arm with a kitchen knife and ran off",
        "Cut to the hand, suspect swung a blade when the victim refused",
        "Victim stabbed twice in the back by an unknown person with a lock knife",
        "Robbed at knifepoint, phone and bag taken",
    ),
    "medium": (
        "Suspect threatened to stab the victim and held a knife at the waist",
        "Pulled out a knife and demanded the phone, no injury",
        "Victim saw the handle of a knife in the waistband and handed over the bag",
        "Told the victim he had a blade and would use it, victim believed him",
    ),
    "low": (
        "Argument in a kitchen, a bread knife lay on the table and was not touched",
        "Push and shove, a butter knife was found on the ground nearby",
        "Victim works as a chef, own knife roll in the bag, punched once to the face",
    ),
    "negated": (
        "Punched to the face, no knife seen",
        "Threatened outside a shop, no weapons seen or mentioned",
        "Kicked to the body by two persons, nothing to suggest a knife or blade",
        "Phone snatched from the hand, victim is sure no knife was shown",
    ),
    "none": (
        "Punched once to the face outside a venue, suspect left on foot",
        "Pushed to the ground in a queue, grazes to both hands",
        "Kicked to the leg by a person unknown on the pavement",
        "Spat at and slapped after a dispute over a seat",
        "Shouted threats in the street and squared up to the victim",
        "Grabbed by the throat at a bus stop and let go",
        "Struck with a bottle during a fight between two groups",
        "Bag pulled from the shoulder from behind, suspect ran off",
        "Head butted in a doorway after words were exchanged",
    ),
}
PLACES: Final = ("outside {venue}", "in {venue}", "on {street}", "near {venue} on {street}", "{street}")
"""How a receptionist writes where it happened."""


def narratives(knife: pl.Series, negated: float, rng: np.random.Generator) -> pl.Series:
    """Give a narrative for each knife mark (`none`, `low`, `medium`, `high`); some of none deny one."""
    n = len(knife)
    kinds = list(NARRATIVES)
    kind = np.array([kinds.index(word) for word in knife.to_list()], np.int64)
    deny = (kind == kinds.index("none")) & (rng.random(n) < negated)
    kind = np.where(deny, kinds.index("negated"), kind)
    sizes = np.array([len(NARRATIVES[name]) for name in kinds])
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    flat = pl.Series([text for name in kinds for text in NARRATIVES[name]], dtype=pl.String)
    return flat.gather(first[kind] + np.floor(rng.random(n) * sizes[kind]).astype(np.int64))


def location_phrases(venue: pl.Series, street: pl.Series, rng: np.random.Generator) -> pl.Series:
    """Give a phrase for each place; rows without a venue near are told by their street."""
    form = np.floor(rng.random(len(street)) * len(PLACES)).astype(np.int64)
    frame = pl.DataFrame({"venue": venue, "street": street, "form": form})
    told = pl.lit(None, pl.String)
    for k, text in enumerate(PLACES):
        parts = text.replace("{venue}", "{}").replace("{street}", "{}")
        order = [name for name in ("venue", "street") if "{" + name + "}" in text]
        told = pl.when(pl.col("form") == k).then(pl.format(parts, *order)).otherwise(told)
    phrase = pl.when(pl.col("venue").is_null()).then(pl.format("on {}", "street")).otherwise(told)
    return frame.select(phrase.alias("phrase")).to_series()


def picked(
    choices: tuple[str, ...], shares: tuple[float, ...], n: int, rng: np.random.Generator
) -> pl.Series:
    """Draw one of a few words for each row."""
    cut = np.cumsum(shares) / np.sum(shares)
    index: Ints = np.minimum(np.searchsorted(cut, rng.random(n), side="right"), len(choices) - 1)
    return pl.Series(choices, dtype=pl.String).gather(index)
