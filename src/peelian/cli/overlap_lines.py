"""What `peelian overlap` prints: who saw what, by the agencies that published."""

from __future__ import annotations

from typing import Any, Final

HEADS: Final = {
    "incidents": "incidents", "police only": "police", "ambulance only": "ambulance",
    "hospital only": "hospital", "police and ambulance": "P + A", "police and hospital": "P + H",
    "ambulance and hospital": "A + H", "all three": "all three",
}  # fmt: skip
SHORT: Final = {"not known": "-"}
WORDS: Final = (
    "P, A, H: police, ambulance, hospital; one agency's column is what it alone saw. Reports are linked by\n"
    "place, time and kind, with no identifiers. Counts under 5 are withheld, with others where one could be\n"
    "subtracted. Not known (-): an agency published nothing then, so who alone saw an incident cannot be\n"
    "told, or no such incident states its LSOA."
)


def overlap_lines(rows: list[dict[str, Any]]) -> list[str]:
    """Give the lines for rows that may be shown: one table for each set of agencies that published."""
    lines: list[str] = []
    wide = max(len("area"), *(len(row["area"]) for row in rows))
    for published in sorted({row["published"] for row in rows}, key=lambda words: (-len(words), words)):
        mine = [row for row in rows if row["published"] == published]
        lines.append(f"While these published: {published or 'none of them'}")
        known = {k: v for k, v in HEADS.items() if k == "incidents" or {r[k] for r in mine} != {"not known"}}
        lines.append(f"{'area':{wide}} " + " ".join(f"{head:>9}" for head in known.values()))
        lines += [
            f"{row['area']:{wide}} " + " ".join(f"{SHORT.get(row[n], row[n]):>9}" for n in known)
            for row in mine
        ]
        if len(known) == 1:
            lines.append("Who alone saw them: not known.")
        lines.append("")
    return [*lines, WORDS]
