"""A proposal as a mapping file for a person to read: each line with its confidence and masked examples."""

from __future__ import annotations

import json
import re
from typing import Final

from peelian.propose.proposal import CHECK, Line, Proposal
from peelian.propose.unsaid import ALL_ROWS
from peelian.sources import SOURCES

NO_FORCE: Final = "force-to-be-named"


def mapping_text(proposal: Proposal, force: str | None = None) -> str:
    """Give the whole file. It loads with `load_mapping`, unless `to_fill` says what a person must add."""
    table = "table" if proposal.feed == "police_uk" else proposal.feed
    parts = [
        f"# Proposed by `peelian map` from the first {proposal.rows:,} rows of {proposal.file}.",
        f"# Nothing was ingested. Read every line; those under {CHECK:.2f} are marked CHECK.",
        "# Examples are masked: letters as x, digits as 9.",
    ]
    parts += [f"# BEFORE IT CAN COME IN: {step}" for step in (*proposal.to_do, *to_fill(proposal))]
    parts.append(f"source: {_slug(proposal.file)}")
    parts.append(f"feed: {table}{_note(proposal.fact('feed'))}")
    parts.append(
        f"force: {force or NO_FORCE}"
        + ("" if force else "  # CHECK: write the force's code, or give --force")
    )
    parts.append("# agreement: ID  # of the sharing agreement it comes under, or give --agreement")
    parts += ["columns:", *(_entry(line.ours, line.theirs, line) for line in proposal.columns)]
    parts += _sexual_column(proposal)
    parts += _discard(proposal) + _time(proposal) + _place(proposal) + _codes(proposal) + _values(proposal)
    if proposal.constants:
        parts += ["constants:", *(f"  {c.ours}: {_scalar(c.theirs)}{_note(c)}" for c in proposal.constants)]
    if proposal.separator != ",":
        parts.append(f"separator: {json.dumps(proposal.separator)}")
    if proposal.unused:
        parts += ["# Not read:", *(f"#   {_plain(name)}" for name in proposal.unused)]
    return "\n".join(parts) + "\n"


def to_fill(proposal: Proposal) -> tuple[str, ...]:
    """Say what a person must add before the mapping loads: what cannot be proposed."""
    steps = []
    ours = {line.ours for line in proposal.columns}
    if not ours & {"occurred", "date", "start"} and proposal.feed != "sites":
        steps.append("no column says when: give columns.occurred, columns.date or columns.start")
    if "offence" in ours and not _known(proposal):
        steps.append("none of the offence codes can be read off: give each its group under `codes`")
    return tuple(steps)


def groups_of(feed: str) -> frozenset[str]:
    """Give the offence groups a kind of feed may give; empty where any may."""
    found = getattr(SOURCES.get(feed), "_FEED", None)
    return frozenset(found.groups) if found is not None else frozenset()


def _known(proposal: Proposal) -> dict[str, str]:
    """The codes that are written: read off, and of a group this kind of feed may give."""
    may = groups_of(proposal.feed)
    return {r.code: r.group for r in proposal.codes if r.group and (not may or r.group in may)}


def _entry(ours: str, theirs: str, line: Line) -> str:
    return f"  {ours}: {_scalar(theirs)}{_note(line)}"


def _note(line: Line) -> str:
    parts = [f"CHECK {line.confidence:.2f}" if line.check else f"{line.confidence:.2f}"]
    parts += [f"such as {' and '.join(line.examples)}"] if line.examples else []
    parts += [line.remark] if line.remark else []
    return "  # " + "; ".join(_plain(part) for part in parts)


def _sure(confidence: float) -> str:
    return _note(Line("", "", confidence))


def _plain(text: str) -> str:
    printable = "".join(c if c.isprintable() else " " for c in text)
    return re.sub(r"\s+", " ", printable)


def _scalar(text: str) -> str:
    """A YAML scalar: bare where it cannot be taken for anything else."""
    simple = re.fullmatch(r"[A-Za-z][A-Za-z0-9 _()/.&-]*[A-Za-z0-9)]", text)
    if simple and text.lower() not in ("yes", "no", "true", "false", "on", "off", "null"):
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())


