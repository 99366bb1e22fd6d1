"""Calls about anti-social behaviour in a fictional fen: weeks of a few squares, and a burst at the end."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import yaml

from peelian.domain.actor import LOCAL_ANALYST
from peelian.ingest.run import ingest
from peelian.sources import SOURCES
from peelian.store.workspace import Workspace

FORCE: Final = "simulated-fens"
FIRST: Final = datetime(2023, 1, 2, 12)
WEEKS: Final = 64
BURST: Final = 60  # the week in which it begins
PLACES: Final = tuple((400_125 + 250 * (k % 6), 300_125 + 250 * (k // 6)) for k in range(36))
HEADER: Final = "ref,at,known,e,n,kind,place"


def steady() -> list[str]:
    """Give the log of a fen where every square has one call every third week, neither more nor less."""
    out = []
    for week in range(WEEKS):
        for k, (e, n) in enumerate(PLACES):
            at = FIRST + timedelta(days=7 * week + k % 7)
            if (week + k) % 3 == 0:
                known = at + timedelta(hours=1)
                out.append(f"s{len(out)},{at:%Y-%m-%d %H:%M},{known:%Y-%m-%d %H:%M},{e},{n},zq,street")
    return out


def calls(factor: float = 12.0, *, same_point: bool = False, home: bool = False) -> list[str]:
    """Give the log: a call of a square every third week, `factor` times that about square 14 at the end."""
    rng = np.random.default_rng(5)
    lines = []
    for week in range(WEEKS):
        for k, (e, n) in enumerate(PLACES):
            hot = k in (14, 15, 20, 21) and week >= BURST
            for _ in range(rng.poisson(factor / 3 if hot else 1 / 3)):
                at = FIRST + timedelta(days=7 * week + int(rng.integers(0, 7)))
                off = (0, 0) if hot and same_point else rng.integers(-100, 100, 2)
                where = "home" if hot and home else "street"
                known = at + timedelta(hours=1)
                lines.append(f"c{len(lines)},{at:%Y-%m-%d %H:%M},{known:%Y-%m-%d %H:%M},"
                             f"{e + off[0]},{n + off[1]},zq,{where}")  # fmt: skip
    return lines


def deliver_calls(ws: Workspace, folder: Path, lines: list[str]) -> None:
    """Take the log in."""
    rules: dict[str, Any] = {
        "source": "police-incidents", "feed": "police_incidents", "force": FORCE, "controller": "Fens police",
        "columns": {
            "id": "ref", "occurred": "at", "available_at": "known", "easting": "e", "northing": "n",
            "offence": "kind", "setting": "place",
        },
        "time": {"format": "%Y-%m-%d %H:%M", "zone": "Europe/London"}, "precision_m": 20,
        "codes": {"zq": "asb"}, "values": {"setting": {"street": "public", "home": "dwelling"}},
    }  # fmt: skip
    file, mapping = folder / "calls.csv", folder / "calls.map.yaml"
    file.write_text("\n".join([HEADER, *lines]) + "\n")
    mapping.write_text(yaml.safe_dump(rules, sort_keys=False))
    options: dict[str, Any] = {"mapping": str(mapping), "available_at": None}
    report = ingest(
        ws, SOURCES["police_incidents"], [file], options=options, actor=LOCAL_ANALYST,
        purpose="administration",
    )  # fmt: skip
    assert report.to_json()["total"]["quarantined"] == 0, report.to_json()
