"""The command about where harm concentrates."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from peelian.cli.forecasts import every_of
from peelian.cli.progress import progress
from peelian.cli.state import STATE, context
from peelian.domain.time import parse_date

_WORDS = {"cell": "squares of the grid", "block": "squares of 1 km", "lsoa": "LSOAs", "msoa": "MSOAs"}


def concentration(
    target: Annotated[str, typer.Option(help="violence, robbery, asb, ...")],
    every: Annotated[str, typer.Option(help="month, week or day.")] = "month",
    origin: Annotated[str | None, typer.Option(help="As it stood on this day (default: the newest).")] = None,
    area: Annotated[str | None, typer.Option(help="A force or area code, or an area file.")] = None,
) -> None:
    """Say how much harm lies in how little of the area, beyond what chance alone gives at such counts."""
    from peelian.pipeline.concentrating import concentration_of

    day = parse_date(origin, name="origin") if origin else None
    with progress("concentration") as tick:
        made = concentration_of(context(), target, every_of(every), day, area, tick)
    print(json.dumps(made) if STATE.json else "\n".join(lines(made)))


def lines(made: dict[str, Any]) -> list[str]:
    """Say it in a table: a line for each scale and measure of size."""
    out = [
        f"{made['title']}, {made['area']}, before {made['origin']}.",
        "Share of harm in the busiest share of places (in brackets what equal places would show by chance):",
        f"{'places':30}{'by':12}{'1 %':>16}{'5 %':>16}{'25 %':>16}{'Gini':>7}{'by chance':>11}{'excess':>8}",
    ]
    for scale in made["scales"]:
        for curve in scale["curves"]:
            at = {s: k for k, s in enumerate(curve["shares"])}
            cells = [
                f"{100 * curve['harm'][at[s]]:.1f} % ({100 * curve['chance'][at[s]]:.1f})"
                for s in (0.01, 0.05, 0.25)
            ]
            name = f"{curve['places']:,} {_name(scale)}"
            told = "".join(f"{c:>16}" for c in cells)
            out.append(
                f"{name:30}{curve['by']:12}{told}{curve['gini']:7.3f}{curve['gini_by_chance']:11.3f}"
                f"{curve['excess']:8.3f}"
            )
    return [*out, *_off_street(made), *_hot(made), *_ranks(made), *_safer(made)]


def _off_street(made: dict[str, Any]) -> list[str]:
    found = [(one, one["off_street"]) for one in made["scales"] if one.get("off_street")]
    return [
        f"{100 * share:.1f} % of harm is in {_name(one)} without a street held: not in the curve by street."
        for one, share in found
    ]


def _ranks(made: dict[str, Any]) -> list[str]:
    out = []
    for level, words in (("cell", "squares"), ("lsoa", "LSOAs")):
        held = made[level]["persistence"]
        if held["pairs"]:
            out.append(
                f"Rankings of {words} from year to year: rank-biased overlap {held['rank_overlap']:.2f} "
                f"(chance: {held['rank_overlap_by_chance']:.2f}, {held['pairs']} pairs of years)."
            )
    return out + [
        f"The last two {one['every']}s, {_name(one)}: F1 of the places that hold half of harm "
        f"{_two(one['last_two']['f1'])}, rank correlation {_two(one['last_two']['spearman'])}."
        for one in made["scales"]
        if "last_two" in one
    ]


def _two(value: float | None) -> str:
    return "not known" if value is None else f"{value:.2f}"


def _name(scale: dict[str, Any]) -> str:
    return _WORDS.get(str(scale["level"]), str(scale["level"]))


def _hot(made: dict[str, Any]) -> list[str]:
    out = []
    for scale in made["scales"]:
        hot, every = scale["hot"], scale["every"]
        if hot["mean_run"] is None:
            continue
        told = ", ".join(f"{n:,} {name}" for name, n in sorted(hot["patterns"].items()) if name != "quiet")
        out.append(
            f"Busiest {100 * hot['share']:.0f} % of {_name(scale)}: hot for {hot['mean_run']:.1f} {every}s "
            f"on end (chance: {hot['mean_run_by_chance']:.2f}); {told or 'none'}."
        )
    return out


def _safer(made: dict[str, Any]) -> list[str]:
    out = ["As the Safer Streets project measures it, the last period alone:"]
    for scale in made["scales"]:
        one = scale["safer_streets"]
        if one:
            out.append(
                f"  {_name(scale)}: Gini {one['naive_gini']:.3f}, by chance "
                f"(Poisson) {one['poisson_gini']:.3f}, modified {one['modified_gini']:.3f}"
            )
    return out
