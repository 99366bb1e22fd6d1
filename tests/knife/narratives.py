"""The invented narratives, and how a classifier does on them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl
import yaml

FOLDER = Path(__file__).parent / "narratives"


@dataclass(frozen=True)
class Score:
    """Right and wrong, for bands high and medium together."""

    true: int
    false: int
    missed: int

    @property
    def precision(self) -> float:
        return self.true / max(self.true + self.false, 1)

    @property
    def recall(self) -> float:
        return self.true / max(self.true + self.missed, 1)


def load(split: str) -> pl.DataFrame:
    """Give [family, text, label] of `tuning` or `held-out`."""
    rows = []
    for path in sorted(FOLDER.glob("*.yaml")):
        family = yaml.safe_load(path.read_text("utf-8"))
        if family["split"] == split:
            rows += [(family["family"], text, True) for text in family["yes"]]
            rows += [(family["family"], text, False) for text in family["no"]]
    return pl.DataFrame(rows, schema=["family", "text", "label"], orient="row")


def score(label: pl.Series, said: pl.Series) -> Score:
    """Count right and wrong."""
    return Score(int((label & said).sum()), int((~label & said).sum()), int((label & ~said).sum()))
