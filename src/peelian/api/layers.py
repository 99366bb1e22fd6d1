"""The layers of a run: what each shows, its fixed classes and its bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import Any, Final

import numpy as np

from peelian.api import quantise
from peelian.api.languages import later, plain
from peelian.api.run_folder import Run
from peelian.api.wording import CERTAINTY_LABELS
from peelian.api.year_before import beyond
from peelian.domain.errors import NotFound
from peelian.domain.grid import Floats

CHANCE_BREAKS: Final = (0.02, 0.05, 0.1, 0.2, 0.4, 0.6)
_CHANCE_LABELS: Final = (
    later("less than 1 in 50"), later("1 in 50 to 1 in 20"), later("1 in 20 to 1 in 10"),
    later("1 in 10 to 2 in 10"), later("2 in 10 to 4 in 10"), later("4 in 10 to 6 in 10"),
    later("6 in 10 or more"),
)  # fmt: skip
_TINY: Final = 1e-9
DOUBT_LABELS: Final = (*tuple(reversed(CERTAINTY_LABELS))[:6], later("very doubtful or hardly known"))


@dataclass(frozen=True)
class Said:
    """The English of a layer's texts, as in the catalogue; `values` stand in `words`."""

    title: str
    unit: str
    words: str
    values: dict[str, str] = field(default_factory=dict)


def _fixed(labels: Sequence[str]) -> Callable[[], tuple[str, ...]]:
    return lambda: tuple(plain(one) for one in labels)


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer: `body` is steps x rows x columns bytes, `etag` names that content.

    It is kept for readers of either language, so `said` holds the English of title, unit and words, and
    `classes` names the classes anew for each.
    """

    id: str
    said: Said
    steps: int
    breaks: tuple[float, ...]
    classes: Callable[[], tuple[str, ...]]
    body: bytes
    etag: str

    @property
    def title(self) -> str:
        """Name it in the reader's language."""
        return plain(self.said.title)

    @property
    def words(self) -> str:
        """Say what it shows."""
        return plain(self.said.words, **self.said.values)

    @property
    def labels(self) -> tuple[str, ...]:
        """Name its classes."""
        return self.classes()

    def entry(self, run: str, view: str = "cell") -> dict[str, Any]:
        """Give the manifest's entry."""
        level = "" if view == "cell" else f"&level={view}"
        return {
            "id": self.id, "title": self.title, "unit": plain(self.said.unit), "words": self.words,
            "steps": self.steps,
            "url": f"/api/v1/runs/{run}/layers/{self.id}.u8?v={self.etag}{level}",
            "breaks": list(self.breaks), "labels": list(self.labels),
        }  # fmt: skip


def expected(run: Run) -> Layer:
    """Give the number expected in each window."""
    breaks = quantise.breaks_of(run.mean)
    packed = quantise.pack(quantise.classes(run.mean, breaks), quantise.certainty(run.dispersion))
    said = Said(
        later("Number expected"), later("expected number"),
        later("how many are expected here; paler where we are less sure"),
    )  # fmt: skip
    return _layer(run, "expected", said, breaks, partial(range_labels, breaks), packed)


def chance(run: Run) -> Layer:
    """Give the chance of one or more in each window."""
    packed = quantise.pack(quantise.classes(run.p_any, CHANCE_BREAKS), quantise.certainty(run.dispersion))
    said = Said(
        later("Chance of one or more"), later("chance"),
        later("the chance that there is one or more here; paler where we are less sure"),
    )  # fmt: skip
    return _layer(run, "chance", said, CHANCE_BREAKS, _fixed(_CHANCE_LABELS), packed)


def past(run: Run) -> Layer:
    """Give the number recorded last year: one step, no doubt."""
    values = run.last_year[None, :]
    breaks = quantise.count_breaks(values)
    packed = quantise.pack(quantise.classes(values, breaks), np.full(values.shape, 7, np.uint8))
    words = str(run.card.get("last_year_words") or later("recorded over the past year"))
    said = Said(later("Recorded last year"), later("recorded number"), words)
    return _layer(run, "past", said, breaks, partial(count_labels, breaks), packed)


