"""The backtest as a table in the terminal."""

from __future__ import annotations

import math

from rich import box
from rich.table import Table
from rich.text import Text

from peelian.evaluate.consistent_origins import consistency_words
from peelian.evaluate.doubt import doubt_words
from peelian.evaluate.result import BacktestResult, ModelScore


def render(result: BacktestResult) -> Table:
    """Give the table, which fits 80 columns: a row a forecaster, the rival named, the noise ceiling last."""
    table = Table(
        title=headline(result), caption=notes(result), caption_justify="left", box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0), pad_edge=False, title_justify="left", title_style="bold", caption_style="",
    )  # fmt: skip
    table.add_column("forecaster")
    table.add_column("log-score gain\nper event", justify="right", no_wrap=True)
    for share in result.shares:
        table.add_column(f"{percent(share)}\nPAI", justify="right", no_wrap=True)
    table.add_column("slope\nbias", justify="right", no_wrap=True)
    for model in sorted(result.models, key=lambda m: -m.log_score):
        table.add_row(*_row(result, model))
    ceiling = [f"{100 * rate:.1f}" for rate in result.ceiling.hit_rate]
    table.add_row("noise ceiling", "", *ceiling, "", style="dim")
    return table


def _row(result: BacktestResult, model: ModelScore) -> list[str | Text]:
    served = model.id == result.verdict.served
    name = Text(model.id + ("\nserved" if served else ""), style="bold" if served else "")
    low_high = f"{model.gain.low:+.3f} to {model.gain.high:+.3f}"
    gain = "the rival" if model.id == result.rival else f"{model.gain.value:+.3f}\n{low_high}"
    caught = [f"{100 * c.hit_rate:.1f}\n{c.pai:.1f}" for c in model.capture]
    fit = f"{number(model.calibration.slope)}\n{signed_percent(model.calibration.bias)}"
    return [name, gain, *caught, fit]


def headline(result: BacktestResult) -> str:
    """Say in one line what was asked."""
    span = f"{result.origins[0]} to {result.origins[-1]}"
    return f"{result.target} by {result.every}, {len(result.origins)} origins, {span}"


def notes(result: BacktestResult) -> str:
    """Say what stands behind the figures: events, area, lag, intervals, what was left out."""
    lines = [
        "Gain: log score per event over the rival, in nats, with its 95 % interval. Under 1 %: per cent of "
        "events caught in the first 1 % of the area, and PAI, how many times better than chance.",
        f"{result.events:,.0f} events in {result.cells:,} cells ({result.km2:,.0f} km²). {lag_words(result)}",
        f"Rival: {result.model(result.rival).title}, the plain count of the best log score on "
        f"{len(result.warmup)} origins before the window. Intervals: {result.intervals}.",
        "Noise ceiling: what the true rates would catch, were the served forecast's rates the truth.",
    ]
    lines += tests(result)
    if result.unobserved > 0:
        lines.append(
            f"{percent(result.unobserved)} of cells and windows were not published and are not scored."
        )
    lines += [f"Not scored: {why}." for why in result.dropped]
    lines += [f"Not run: {why}." for why in result.skipped]
    return "\n".join(lines)


def tests(result: BacktestResult) -> list[str]:
    """Say of the candidate (else the rival): ranked score, consistency, doubt, steadiness, the best set."""
    best, held = result.model(result.verdict.candidate or result.rival), result.confidence_set
    g = best.ranked_gain
    lines = [f"{best.id}: {consistency_words(best.consistency)}"]
    if best.id != result.rival:
        lines.append(
            f"Ranked probability score {best.ranked:.4f} per event, better than the rival's by "
            f"{g.value:+.4f} ({g.low:+.4f} to {g.high:+.4f})."
        )
    if best.doubt:
        lines.append(f"PIT by {best.doubt[0].level}: {doubt_words(best.doubt[0])}.")
    if best.stability:
        one, rival = best.stability[0], result.model(result.rival).stability[0]
        lines.append(
            f"First 1 %: {percent(one.overlap)} of the list stays from origin to origin "
            f"(the rival's {percent(rival.overlap)})."
        )
    members = held.why_not or ", ".join(held.members)
    lines.append(f"Model confidence set, 90 %: {members}.")
    return lines


def lag_words(result: BacktestResult) -> str:
    """Say how late the data are taken to be."""
    if result.lag == 0:
        return f"Lag 0: as if the {result.every} before each origin were already held."
    return f"Lag {result.lag}: the last {result.lag} {result.every}s before each origin withheld."


def percent(share: float) -> str:
    """Write a share as a percentage.

    >>> percent(0.005), percent(0.1234), percent(0.1)
    ('0.5 %', '12.3 %', '10 %')
    """
    return f"{100 * share:.1f}".removesuffix(".0") + " %"


def signed_percent(share: float) -> str:
    """Write a bias as a percentage with its sign."""
    return "unknown" if math.isnan(share) else f"{100 * share:+.1f} %"


def number(value: float) -> str:
    """Write a number, or that it cannot be told."""
    return "unknown" if math.isnan(value) else f"{value:.2f}"
