"""What holds of every workspace of this version, in words: read from the tables that enforce it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from peelian.api.plan_leaving import NOTICE
from peelian.domain.actor import Verb
from peelian.domain.plan import NOT_PLANNABLE
from peelian.domain.tier import TIERS
from peelian.govern.policy import TABLE
from peelian.govern.records.words import risks, system_words
from peelian.govern.roles import ROLES, TITLES
from peelian.govern.scope import inputs

OPEN_SOURCES: Final = {"police_uk": "https://data.police.uk"}
_TOLD: Final[tuple[tuple[Verb, str, str], ...]] = (
    ("consultation", "map layer", "The map's squares"), ("disclosure", "export", "Files to take away"),
    ("consultation", "early warnings", "Early warnings"), ("consultation", "audit", "The audit"),
    ("alteration", "decisions", "Deciding"), ("consultation", "public tables", "Released tables"),
)  # fmt: skip


@lru_cache(maxsize=1)
def system_says() -> dict[str, str]:
    """Give the texts, by name."""
    powers = ", ".join(NOT_PLANNABLE)
    return system_words(powers) | {
        "notice": NOTICE, "risks": risks(powers), "refused_inputs": _refused(), "tiers": _tiers(),
        "access": _access(),
    }  # fmt: skip


def source_urls(sources: Iterable[str]) -> str:
    """Say where the data of some feeds can be had."""
    said = (
        f"{one}: {OPEN_SOURCES.get(one, 'shared under an agreement, not open')}"
        for one in sorted(set(sources))
    )
    return "; ".join(said)


def _refused() -> str:
    kept = [f"{name}: {one.cls} ({one.reason})" for name, one in inputs().items() if one.cls != "target"]
    return "\n".join(kept)


def _tiers() -> str:
    told = ["The force's own: squares of 250 metres and larger areas."]
    for name, tier in TIERS.items():
        told.append(
            f"{name}: one table a {tier.window}, {tier.delay.days} day(s) late, counts under {tier.least} "
            f"withheld, others rounded to {tier.round_to}."
        )
    return "\n".join(told)


def _access() -> str:
    lines = []
    for verb, what, label in _TOLD:
        line = TABLE.get((verb, what))
        names = [TITLES[role] for role in ROLES if line is not None and role in line.roles]
        lines.append(f"{label}: {'; '.join(names) or 'nobody'}.")
    return "\n".join(["Denied unless a line of the access table lets it.", *lines])
