"""The report's sections on consistency, equal skill, doubt by level and steadiness, as rows and words."""

from __future__ import annotations

import math
from typing import Any

from peelian.evaluate.consistent_origins import consistency_words
from peelian.evaluate.doubt import LevelDoubt, doubt_words
from peelian.evaluate.result import BacktestResult, ModelScore

LEVEL_NAMES = {
    "lsoa": "neighbourhood (LSOA)", "msoa": "larger neighbourhood (MSOA)", "district": "district",
    "block": "square of 1 km", "area": "whole area",
}  # fmt: skip


def skill_rows(result: BacktestResult) -> list[dict[str, Any]]:
    """Give a row a forecaster, best log score first."""
    members = result.confidence_set.members
    rows = []
    for m in sorted(result.models, key=lambda m: -m.log_score):
        c = m.consistency
        rows.append(
            {
                "model": m, "gain": m.ranked_gain, "is_rival": m.id == result.rival,
                "p": _p(m.equal_skill.p), "in_set": "yes" if m.id in members else "no",
                "number": _kept(c.number, c.origins), "spatial": _kept(c.spatial, c.origins),
                "conditional": _kept(c.conditional, c.origins),
            }
        )  # fmt: skip
    return rows


def skill_words(result: BacktestResult, best: ModelScore) -> str:
    """Say what the tests from date to date found, or why they were not made."""
    held = result.confidence_set
    if held.why_not:
        return (
            "Two tests of equal skill from date to date (Diebold–Mariano, model confidence set) are not "
            f"made: each {held.why_not}. The intervals above hold for few dates too."
        )
    names = [m.title for m in result.models if m.id in held.members]
    words = f"With 90 % confidence the best forecaster is among {len(names)}: {'; '.join(names)}."
    if best.id != result.rival and math.isfinite(best.equal_skill.p):
        better = "better" if best.equal_skill.statistic > 0 else "worse"
        sure = best.equal_skill.p < 0.05
        found = f"{better} from date to date" if sure else "not told apart from the rival from date to date"
        name = best.title[:1].upper() + best.title[1:]
        words += f" {name} is {found} (Diebold–Mariano, p {_p(best.equal_skill.p)})."
    return words


def consistent_words(best: ModelScore) -> str:
    """Say whether the forecast's own world could have made the counts."""
    words = consistency_words(best.consistency)
    if not best.consistency.own:
        words += " The doubt of the number is taken from the cells as if these varied alone: too narrow."
    return words


def doubt_rows(best: ModelScore) -> list[dict[str, Any]]:
    """Give a row a level and third of the rate."""
    rows = []
    for one in best.doubt:
        for group in (one.every, *(one.thirds if one.level != "area" else ())):
            first = group is one.every
            rows.append({"level": level_name(one) if first else "", "group": group, "first": first})
    return rows


def doubt_sentence(best: ModelScore) -> str:
    """Say whether doubt is right at the smallest level."""
    if not best.doubt:
        return "No larger place was wholly observed, so doubt could not be judged."
    one = best.doubt[0]
    words = doubt_words(one)
    return f"By {level_name(one)} and window: {words}."


def level_name(one: LevelDoubt) -> str:
    """Name a level in words."""
    return LEVEL_NAMES.get(one.level, one.level)


def steady_rows(result: BacktestResult, best: ModelScore) -> list[dict[str, Any]]:
    """Give a row a share of the area: the forecaster shown beside the rival."""
    rival = result.model(result.rival)
    return [
        {"share": mine.share, "mine": mine, "rival": theirs}
        for mine, theirs in zip(best.stability, rival.stability, strict=True)
    ]


def not_known_words(result: BacktestResult) -> str:
    """Say what no curve could be drawn by."""
    if not result.not_known:
        return ""
    return f"Not drawn by {' or '.join(result.not_known)}, which is not known here."


def _kept(share: float, origins: int) -> str:
    return "none" if not origins else f"{round(share * origins)} of {origins}"


def _p(p: float) -> str:
    if not math.isfinite(p):
        return ""
    return "under 0.001" if p < 0.001 else f"{p:.3f}"
