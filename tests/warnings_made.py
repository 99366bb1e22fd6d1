"""Made-up warnings for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from peelian.domain.warning import Check, Counted, EarlyWarning, Similar

_WEEKS = tuple(
    Counted(date(2026, 8, 3) + timedelta(weeks=k), seen, 4.0)
    for k, seen in enumerate((3, 5, 4, 2, 6, None, 4, 5, 9, 14, 12))
)  # fmt: skip
BASE = EarlyWarning(
    id="w1", kind="rise", target="asb", title="More reports near High Street, Marsh", area="SIM1",
    support="cell", places=("100", "101"), names=("High Street", "Mill Lane"), easting=500_125.0,
    northing=250_125.0, radius_m=450.0, start=date(2026, 9, 28), as_of=date(2026, 10, 19), observed=35.0,
    expected=12.0, strength=35 / 12, strength_distinct=30 / 12, p=1e-5, false_alarms_a_week=0.02,
    detectors=("scan", "farrington"), set_off_by=("35 reports in three weeks where 12 were expected",),
    checks=(Check("feed", True, "the feed spoke every day"), Check("lag", False, "2 days may be late")),
    similar=(Similar("w0", date(2026, 3, 2), "Mill Lane", 2.1, "problem confirmed", "fell back in 4 weeks"),),
    counts=_WEEKS,
)  # fmt: skip


def made(id_: str = "w1", **changes: Any) -> EarlyWarning:
    """A warning with some of its parts changed."""
    return replace(BASE, id=id_, **changes)


def repeats(id_: str = "r1", **changes: Any) -> EarlyWarning:
    """A warning made of repeats at one point, by its LSOA."""
    parts = {
        "kind": "repeats", "support": "lsoa", "places": ("E01000001",), "names": ("Marsh 001A",),
        "plannable": False, "title": "Reports at 12 Mill Lane", "strength_distinct": 1.0,
    }  # fmt: skip
    return made(id_, **parts | changes)