def _slug(file: str) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", file.rsplit(".", 1)[0].lower()).strip("-")[:60]
    return stem if re.match(r"[a-z0-9]", stem) else "partner-extract"


def _discard(proposal: Proposal) -> list[str]:
    if not proposal.discard:
        return []
    lines = [
        f"  {_scalar(line.theirs)}: {_scalar('about people: ' + line.remark)}{_sure(line.confidence)}"
        for line in proposal.discard
    ]
    return ["discard:  # dropped in memory, never stored", *lines]


def _time(proposal: Proposal) -> list[str]:
    facts = {line.ours: line for line in proposal.facts}
    if "time.format" not in facts:
        return []
    lines = ["time:"]
    written = _scalar(proposal.time_format) if proposal.time_format else "null"
    lines.append(f"  format: {written}{_note(facts['time.format'])}")
    lines.append(f"  zone: {proposal.zone}{_note(facts['time.zone'])}")
    if proposal.granularity:
        lines.append(f"  granularity: {proposal.granularity}")
    return lines


def _place(proposal: Proposal) -> list[str]:
    line = next((one for one in proposal.facts if one.ours == "crs"), None)
    if line is None:
        return []
    lines = [f"crs: {line.theirs}{_note(line)}"]
    if proposal.project_to:
        lines.append(f"project_to: {proposal.project_to}  # CHECK: the cells' own projected CRS")
    return lines


def _codes(proposal: Proposal) -> list[str]:
    known = _known(proposal)
    if proposal.column("offence") is None and proposal.column("kind") is None:
        return _all_rows(proposal)
    lines = []
    for read in sorted(proposal.codes, key=lambda r: (r.code not in known, r.group or "", r.code)):
        code = _scalar(read.code)
        if read.code in known:
            lines.append(f"  {code}: {read.group}{_sure(read.confidence)}")
        elif read.group:
            lines.append(
                f"  # {code}:  # CHECK: reads as {read.group}, which this feed may not give; set aside"
            )
        else:
            lines.append(
                f"  # {code}:  # CHECK: cannot be read off; its rows are set aside until it has a group"
            )
    return ["codes:" if known else "codes: {}", *lines]


def _all_rows(proposal: Proposal) -> list[str]:
    constant = next((line for line in proposal.constants if line.ours == "offence"), None)
    if constant is None:
        return []
    group = ALL_ROWS.get(proposal.feed, ("unknown", "other"))[1]
    return ["codes:", f"  {_scalar(constant.theirs)}: {group}{_sure(constant.confidence)}"]


def _sexual_column(proposal: Proposal) -> list[str]:
    if proposal.column("sexual") or not any(r.sexual for r in proposal.codes):
        return []
    return [f"  sexual: {_scalar(proposal.column('offence') or '')}  # 0.90; sexual offences get the mark"]


def _values(proposal: Proposal) -> list[str]:
    lines: list[str] = []
    weapons: list[str] = []
    for mark, meanings in proposal.values.items():
        block = [
            f"    {_scalar(value)}: {_scalar(ours) if ours != 'yes' and ours != 'no' else json.dumps(ours)}"
            if ours
            else f"    # {_scalar(value)}:  # CHECK: cannot be read off"
            for value, ours in meanings.items()
        ]
        if mark == "weapon":
            weapons = [line[2:] for line in block]
        elif any(meanings.values()):
            lines += [f"  {mark}:", *block]
        else:
            lines += [
                f"  # {mark}:  # CHECK: none of its values can be read off",
                *(f"  #{b[3:]}" for b in block),
            ]
    if not proposal.column("sexual") and (codes := [r.code for r in proposal.codes if r.sexual]):
        lines += ["  sexual:", *(f'    {_scalar(code)}: "yes"' for code in codes), '    default: "no"']
    used = any(not line.lstrip().startswith("#") for line in lines)
    out = ["values:" if used else "# values:", *lines] if lines else []
    if any(not line.lstrip().startswith("#") for line in weapons):
        out += ["weapons:", *weapons]
    return out
