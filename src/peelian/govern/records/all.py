"""The records there are, and each as a text to read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from peelian.govern.records.assessments import dpia, equality
from peelian.govern.records.atrs import atrs
from peelian.govern.records.facts import Facts
from peelian.govern.records.record import Record
from peelian.govern.records.tables import algo_care, ethics, model_cards

MAKERS: Final[dict[str, Callable[[Facts], Record]]] = {
    "atrs": atrs, "dpia": dpia, "equality": equality, "models": model_cards, "algo-care": algo_care,
    "ethics": ethics,
}  # fmt: skip
TITLES: Final = {
    "atrs": "Algorithmic transparency record", "dpia": "Data protection impact assessment (draft)",
    "equality": "Equality impact assessment (draft)", "models": "Model cards", "algo-care": "ALGO-CARE table",
    "ethics": "For the ethics panel",
}  # fmt: skip
APPROVED: Final = ("dpia", "equality")
"""Records that a person judges and approves; a change of facts afterwards is told."""
_SIMULATED: Final = "SIMULATED: a fictional place and a fictional organisation."


def records(facts: Facts) -> tuple[Record, ...]:
    """Make every record of an area."""
    return tuple(make(facts) for make in MAKERS.values())


def markdown(record: Record) -> str:
    """Give a record as Markdown."""
    lines = [f"# {record.title}", "", f"Form: {record.source}.", f"Facts: SHA-256 {record.digest}.", ""]
    if record.simulated:
        lines[2:2] = [f"**{_SIMULATED}**", ""]
    if record.missing:
        lines += [f"**{len(record.missing)} fields lack a fact.**", ""]
    for part in record.sections:
        lines += [f"## {part.title}", ""]
        for one in part.fields:
            mark = "**MISSING** " if one.missing else ""
            lines += [f"**{one.number} {one.label}.** {mark}{_plain(one.text)}", ""]
    return "\n".join(lines)


def _plain(text: str) -> str:
    # Two spaces at a line's end: a break in Markdown. What people typed is no markup.
    return text.replace("<", "&lt;").replace("\n", "  \n")