def doubt(run: Run) -> Layer:
    """Give how unsure the forecast is: class 1 surest."""
    held: Floats = np.where(np.isfinite(run.mean), run.dispersion, np.nan)
    breaks = quantise.DOUBT_BREAKS[:6]
    packed = quantise.pack(quantise.classes(np.sqrt(held), breaks), np.full(held.shape, 7, np.uint8))
    said = Said(later("Doubt"), later("doubt"), later("how unsure the forecast is here, whatever the number"))
    return _layer(run, "doubt", said, breaks, _fixed(DOUBT_LABELS), packed)


COVERAGE_BREAKS: Final = (0.25, 0.5, 0.75, 1.0)
_COVERAGE_LABELS: Final = (
    later("under a quarter of it"), later("a quarter to half"), later("half to three quarters"),
    later("most of it"), later("all of it"),
)  # fmt: skip


def covered(run: Run) -> Layer:
    """Give the share of the last year that was published of each place: one step; none of it is no data."""
    values = run.coverage[None, :]
    packed = quantise.pack(
        quantise.classes(np.where(values > 0, values, np.nan), COVERAGE_BREAKS),
        np.full(values.shape, 7, np.uint8),
    )
    said = Said(
        later("Coverage"), later("share of the last year held"),
        later("how much of the last year was published here; hatched where nothing was: missing, not zero"),
    )  # fmt: skip
    return _layer(run, "coverage", said, COVERAGE_BREAKS, _fixed(_COVERAGE_LABELS), packed)


def change(run: Run) -> Layer:
    """Give expected less recorded in the same days a year before; the middle class is usual variation.

    A place is in the middle where last year's count lies in the forecast's likely range (5 % to 95 %).
    """
    values = beyond(run.mean, run.q05, run.q95, run.year_before)
    cut = change_breaks(values)
    nudged = np.where(values == 0, 0.0, np.where(values > 0, np.maximum(values, _TINY), values))
    breaks = (*(-part for part in reversed(cut)), -_TINY, _TINY, *cut)
    packed = quantise.pack(quantise.classes(nudged, breaks), np.full(values.shape, 7, np.uint8))
    said = Said(
        later("Change"), later("difference"),
        later("expected, less what was recorded in the same days a year before; grey is usual variation"),
    )  # fmt: skip
    return _layer(run, "change", said, breaks, partial(change_labels, cut), packed)


def harm(run: Run) -> Layer:
    """Give the harm expected in each window, by the weights the run was made with.

    Raises:
        NotFound: the run was made without harm weights.
    """
    if run.harm is None:
        raise NotFound("this run was not weighed by harm", do="make one with `peelian forecast --harm`")
    breaks = quantise.breaks_of(run.harm)
    packed = quantise.pack(quantise.classes(run.harm, breaks), quantise.certainty(run.dispersion))
    source = str(run.card.get("harm", {}).get("source", "the weights held"))
    said = Said(
        later("Expected harm"), later("harm weight"),
        later("expected number times its harm weight ({source}); paler where we are less sure"),
        {"source": source},
    )  # fmt: skip
    return _layer(run, "harm", said, breaks, partial(range_labels, breaks), packed)


_FRAGILE_LABELS: Final = (
    later("not among the top 5 %, either way"), later("among the top 5 %, either way"),
    later("hangs on how much is reported"),
)  # fmt: skip


def fragile(run: Run) -> Layer:
    """Give which places stay among the top 5 % if a fifth more or less were reported there, and which do not.

    Raises:
        NotFound: it was not worked out for this run, or not for larger places.
    """
    values = reporting(run)
    packed = quantise.pack(quantise.classes(values, (0.5, 1.5)), np.full(values.shape, 7, np.uint8))
    said = Said(
        later("Reporting"), later("flagged"),
        later(
            "which places would stay among the top 5 % if reporting differed by a fifth between kinds of area"
        ),
    )  # fmt: skip
    return _layer(run, "fragile", said, (0.5, 1.5), _fixed(_FRAGILE_LABELS), packed)


