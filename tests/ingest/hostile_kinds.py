"""40 feeds of barred kinds: twenty show by their columns, twenty by what they or their rows are called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class BarredFeed:
    """One feed: its kind, columns beside the harmless ones, what its rows are called, the mapping's names."""

    kind: str
    columns: tuple[str, ...] = ()
    called: str = ""  # the value of a type column
    source: str = "sim-extract"
    title: str = ""
    file: str = "extract"
    discard: tuple[str, ...] = ()


BY_COLUMNS: Final = [
    BarredFeed("stop-and-search", ("Object of search", "Outcome", "Legislation")),
    BarredFeed(
        "stop-and-search",
        ("Grounds for stop", "Searching officer"),
        discard=("Grounds for stop", "Searching officer"),
    ),
    BarredFeed("arrests", ("Arrest date", "Arrest offence", "Station")),
    BarredFeed("custody", ("Custody suite", "Detention authorised")),
    BarredFeed("intelligence", ("Source evaluation", "Information evaluation", "Provenance")),
    BarredFeed("gangs", ("Gang name", "Matrix RAG")),
    BarredFeed("anpr", ("ANPR camera", "Read time")),
    BarredFeed("facial-recognition", ("Watchlist", "Match score")),
    BarredFeed("social-media", ("post_url", "sentiment")),
    BarredFeed("phone-location", ("Cell ID", "Azimuth", "Dwell time")),
    BarredFeed("nominals", ("Wanted status", "Risk band")),
    BarredFeed("offender-management", ("MAPPA level", "Supervision level")),
    BarredFeed("informants", ("CHIS ref", "Handler")),
    BarredFeed("immigration", ("Visa status", "Entry date")),
    BarredFeed("prevent", ("Channel panel", "Concern type")),
    BarredFeed("benefits", ("Benefit type", "Award amount")),
    BarredFeed("victims", ("DASH score", "Support accepted")),
    BarredFeed("health-records", ("ICD10", "Referral source")),
    BarredFeed("children", ("Care order", "Placement type")),
    BarredFeed("association", ("Known associate", "Link strength")),
]
BY_NAMES: Final = [
    BarredFeed("stop-and-search", called="Stop and Search"),
    BarredFeed("stop-and-search", source="stop-search-2025"),
    BarredFeed("arrests", called="Arrest"),
    BarredFeed("arrests", file="2025-03-arrests"),
    BarredFeed("custody", title="Custody log of the northern suite"),
    BarredFeed("intelligence", called="Intel report"),
    BarredFeed("intelligence", source="intel"),
    BarredFeed("gangs", title="Gangs matrix, quarterly"),
    BarredFeed("anpr", called="ANPR reads"),
    BarredFeed("facial-recognition", file="lfr_hits"),
    BarredFeed("social-media", title="Social listening, town centre"),
    BarredFeed("phone-location", source="cell-site"),
    BarredFeed("nominals", file="violent offenders 2025"),
    BarredFeed("offender-management", source="iom-cohort"),
    BarredFeed("informants", called="CHIS"),
    BarredFeed("immigration", title="Immigration referrals"),
    BarredFeed("prevent", called="Prevent referral"),
    BarredFeed("victims", title="MARAC cases"),
    BarredFeed("children", called="Child protection plan", file="cases"),
    BarredFeed("protest", called="Protesters"),
]
BARRED: Final = BY_COLUMNS + BY_NAMES
