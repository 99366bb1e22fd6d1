"""data.police.uk: street-level crimes and their outcomes, as downloaded.

One zip, a folder of one, or single CSV files. Each file is an edition of (force, month, kind).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from peelian.domain.contracts import ParsedBatch, RawFile, SourceSpec
from peelian.sources.police_uk.landing import land
from peelian.sources.police_uk.outcomes import parse_outcomes
from peelian.sources.police_uk.street import parse_street

__all__ = ["SPEC", "land", "parse"]

SPEC: Final = SourceSpec(
    id="police_uk",
    title="data.police.uk street-level crime and outcomes",
    controller="data.police.uk (Home Office)",
    licence="Open Government Licence v3.0",
    cadence="monthly, some weeks after the month",
    caveats=(
        "the month only, no day or hour",
        "published snap points, not true places; all were replaced in July 2022",
        "violence and sexual offences are one type, including in homes",
        "history is revised in later downloads",
        "the same force may publish nothing for a month: missing, not zero",
    ),
    open_data=True,
)


def parse(raw: RawFile, options: dict[str, Any]) -> Iterator[ParsedBatch]:
    """Give a landed file's rows, each once, accepted or rejected with its reason.

    Raises:
        Refused: when the file lacks a column, or is no UTF-8 CSV.
    """
    return parse_outcomes(raw, options) if raw.kind == "outcomes" else parse_street(raw, options)
