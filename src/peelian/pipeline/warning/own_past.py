"""What the detectors found in the area's own past: run on past periods once, and kept in the workspace."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from peelian.domain.contracts import Detector
from peelian.domain.progress import Tick, no_tick
from peelian.domain.series import Series
from peelian.pipeline.warning.detecting import look
from peelian.pipeline.warning.expected import quick_count
from peelian.pipeline.warning.series import LEAST_PERIODS
from peelian.warn.own_past import Past, cut, gathered, levels_of, past_ends

Levels = dict[str, list[float]]


def own_past(
    larger: Series, cells: Series, kept: Path | None, *, seed: int, detectors: Mapping[str, Detector],
    tick: Tick = no_tick,
) -> dict[str, Past]:  # fmt: skip
    """Give what each channel found in past periods, each cut as it was, from `kept` where it is held there.

    `kept` is a file of the area, target and period. A period's findings are held under a digest of all that
    was looked at, so late reports and another version of a detector are looked at anew. None keeps nothing.
    """
    held = _read(kept)
    found: dict[str, Levels] = {}
    ends = past_ends(len(larger.starts), larger.every, LEAST_PERIODS[larger.every])
    for k, end in enumerate(ends):
        tick(f"looking at the past: {larger.every} {k + 1} of {len(ends)}", k / len(ends))
        both = [cut(one, end) for one in (larger, cells)]
        key = digest(both, detectors, seed)
        found[key] = held[key] if key in held else _look(both, detectors, seed)
    if kept is not None and found.keys() - held.keys():
        kept.parent.mkdir(parents=True, exist_ok=True)
        whole = kept.with_suffix(".part")
        whole.write_text(json.dumps(found))
        whole.replace(kept)
    return gathered(found.values())


def _look(both: list[Series], detectors: Mapping[str, Detector], seed: int) -> Levels:
    larger, cells = (replace(one, expected=quick_count(one)) for one in both)
    return levels_of(look(larger, cells, seed=seed, detectors=detectors).found)


def digest(both: list[Series], detectors: Mapping[str, Detector], seed: int) -> str:
    """Give a digest of what is looked at and by whom."""
    out = hashlib.sha256(repr((seed, [(d.SPEC.id, d.SPEC.version) for d in detectors.values()])).encode())
    for one in both:
        said = (one.target, one.every, one.support, one.starts[0], one.end, one.places, one.counts.shape)
        out.update(repr(said).encode())
        for values in (one.counts, one.observed, *(counts for _, counts in one.drivers)):
            out.update(values.tobytes())
    return out.hexdigest()


def past_file(home: Path, area: str, series: Series) -> Path:
    """Give the file in which an area's past is held."""
    code = "".join(c if c.isalnum() or c in "-_" else "-" for c in area)
    return home / "warnings" / "past" / f"{code}-{series.target}-{series.every}.json"


def _read(kept: Path | None) -> dict[str, Levels]:
    """Read what is held; a file that cannot be read is as good as none."""
    if kept is None or not kept.is_file():
        return {}
    try:
        held: dict[str, Levels] = json.loads(kept.read_text())
    except ValueError:
        return {}
    return held
