"""Is a proposal right? Field by field, against a layout's labels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from peelian.propose.proposal import Proposal

LAYOUTS = Path(__file__).parent / "layouts"
_RIVALS = ({"easting", "northing", "longitude", "latitude"}, {"time", "hour"})
_WHENS = {"date", "occurred", "start"}


@dataclass(frozen=True)
class Item:
    """One thing judged. `confidence` is None for what was left out and should not have been."""

    layout: str
    what: str
    right: bool
    confidence: float | None
    said: str = ""


@lru_cache(maxsize=1)
def split() -> dict[str, list[str]]:
    """Families, by half."""
    content: dict[str, list[str]] = yaml.safe_load((LAYOUTS / "split.yaml").read_text("utf-8"))
    return content


def layouts(half: str) -> Iterator[dict[str, Any]]:
    """Give the layouts of a half, each with its family."""
    for family in split()[half]:
        content = yaml.safe_load((LAYOUTS / f"{family}.yaml").read_text("utf-8"))
        for layout in content["layouts"]:
            yield layout | {"family": content["family"]}


def accepted(label: str) -> set[str]:
    """Give the fields a label accepts; the empty text stands for none."""
    fields = set(label.rstrip("?~").split("|"))
    if label.endswith("?"):
        fields.add("")
    return {"" if one == "-" else "discard" if one == "x" else one for one in fields}


def judge(proposal: Proposal, layout: dict[str, Any]) -> list[Item]:
    """Give every item of a file: its columns that matter, kind, format, zone, coordinates, codes."""
    name = layout["name"]
    out = list(_columns(proposal, layout))
    out.append(_fact(proposal, name, "feed", set(str(layout["feed"]).split("|"))))
    said = proposal.time_format
    right = _canon(said) == _canon(layout["time"]["format"])
    out.append(Item(name, "time.format", right, _sure(proposal, "time.format"), str(said)))
    if layout["time"]["zone"] != "?":
        out.append(_fact(proposal, name, "time.zone", {layout["time"]["zone"]}))
    out += _crs(proposal, layout)
    if isinstance(layout["codes"], dict):
        wrong = [item for item in codes(proposal, layout) if not item.right]
        sure = min((r.confidence for r in proposal.codes if r.group), default=None)
        out.append(Item(name, "codes", not wrong, sure, "; ".join(item.said for item in wrong)))
    return out


_ISO = {"%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"}


def _canon(form: str | None) -> str | None:
    """ISO is read without a format, so both ways of saying it are one."""
    return None if form in _ISO else form


def codes(proposal: Proposal, layout: dict[str, Any]) -> list[Item]:
    """Judge each offence code by itself."""
    labels = {str(code): group for code, group in layout["codes"].items()}
    read = {r.code: r for r in proposal.codes}
    out = []
    for code, group in labels.items():
        said = read.get(code) or read.get(code.lstrip("0"))
        ours = said.group if said else None
        right = ours is None if group == "?" else ours == group
        sure = said.confidence if said and said.group else None
        out.append(Item(layout["name"], f"code {code}", right, sure, f"{code} as {ours}"))
    return out


def _sure(proposal: Proposal, fact: str) -> float | None:
    return next((line.confidence for line in proposal.facts if line.ours == fact), None)


def _fact(proposal: Proposal, layout: str, fact: str, right: set[str]) -> Item:
    said = next((line.theirs for line in proposal.facts if line.ours == fact), "")
    return Item(layout, fact, said in right, _sure(proposal, fact), said)


def _columns(proposal: Proposal, layout: dict[str, Any]) -> Iterator[Item]:
    ours = {line.theirs: (line.ours, line.confidence) for line in proposal.columns}
    ours |= {line.theirs: ("discard", line.confidence) for line in proposal.discard}
    labels = {name: label for name, label, _ in layout["columns"]}
    spared = _spared(labels, ours)
    for name, label in labels.items():
        said, sure = ours.get(name, ("", None))
        right = said in accepted(label) or (said == "" and name in spared)
        if label == "-" and not said:
            continue
        if right and said == "":
            continue
        yield Item(layout["name"], name, right, sure, f"{said or 'nothing'}, not {label}")


def _spared(labels: dict[str, str], ours: dict[str, tuple[str, float]]) -> set[str]:
    """Columns marked `~` that may stay unmapped because a rival is mapped rightly."""
    marked = {name: label.rstrip("~") for name, label in labels.items() if label.endswith("~")}
    found = {field for name, field in marked.items() if ours.get(name, ("", 0))[0] == field}
    spared = set()
    for name, field in marked.items():
        rivals = next((group for group in _RIVALS if field in group), {field})
        pair = {"easting", "northing"} if "easting" in found else {"longitude", "latitude"}
        if found & rivals and (field not in _RIVALS[0] or pair <= found):
            spared.add(name)
    return spared


def _crs(proposal: Proposal, layout: dict[str, Any]) -> list[Item]:
    line = next((one for one in proposal.facts if one.ours == "crs"), None)
    labels = " ".join(label for _, label, _ in layout["columns"])
    if layout["places"] == "none" or ("easting" not in labels and "longitude" not in labels):
        return []
    if line is None:
        return [Item(layout["name"], "crs", False, None, "nothing")]
    right = {"bng": "EPSG:27700", "wgs84": "EPSG:4326"}.get(layout["places"], "")
    if layout["places"] == "other":
        good = line.theirs != "EPSG:27700" or line.confidence < 0.5
    else:
        good = line.theirs == right or ("easting~" in labels and line.theirs == "EPSG:27700")
    return [Item(layout["name"], "crs", good, line.confidence, line.theirs)]
