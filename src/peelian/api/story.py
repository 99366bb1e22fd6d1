"""The story of a run in a sentence, computed from its own files, and two places to look at first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from peelian.api import quantise
from peelian.api.languages import language, later, plain, told
from peelian.api.places import place_row
from peelian.api.register_notice import register_notice
from peelian.api.run_folder import Run
from peelian.api.wording import next_periods, percent
from peelian.domain.grid import Floats

_FIRST, _TOP_SHARE = 20, 0.05


@dataclass(frozen=True)
class HalfIn:
    """Half of a total lies in this share of places."""

    share: float
    places: int


def half_in(values: Floats, of: int) -> HalfIn | None:
    """Give the smallest share of `of` places that holds half of the total; None where the total is zero."""
    held = np.sort(values[np.isfinite(values)])[::-1]
    total = float(held.sum())
    if total <= 0:
        return None
    places = int(np.searchsorted(np.cumsum(held), total / 2 - 1e-12)) + 1
    return HalfIn(places / of, places)


def story(run: Run) -> dict[str, Any]:
    """Give the sentence, last year's plain count beside it, two places, and what the audit must say."""
    certain, doubtful = pick_two(run)
    return {
        "sentence": sentence(run),
        "plain_sentence": plain_sentence(run),
        "certain": _pick(run, certain),
        "doubtful": _pick(run, doubtful),
        "no_data": no_data(run),
        "hatched": unheld(run) > 0 and run.base is run,
        "audit": " ".join(one for one in (run.audit.sentence, register_notice()) if one),
    }


def ahead(run: Run) -> str:
    """Say how far ahead the story looks: all steps of one period, or the first of windows that overlap."""
    return next_periods(str(run.card["every"]), run.steps if run.window == 1 else run.window)


def sentence(run: Run) -> str:
    """Say how concentrated the forecast is."""
    expected = expected_ahead(run)
    half = half_in(expected, int(np.isfinite(expected).sum()))
    if half is None:
        return plain(
            "No {counted} is expected in {ahead}: nothing was recorded to forecast from.",
            counted=run.title, ahead=ahead(run),
        )  # fmt: skip
    return plain(
        "Half of {counted} expected in {ahead} is in {share} of places ({n} {places}).",
        counted=_the(run.title), ahead=ahead(run), share=percent(half.share), n=f"{half.places:,}",
        places=run.place_words,
    )  # fmt: skip


def plain_sentence(run: Run) -> str:
    """Say the same of last year's plain count, and how far the two agree."""
    half = half_in(run.last_year, int(np.isfinite(run.last_year).sum()))
    if half is None:
        return plain("No count of last year is held to set beside it.")
    said = plain(
        "Last year, counted plainly, half of it was in {share} of places ({n} {places}).",
        share=percent(half.share), n=f"{half.places:,}", places=run.short_words,
    )  # fmt: skip
    ours = half_in(expected_ahead(run), len(run.cells))
    if ours is None:
        return said
    top = np.argsort(-np.nan_to_num(expected_ahead(run), nan=-1.0), kind="stable")[: ours.places]
    total = float(np.nansum(run.last_year))
    held = percent(float(np.nansum(run.last_year[top])) / total)
    return told(f"{said} {plain(_NAMED.get(run.level, _NAMED['cell']), share=held)}")


_NAMED: Final = {
    "cell": later("The squares named by the forecast held {share} of last year's count."),
    "lsoa": later("The neighbourhoods named by the forecast held {share} of last year's count."),
}


def expected_ahead(run: Run) -> Floats:
    """Give the number expected over what `ahead` says, NaN where nothing is held, (C,)."""
    if run.window > 1:
        first: Floats = run.mean[0]
        return first
    missing = ~np.isfinite(run.mean).any(axis=0)
    return np.where(missing, np.nan, np.nansum(run.mean, axis=0))


def unheld(run: Run) -> int:
    """Count the squares of which nothing is held."""
    return int((~np.isfinite(run.base.mean)).all(axis=0).sum())


def no_data(run: Run) -> str:
    """Say where nothing is held."""
    missing = unheld(run)
    if not missing:
        return plain("Every place in the area has records to forecast from.")
    n, total = f"{missing:,}", f"{len(run.base.cells):,}"
    if run.base is not run:
        return plain(
            "{n} of {total} squares have no records held: they are in no number of the {places}, and one "
            "made of such squares alone is not drawn.", n=n, total=total, places=run.place_words,
        )  # fmt: skip
    return plain("{n} of {total} places have no records held: drawn hatched, not zero.", n=n, total=total)


def pick_two(run: Run) -> tuple[int, int]:
    """Give positions of a sure and a doubtful place among those with most expected in the first window.

    Sure: of the first 20, the one whose rate varies least (sqrt of the dispersion). Doubtful: of the first
    5 % of places (at least 20), the one whose chance has the widest bounds.
    """
    order: npt.NDArray[np.int64] = run.order[0]
    held = order[np.isfinite(run.mean[0][order])]
    if len(held) == 0:
        return 0, 0
    low, high = (bound[0] for bound in run.chance_bounds)
    width = high - low
    first, top = held[:_FIRST], held[: max(_FIRST, int(len(held) * _TOP_SHARE))]
    level = quantise.certainty(run.dispersion[0][first]).astype(int)
    certain = int(first[np.lexsort((width[first], -level))[0]])
    others = top[top != certain] if len(top) > 1 else top
    return certain, int(others[int(np.argmax(width[others]))])


def _pick(run: Run, at: int) -> dict[str, Any]:
    row = place_row(run, at, 0, 0)
    return {"cell": row.cell, "name": row.name, "words": row.words, "certainty": row.certainty}


def _the(title: str) -> str:
    """Fit a title into a sentence; what it leaves out in brackets stands in the page's own title."""
    short = re.sub(r" \((?:not domestic|nid domestig)[^)]*\)", "", title)
    return short if short.startswith("all ") or language() != "en" else f"the {short}"
