"""Read off what a coded value means in our closed lists, or say that it cannot be read off."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources
from typing import Final

import polars as pl
import yaml

ASKED: Final = ("setting", "discovered_by", "status", "weapon", "age_band", "basis", "patrols", "sites")


@lru_cache(maxsize=1)
def _lists() -> dict[str, dict[str, tuple[re.Pattern[str], ...]]]:
    text = (resources.files("peelian.propose") / "vocabulary.yaml").read_text("utf-8")
    content = yaml.safe_load(text)
    return {
        field: {str(ours): tuple(_pattern(str(word)) for word in words) for ours, words in meanings.items()}
        for field, meanings in content.items()
    }


def _pattern(word: str) -> re.Pattern[str]:
    body = re.escape(word.removesuffix("*"))
    end = "" if word.endswith("*") else r"(?:s)?(?!\w)"
    return re.compile(rf"(?i)(?<!\w){body}{end}")


@lru_cache(maxsize=8192)
def meaning(field: str, value: str) -> str | None:
    """Give our word for a value of `field`, or None where it cannot be read off.

    >>> meaning("setting", "LICENSED PREMISES"), meaning("domestic", "Ie"), meaning("status", "Qx")
    ('public', 'yes', None)
    """
    for ours, patterns in _lists()[field].items():
        if field in ("domestic", "knife"):
            if any((m := p.match(value)) and m.end() == len(value.strip()) for p in patterns):
                return ours
        elif any(p.search(value) for p in patterns):
            return ours
    return None


def known_share(values: pl.Series) -> dict[str, float]:
    """Give, per closed list, the share of distinct values that can be read off (at most 60 are tried)."""
    distinct = values.unique(maintain_order=True).head(60).to_list()
    return {field: sum(meaning(field, v) is not None for v in distinct) / len(distinct) for field in ASKED}
