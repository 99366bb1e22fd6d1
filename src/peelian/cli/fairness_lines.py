"""A fairness audit as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_HEAD = ("areas", "how many", "events", "attention for harm", "calibration", "harm missed", "false flags", "")


def lines(body: dict[str, Any]) -> Iterator[str]:
    """Give the lines of one audit."""
    simulated = " SIMULATED, fictional place." if body["simulated"] else ""
    yield f"{body['area']}, {body['target']} by {body['every']}: {body['model']}.{simulated}"
    yield body["sentence"]
    yield f"On {body['origins_words']}: {body['events']:,.0f} events in {body['areas']:,} neighbourhoods."
    yield f"Intervals: {body['intervals']}."
    for part in body["parts"]:
        yield ""
        yield part["title"]
        yield from _table(
            _HEAD,
            [
                (r["name"], str(r["areas"]), r["events"], r["exposure"], r["calibration"], r["missed"],
                 r["false_flags"], f"referred: {r['alarms']}" if r["alarms"] else "")
                for r in part["rows"]
            ],
        )  # fmt: skip
    for said in body["not_compared"]:
        yield f"Not compared by {said}."
    if (told := body.get("alternatives")) is not None:
        yield told["sentence"]
    if body["proxies"]:
        yield ""
        yield "Proxy scan: how well each tells the attribute of an area (R² and AUC out of sample)"
        yield from _table(
            ("attribute", "by", "R²", "AUC", "rank correlation", ""),
            [
                (p["attribute"], p["feature"], f"{p['r2']:.2f}", f"{p['auc']:.2f}",
                 "" if p["rank"] is None else f"{p['rank']:+.2f}", "a proxy" if p["strong"] else "")
                for p in body["proxies"]
            ],
        )  # fmt: skip
    yield ""
    yield reporting_line(body["reporting"])
    for feed in body["feeds"]:
        yield feed["sentence"]
    yield body["heuristic"]


def reporting_line(said: dict[str, Any]) -> str:
    """Say how far the flagged places hang on reporting."""
    held = "within" if said["jaccard"] >= said["asked"] else "BELOW"
    return (
        f"If reporting differed by up to {said['change']:.0%} by {said['by']}, the flagged places would "
        f"overlap {said['jaccard']:.2f} with those flagged now (least {said['jaccard_least']:.2f}; "
        f"{held} the {said['asked']:.2f} asked). Fragile: {said['fragile']} of {said['flagged']} flagged, "
        f"and {said['fragile_outside']} not flagged."
    )


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[str]:
    wide = [max(len(row[k]) for row in [head, *rows]) for k in range(len(head))]
    for row in [head, *rows]:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, wide, strict=True)).rstrip()
