"""Texts that come with a request or stand in a record: read character by character."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import polars as pl
from starlette.datastructures import Headers

from peelian.api.acting import number
from peelian.api.languages import _accepted
from peelian.api.listing import parse_bbox
from peelian.api.routes.sign_in import next_of
from peelian.api.security import host_name
from peelian.domain.backup import read_manifest
from peelian.domain.spreadsheet_text import harmless
from peelian.guard.typed import person_in
from peelian.knife.classify import classify, read_narratives
from peelian.pipeline.basemaps import split_style
from peelian.pipeline.delivery.addresses import url_fault
from peelian.store.uploads import safe_name
from tests.security.fuzzing.bench import Bench, Parser

NARRATIVES: Final = """Suspect produced a kitchen knife, 8" blade, and threatened IP. No knife recovered.
Male seen w/ machete nr Red Lion; stab wound to left arm. Not a knife - screwdriver.
ASB: youths throwing stones, no weapon seen. Knife block stolen from shop.
"""
MANIFEST: Final = (
    '{"form":"peelian-backup-1","made":"2026-01-01T00:00:00+00:00","version":"1","schema":"0001","head":"",'
    '"files":{"a":[1,""]},"tables":{"run":{"columns":["id"],"rows":1,"sha256":""}}}'
)


def each_line(read: Callable[[str], Any], _bench: Bench, _name: str, data: bytes) -> None:
    """Read each line; a refusal of one is none of the next."""
    for line in data.decode("utf-8", "replace").split("\n"):
        read(line)


def manifest(text: str) -> None:
    """Read a backup's manifest, which is refused as a ValueError where it is none."""
    try:
        read_manifest(text)
    except ValueError:
        return


def languages(text: str) -> None:
    """Read what a browser accepts, when its server let it be a header."""
    _accepted(Headers(raw=[(b"accept-language", text.encode("latin-1", "replace"))]))


def narratives(_bench: Bench, _name: str, data: bytes) -> None:
    """Read narratives for knives: one answer a line."""
    texts = pl.Series(data.decode("utf-8", "replace").split("\n"), dtype=pl.String)
    assert read_narratives(texts).height == len(texts)
    assert classify(texts, texts, texts).height == len(texts)


def _lines(*texts: str) -> dict[str, bytes]:
    return {"t.txt": "\n".join(texts).encode()}


OF_LINES: Final[dict[str, tuple[Callable[[str], Any], dict[str, bytes]]]] = {
    "bbox": (parse_bbox, _lines("1,2,3,4", "-0.5,51.2,-0.4,51.3")),
    "host header": (host_name, _lines("[::1]:80", "127.0.0.1:8000", "a.example")),
    "manifest text": (manifest, {"m.json": MANIFEST.encode()}),
    "style address": (split_style, _lines("https://tiles.example.org/maps/style.json")),
    "webhook address": (partial(url_fault, loopback=True), _lines("https://a.example/s", "https://[::1]/x", "https://a:b/")),
    "upload name": (safe_name, _lines("../../2023-10-bedfordshire-street.csv", "x.zip")),
    "way back": (next_of, _lines("/plans?x=1", "//evil.example")),
    "typed number": (lambda text: number(text, "number"), _lines("12", " 7 ")),
    "typed words": (person_in, _lines("Lamps in Mill Lane", "John Smith 01/02/1990", "ask 07700 900123")),
    "accepted languages": (languages, _lines("cy,en;q=0.8", "*;q=0.1")),
    "spreadsheet text": (harmless, _lines("=1+1", "High Street")),
}  # fmt: skip
PARSERS: Final = (
    *(
        Parser(name, lambda _, seeds=seeds: seeds, partial(each_line, read))
        for name, (read, seeds) in OF_LINES.items()
    ),
    Parser("narratives", lambda _: {"n.txt": NARRATIVES.encode()}, narratives),
)
