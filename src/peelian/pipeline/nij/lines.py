"""What the command prints: tables of plain text."""

from __future__ import annotations

from peelian.pipeline.nij.challenge import RAW_SIDE, Block, Outcome, Rivals
from peelian.pipeline.nij.rules import HORIZONS, MILE
from peelian.pipeline.nij.scoring import Score


def told(outcome: Outcome) -> list[str]:
    """Give the lines: back-test beside the raw count, forecasters on one grid, entries, truth if given."""
    out: list[str] = []
    for block in outcome.blocks:
        out += ["", *_block(block)]
    for rivals in outcome.rivals:
        out += ["", *_rivals(rivals)]
    out += ["", f"Entries frozen; SHA-256 of what is filed: {outcome.digest}"]
    for e in outcome.entries:
        t = e.tessellation
        out.append(
            f"  {e.category}, {e.flagged / MILE**2:.4f} sq mi flagged: {int(e.hotspot.sum())} of "
            f"{len(e.keys)} cells of {t.width:g} x {t.height:g} ft turned {t.angle:.1f} degrees"
        )
    if outcome.truth:
        out += ["", "Scored on the later file (one window each: noise, see the back-test)"]
        out += [_truth(*key, score) for key, score in outcome.truth.items()]
    return out


def _block(block: Block) -> list[str]:
    words = ", ".join(f"{k} {v}" for k, v in block.chosen.ranker.words().items() if k != "kind")
    aim = "PAI" if block.aim == "pai" else "PEI*"
    head = f"{'window':10}{'origins':>8}{'n/N':>12}{'PAI (SD)':>16}{'PEI*':>8}"
    out = [
        f"{block.category}, {block.miles} sq mi, for {aim}: cells of {block.chosen.side:g} ft; {words}",
        f"{head}   | raw count, {RAW_SIDE[block.aim]:g} ft: n/N, PAI (SD), PEI* | {aim} gained (95 %)",
    ]
    d = 1 if block.aim == "pai" else 3
    for x in block.lines:
        a, b = x.ours, x.raw
        out.append(
            f"{x.horizon:10}{a.origins:>8}{f'{a.caught:.0f}/{a.events}':>12}"
            f"{f'{a.pai:.1f} ({a.pai_sd:.1f})':>16}{a.pei_star:>8.3f}   | {f'{b.caught:.1f}/{b.events}':>11}"
            f"{f'{b.pai:.1f} ({b.pai_sd:.1f})':>15}{b.pei_star:>7.3f} | "
            f"{x.gain.value:+.{d}f} ({x.gain.low:+.{d}f} to {x.gain.high:+.{d}f})"
        )
    return out


def _rivals(rivals: Rivals) -> list[str]:
    names = "".join(f"{h.name:>20}" for h in HORIZONS)
    out = [
        f"{rivals.category}, {rivals.miles} sq mi, one square grid of 250 ft: pooled PAI before / in the "
        "scored year",
        f"{'ranked by':16}{names}",
    ]
    for name, before in rivals.before.items():
        pairs = zip(before, rivals.scored[name], strict=True)
        out.append(f"{name:16}" + "".join(f"{f'{a:.1f} / {b:.1f}':>20}" for a, b in pairs))
    return out


def _truth(category: str, miles: float, horizon: str, one: Score) -> str:
    return (
        f"  {category:9} {miles} sq mi {horizon:9} n/N {one.caught:.0f}/{one.events}, PAI {one.pai:.1f}, "
        f"PEI* {one.pei_star:.3f}"
    )
