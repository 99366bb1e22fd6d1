"""The commands `link` and `overlap`: one incident from many reports, and who saw what."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from peelian.cli.overlap_lines import overlap_lines
from peelian.cli.progress import progress
from peelian.cli.state import STATE, context

Force = Annotated[str | None, typer.Option(help="Force code, where several are held.")]


def link(
    force: Force = None,
    review: Annotated[bool, typer.Option("--review", help="List uncertain pairs, or decide one.")] = False,
    same: Annotated[tuple[str, str] | None, typer.Option(help="Two keys: they are one incident.")] = None,
    different: Annotated[
        tuple[str, str] | None, typer.Option(help="Two keys: they are two incidents.")
    ] = None,
) -> None:
    """Find which reports of several agencies are of one incident."""
    from peelian.pipeline import linking

    if same or different:
        for pair, decision in ((same, "same"), (different, "different")):
            if pair:
                linking.review(context(), *pair, decision, force)
        print(json.dumps({"kept": True}) if STATE.json else "Kept. It counts from the next linking on.")
        return
    if review:
        rows = linking.queue(context(), force)
        if STATE.json:
            print(json.dumps(rows))
        elif not rows:
            print("No pair of reports waits for review.")
        else:
            for row in rows:
                print(
                    f"{row['left']} {row['right']}: chance {row['chance']:.0%}, {row['metres_apart']} m and"
                    f" {row['minutes_apart']} minutes apart\n    {row['first']}\n    {row['second']}"
                )
            print("Decide with: peelian link --same LEFT RIGHT, or --different LEFT RIGHT")
        return
    with progress("link") as tick:
        run = linking.link(context(), force, tick)
    card = run.card
    if STATE.json:
        print(json.dumps({"id": run.id, **card}))
        return
    expected = card["expected_incidents_of_linkable"]
    print(f"{card['reports']:,} reports of {card['force']} are of {card['incidents']:,} incidents.")
    for words, n in card["by_pattern"].items():
        print(f"  seen by {words}: {n:,}")
    print(
        f"{card['linkable']:,} reports say enough to be linked; they are of {expected['mean']:,.0f} incidents"
        f" (nine in ten draws: {expected['from']:,.0f} to {expected['to']:,.0f})."
    )
    print(f"{card['uncertain_pairs']:,} pairs are uncertain: see peelian link --review. Run {run.id}.")


def overlap(
    force: Force = None,
    by: Annotated[str, typer.Option(help="area or lsoa.")] = "area",
    unseen: Annotated[
        bool, typer.Option("--unseen", help="A range of what nobody saw, for analysts only.")
    ] = False,
    dependence: Annotated[str, typer.Option(help="Odds ratios assumed between two sources.")] = "0.5..3",
) -> None:
    """Say by area how many incidents each agency saw, alone and together."""
    from peelian.cli.show import table
    from peelian.pipeline import overlapping

    if unseen:
        rows = overlapping.unseen_range(context(), force, dependence=_range(dependence))
        if STATE.json:
            print(json.dumps(rows))
            return
        table(rows)
        print(
            "Incidents that neither of two sources saw, IF being seen by one multiplies the odds of being\n"
            "seen by the other as assumed. No data here can check the assumption, and links that are wrong\n"
            "move the figures too. From and to are chance alone. For analysts; in no map, forecast or file."
        )
        return
    rows = overlapping.shown_rows(overlapping.overlap_table(context(), force, by=by))
    if STATE.json:
        print(json.dumps(rows))
    elif not rows:
        print("No reports to compare.")
    else:
        print("\n".join(overlap_lines(rows)))
        if overlapping.changed_since(context(), force):
            print("The ledger has changed since these were linked: run peelian link again.")


def _range(text: str) -> tuple[float, float]:
    from peelian.domain.errors import Misuse

    try:
        low, high = (float(part) for part in text.split(".."))
    except ValueError:
        raise Misuse("--dependence is not a range", expected="two numbers, such as 0.5..3") from None
    return low, high
