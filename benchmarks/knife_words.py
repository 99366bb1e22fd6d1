"""Knife-enabled classification on invented narratives of unseen families, beside plain keywords."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.knife.narratives import load, score
from tests.knife.test_held_out import KEYWORDS

from peelian.knife import classify, read_narratives

ROWS = 50_000
SPOKEN_OF = 0.25  # share of rows that speak of a blade, in the mixed run


def figures() -> None:
    """Print precision and recall of high and medium together, by half, ours and the rival's."""
    for half in ("tuning", "held-out"):
        rows = load(half)
        said = read_narratives(rows["text"])["knife"].is_in(["high", "medium"])
        plain = rows["text"].str.contains(KEYWORDS)
        families = rows["family"].n_unique()
        knives = int(rows["label"].sum())
        print(f"{half}: {rows.height} narratives in {families} families, {knives} knife-enabled")
        for name, flags in (("this classifier", said), (f"keywords {KEYWORDS[4:]}", plain)):
            found = score(rows["label"], flags)
            print(
                f"  {name}: precision {found.precision:.3f}, recall {found.recall:.3f} "
                f"({found.true} right, {found.false} false, {found.missed} missed)"
            )
    print("The narratives are invented by the rules' own author: no estimate of accuracy on real records.")


def speed() -> None:
    """Print how long 50,000 narratives take, all of them speaking of blades and one in four."""
    told = pl.concat([load("tuning")["text"], load("held-out")["text"]])
    rng = np.random.default_rng(1)
    every = told.gather(rng.integers(0, len(told), ROWS))
    quiet = "Victim was punched once in the queue and pushed over, offender left on foot."
    spoken = pl.Series(rng.random(ROWS) < SPOKEN_OF)
    mixed = pl.select(pl.when(spoken).then(every).otherwise(pl.lit(quiet))).to_series()
    none = pl.Series([None], dtype=pl.String).new_from_index(0, ROWS)
    for name, texts in (("one in four speaks of a blade", mixed), ("all speak of blades", every)):
        begin = time.perf_counter()
        classify(texts, none, none)
        print(f"{ROWS:,} narratives, {name}: {time.perf_counter() - begin:.1f} s")


if __name__ == "__main__":
    figures()
    speed()