def reporting(run: Run) -> Floats:
    """Give 0 (not among the top 5 %), 1 (among them) or 2 (hangs on reporting), (H, C); NaN: nothing held.

    Raises:
        NotFound: it was not worked out for this run, or not for larger places.
    """
    if run.fragile is None:
        raise NotFound("fragile places were not worked out here", do="make a new run with `peelian forecast`")
    top = max(round(0.05 * int(np.isfinite(run.mean[0]).sum())), 1)
    cut = np.array(
        [row[order[min(top, len(order)) - 1]] for row, order in zip(run.mean, run.order, strict=True)]
    )
    values = np.where(run.fragile, 2.0, (run.mean >= cut[:, None]).astype(np.float64))
    return np.where(np.isfinite(run.mean), values, np.nan)


LAYERS: Final[dict[str, Callable[[Run], Layer]]] = {
    "expected": expected, "chance": chance, "change": change, "past": past, "doubt": doubt,
    "coverage": covered, "harm": harm, "fragile": fragile,
}  # fmt: skip


def offered(run: Run) -> tuple[str, ...]:
    """Name the layers a run has: change where a year before is held, harm and fragile where worked out."""
    lacks = {"change"} if not np.isfinite(run.year_before).any() else set()
    lacks |= {"harm"} if run.harm is None else set()
    lacks |= {"fragile"} if run.fragile is None else set()
    return tuple(name for name in LAYERS if name not in lacks)


def layer_named(name: str) -> Callable[[Run], Layer]:
    """Look a layer up.

    Raises:
        NotFound: with the known ids.
    """
    if name not in LAYERS:
        raise NotFound("there is no such layer", expected=", ".join(LAYERS))
    return LAYERS[name]


def range_labels(breaks: Sequence[float]) -> tuple[str, ...]:
    """Name classes of expected numbers.

    >>> range_labels((0.1, 0.5))
    ('under 0.1', '0.1 to 0.5', '0.5 or more')
    """
    if not breaks:
        return (plain("none expected"),)
    return tuple(_sizes([f"{cut:g}" for cut in breaks]))


def _sizes(text: Sequence[str]) -> list[str]:
    """Name the classes that some breaks part."""
    middle = [plain("{low} to {high}", low=low, high=high) for low, high in pairwise(text)]
    return [plain("under {n}", n=text[0]), *middle, plain("{n} or more", n=text[-1])]


def change_breaks(values: Floats) -> tuple[float, ...]:
    """Give at most two rising breaks of the size of change, from the places with more than usual change."""
    sizes = np.abs(values[np.isfinite(values) & (values != 0)])
    if len(sizes) == 0:
        return ()
    return tuple(sorted({quantise.nice(float(cut)) for cut in np.quantile(sizes, (0.5, 0.9))} - {0.0}))


def change_labels(cut: Sequence[float]) -> tuple[str, ...]:
    """Name classes of change, from the largest fall to the largest rise.

    >>> change_labels((3.0, 8.0))[:3], change_labels((3.0, 8.0))[3]
    (('fewer by 8 or more', 'fewer by 3 to 8', 'fewer by under 3'), 'within usual variation')
    """
    text = [f"{part:g}" for part in cut]
    if not text:
        return (plain("fewer"), plain("within usual variation"), plain("more"))
    sizes = _sizes(text)
    fewer = [plain("fewer by {size}", size=size) for size in sizes]
    more = [plain("more by {size}", size=size) for size in sizes]
    return (*reversed(fewer), plain("within usual variation"), *more)


def count_labels(breaks: Sequence[float]) -> tuple[str, ...]:
    """Name classes of whole counts.

    >>> count_labels((1.0, 2.0, 5.0))
    ('none', '1', '2 to 4', '5 or more')
    """
    whole = [round(cut) for cut in breaks]
    middle = [
        str(low) if high - low == 1 else plain("{low} to {high}", low=low, high=high - 1)
        for low, high in pairwise(whole)
    ]
    return (plain("none"), *middle, plain("{n} or more", n=whole[-1]))


def _layer(
    run: Run, name: str, said: Said, breaks: Sequence[float], classes: Callable[[], tuple[str, ...]],
    packed: quantise.Bytes,
) -> Layer:  # fmt: skip
    body = quantise.Block(run.grid, run.cells).spread(packed).tobytes()
    etag = hashlib.sha256(body).hexdigest()[:24]
    return Layer(name, said, len(packed), tuple(breaks), classes, body, etag)
