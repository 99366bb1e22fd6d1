"""A small ledger of three agencies' reports of a fictional fen, written by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import yaml

from peelian.domain.actor import LOCAL_ANALYST
from peelian.ingest.run import ingest
from peelian.sources import SOURCES
from peelian.store.workspace import Workspace

FORCE: Final = "simulated-fens"
START: Final = datetime(2023, 1, 2, 12)
GROUP: Final = {
    "police_crime": "violence", "ambulance": "ambulance-assault", "emergency_department": "ed-assault",
}  # fmt: skip
HEADER: Final = "ref,at,known,e,n,kind,place,dv,lsoa,status"


@dataclass(frozen=True)
class Report:
    """One line of a feed: `known` is when the partner made it available (default: an hour after)."""

    ref: str
    at: datetime
    e: int = 400_000
    n: int = 300_000
    known: datetime | None = None
    place: str = "street"
    dv: str = "N"
    lsoa: str = ""
    status: str = "stands"

    def line(self) -> str:
        """Give it as CSV."""
        known = self.known or self.at + timedelta(hours=1)
        when = f"{self.at:%Y-%m-%d %H:%M},{known:%Y-%m-%d %H:%M}"
        return f"{self.ref},{when},{self.e},{self.n},zq,{self.place},{self.dv},{self.lsoa},{self.status}"


def mapping(feed: str) -> dict[str, Any]:
    """Give the mapping of a feed's lines."""
    return {
        "source": feed.replace("_", "-"), "feed": feed, "force": FORCE, "controller": "Fens partners",
        "columns": {
            "id": "ref", "occurred": "at", "available_at": "known", "easting": "e", "northing": "n",
            "offence": "kind", "setting": "place", "domestic": "dv", "lsoa": "lsoa", "status": "status",
        },
        "time": {"format": "%Y-%m-%d %H:%M", "zone": "Europe/London"}, "precision_m": 50,
        "codes": {"zq": GROUP[feed]},
        "values": {
            "setting": {"street": "public", "home": "dwelling"}, "domestic": {"Y": "yes", "N": "no"},
            "status": {"gone": "retract", "stands": "stands"},
        },
    }  # fmt: skip


def deliver(ws: Workspace, folder: Path, feed: str, reports: Sequence[Report], name: str = "one") -> None:
    """Take a feed's file in."""
    file, rules = folder / f"{feed}-{name}.csv", folder / f"{feed}.map.yaml"
    file.write_text("\n".join([HEADER, *(report.line() for report in reports)]) + "\n")
    rules.write_text(yaml.safe_dump(mapping(feed), sort_keys=False))
    options: dict[str, Any] = {"mapping": str(rules), "available_at": None}
    report = ingest(ws, SOURCES[feed], [file], options=options, actor=LOCAL_ANALYST, purpose="administration")
    assert report.to_json()["total"]["quarantined"] == 0, report.to_json()


def place(k: int) -> tuple[int, int]:
    """Give the k-th of places 3 km apart and more, so that no two are ever one."""
    return 400_000 + 3_000 * (k % 12), 300_000 + 3_000 * (k // 12 % 12)


def event(k: int, ref: str, minutes: int = 0, off: int = 0, **change: Any) -> Report:
    """Give a report of the k-th event, one event every third day."""
    e, n = place(k)
    at = START + timedelta(days=3 * k, minutes=minutes)
    return Report(**({"ref": ref, "at": at, "e": e + off, "n": n} | change))


EVENTS: Final = 140


def police() -> list[Report]:
    """Give a report of every event."""
    return [event(k, f"p{k}") for k in range(EVENTS)]


def ambulance() -> list[Report]:
    """Give one of every second event, ten minutes later and 60 m off."""
    return [event(k, f"a{k}", 10, 60) for k in range(0, EVENTS, 2)]


def hospital() -> list[Report]:
    """Give one of every seventh event."""
    return [event(k, f"h{k}", 50, 80) for k in range(0, EVENTS, 7)]
