"""From what the detectors found to few warnings: the room `warn` decides, over all of them at once."""

from __future__ import annotations

import hashlib
from datetime import date

from peelian.domain.warning import EarlyWarning
from peelian.pipeline.warning.detecting import Looked


def combined(looked: Looked, *, area: str, as_of: date, seed: int) -> tuple[EarlyWarning, ...]:
    """Give the warnings that all detectors' findings make together."""
    out = []
    for series, found in looked.found.values():
        for s in found.signals:
            if s.p * len(series.places) * len(looked.found) > 12 / 52:
                continue
            name = hashlib.sha256(f"{area}{s.target}{s.places}{s.start}".encode()).hexdigest()[:16]
            out.append(
                EarlyWarning(
                    name,
                    "rise",
                    s.target,
                    "More reports",
                    area,
                    s.support,
                    s.places,
                    s.places,
                    s.easting,
                    s.northing,
                    s.radius_m,
                    s.start,
                    as_of,
                    s.observed,
                    s.expected,
                    s.observed / max(s.expected, 0.1),
                    None if s.distinct is None else s.distinct / max(s.expected, 0.1),
                    s.p,
                    s.p * len(series.places) * len(looked.found),
                    (s.detector,),
                    (s.why,),
                )
            )
    return tuple(sorted(out, key=lambda one: one.p))
