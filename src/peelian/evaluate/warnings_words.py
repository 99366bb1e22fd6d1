"""The tables of power and of false warnings, in Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from scipy import stats

from peelian.evaluate.warnings_alarms import COMBINED
from peelian.evaluate.warnings_plant import BAND_WORDS
from peelian.evaluate.warnings_power import A_WEEK, FalseRate, Power


def power_table(powers: Sequence[Power]) -> list[str]:
    """Give a row for each detector and band: found, found soon, the middle delay, share of the oracle."""
    lines = [
        "| who | expected in the footprint | bursts | found | of them within 2 weeks | middle delay, weeks "
        "| of the oracle's power |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for one in powers:
        soon = one.soon / one.share if one.share else 0.0
        late = "-" if one.delay is None else f"{one.delay:.0f}"
        best = "-" if one.of_oracle is None else f"{one.of_oracle:.0%}"
        lines.append(
            f"| {one.who} | {one.band} | {one.bursts} | {one.share:.0%} | {soon:.0%} | {late} | {best} |"
        )
    return lines


def false_table(nulls: Sequence[FalseRate], beside: Sequence[FalseRate]) -> list[str]:
    """Give a row for each detector: false warnings a force and month, and the exact test against one."""
    other = {one.who: one for one in beside}
    lines = [
        "| who | weeks | false warnings | a month | p of so many at one a month | a month beside bursts |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for one in nulls:
        near = other.get(one.who)
        said = "-" if near is None else f"{near.a_month:.2f}"
        p = f"{more_than_rate(one):.3f}"
        lines.append(f"| {one.who} | {one.weeks:,} | {one.found} | {one.a_month:.2f} | {p} | {said} |")
    return lines


def more_than_rate(one: FalseRate, a_week: float = A_WEEK) -> float:
    """Give the exact chance of so many false warnings or more, were the true rate `a_week` (Poisson)."""
    return float(stats.poisson.sf(one.found - 1, a_week * one.weeks))


def verdicts(powers: Sequence[Power], nulls: Sequence[FalseRate], rival: str = "threshold") -> list[str]:
    """Say of each thing that must hold whether the combination does it."""
    mine = {p.band: p for p in powers if p.who == COMBINED}
    plain = {p.band: p for p in powers if p.who == rival}
    strong = mine[BAND_WORDS[2]]
    rate = next(one for one in nulls if one.who == COMBINED)
    said = [
        _verdict(strong.share >= 0.8, f"over 15 expected: {strong.share:.0%} found, at least 80 % asked"),
        _verdict(
            strong.soon >= strong.share / 2,
            f"over 15 expected: {strong.soon / max(strong.share, 1e-9):.0%} of these in 2 weeks, half asked",
        ),
        _verdict(more_than_rate(rate) > 0.001, f"null worlds: {rate.a_month:.2f} a month, one asked"),
    ]
    for band in BAND_WORDS:
        best, simple = mine[band].of_oracle or 0.0, plain[band].share if band in plain else 0.0
        said.append(_verdict(best >= 0.8, f"{band}: {best:.0%} of the oracle's power, 80 % asked"))
        words = f"{band}: {mine[band].share:.0%} found, {simple:.0%} by the plain threshold"
        said.append(_verdict(mine[band].share > simple, words))
    return said


def _verdict(holds: bool, words: str) -> str:
    return f"{'holds' if holds else 'MISSED'}: {words}"
