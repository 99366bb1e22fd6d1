"""Drifted variants of every feed's sample after the clean one: none silently accepted wrong, no crash."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.contracts import ParsedBatch
from peelian.domain.errors import LacksColumns, Refused
from peelian.ingest.drift import Profile
from peelian.ingest.profile import ProfileMaker
from peelian.ingest.run import PartlyRefused, ingest
from peelian.ingest.shape_drift import likely_names
from peelian.ingest.watch import verdict
from peelian.sources import SOURCES
from tests.ingest.drifting import FEEDS, Variant, sample, variants
from tests.workspaces import fresh

WHAT = ("start", "end", "easting", "northing", "lsoa", "area", "group", "count", "n", "weight")
_SCALE = "in six rows, whole numbers ten times as large may be so; from 20 rows on the size is compared"
KNOWN_MISSES: dict[tuple[str, str], str] = {
    ("known_offending", "Convictions ten times"): _SCALE,
    ("patrols", "Units ten times"): _SCALE,
    ("school_exclusions", "Count ten times"): _SCALE,
    ("sites", "Capacity ten times"): _SCALE,
    ("social_care", "Count ten times"): _SCALE,
}


def parsed(feed: str, path: Path, folder: Path) -> list[ParsedBatch]:
    options: dict[str, Any] = {"mapping": str(sample(feed)[1]), "force": "simulated-x", "notice": str}
    raw = next(iter(SOURCES[feed].land([path], folder, options)))
    return list(SOURCES[feed].parse(raw, options))


def profile(batches: list[ParsedBatch]) -> Profile:
    maker = ProfileMaker()
    for batch in batches:
        maker.add(batch)
    return maker.profile()


def says(batches: list[ParsedBatch]) -> set[tuple[object, ...]]:
    """What the accepted rows say: when, where, what kind, how many."""
    said: set[tuple[object, ...]] = set()
    for batch in batches:
        rows = batch.rows
        if "retracted" in rows.columns:
            rows = rows.filter(~pl.col("retracted"))
        said |= set(rows.select(name for name in WHAT if name in rows.columns).iter_rows())
    return said


def judged(feed: str, one: Variant, path: Path, past: Profile, clean: set[tuple[object, ...]]) -> str:
    """Say what is wrong with what became of a variant; empty when nothing is."""
    try:
        batches = parsed(feed, path, path.parent)
    except LacksColumns as refused:
        guess = likely_names(refused.missing, refused.columns, [past])
        return "" if one.tells in f"{refused.sentence} {guess}" else f"refused without {one.tells}"
    except Refused as refused:
        return "" if one.tells in refused.sentence else f"refused without {one.tells}"
    held, notices = verdict(profile(batches), [past])
    if held:
        return ""
    if says(batches) - clean:
        return f"accepted wrong; notices: {notices}"
    return "" if one.tells in " ".join(notices) else f"no notice of {one.tells}"


def test_there_are_two_hundred() -> None:
    assert sum(1 for feed in FEEDS for _ in variants(feed)) >= 200


@pytest.mark.parametrize("feed", FEEDS)
def test_no_drifted_sample_is_silently_accepted_wrong(feed: str, tmp_path: Path) -> None:
    batches = parsed(feed, sample(feed)[0], tmp_path)
    clean, past = says(batches), profile(batches)
    assert clean
    path = tmp_path / f"{feed}.csv"
    wrong = []
    for one in variants(feed):
        path.write_bytes(one.data)
        said = judged(feed, one, path, past, clean)
        if bool(said) != ((feed, one.name) in KNOWN_MISSES):
            wrong.append(f"{one.name}: {said or 'is no miss any more'}")
    assert not wrong, "\n".join(wrong)


def test_the_clean_sample_come_again_is_not_held(tmp_path: Path) -> None:
    for feed in FEEDS:
        one = profile(parsed(feed, sample(feed)[0], tmp_path))
        assert verdict(one, [one]) == ([], [])


def test_at_the_door_a_small_second_file_is_held_told_of_or_refused(tmp_path: Path) -> None:
    ws = fresh(tmp_path / "home")

    def take(data: bytes) -> list[str]:
        path = tmp_path / "ambulance.csv"
        path.write_bytes(data)
        options: dict[str, Any] = {"force": "simulated-x"}
        return ingest(ws, SOURCES["ambulance"], [path], options=options, actor=LOCAL_ANALYST,
                      purpose="analysis").notices  # fmt: skip

    changed = {one.name: one.data for one in variants("ambulance")}
    take(sample("ambulance")[0].read_bytes())
    said = " ".join(take(changed["added a column"]))
    assert "columns this feed never had, and they are not read: Beat" in said
    with pytest.raises(PartlyRefused, match=r"Call Time is likely now called Call Time \(new\)"):
        take(changed["renamed Call Time"])
    with pytest.raises(PartlyRefused, match=r"held for review.*coordinates are exchanged"):
        take(changed["exchanged Easting and Northing"])
    ws.engine.dispose()
