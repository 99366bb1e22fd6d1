"""Small parsers under any text at all: an answer or one of our own refusals, never another error.

Seconds here; ten minutes a parser in the soak. Files of feeds are tried in tests/ingest and tests/sources.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peelian.api.listing import parse_bbox
from peelian.api.security import host_name
from peelian.domain.backup import read_manifest
from peelian.domain.errors import PeelianError
from peelian.pipeline.basemaps import split_style
from peelian.pipeline.delivery.addresses import url_fault
from peelian.store.uploads import safe_name

PARSERS: dict[str, Callable[[str], Any]] = {
    "bbox": parse_bbox, "host": host_name, "manifest": read_manifest, "style": split_style,
    "webhook": lambda text: url_fault(text, loopback=True), "upload": safe_name,
}  # fmt: skip
SEEDS = (
    "1,2,3,4", "https://a.example/s", "https://[/x", "https://a:b/", "[::1]:80", "x.csv",
    '{"form":"peelian-backup-1","files":{"a":[1,""]}}', '{"form":"peelian-backup-1","files":7,"tables":{}}',
)  # fmt: skip
_SEED = st.sampled_from(SEEDS)
_PUT_IN = st.tuples(_SEED, st.integers(0, 40), st.text(max_size=3)).map(
    lambda one: one[0][: one[1]] + one[2] + one[0][one[1] :]
)
TEXT = st.one_of(st.text(max_size=200), _SEED, _PUT_IN)


def fuzz(name: str, examples: int) -> None:
    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(TEXT)
    def tried(text: str) -> None:
        try:
            PARSERS[name](text)
        except PeelianError:
            return
        except ValueError:
            if name != "manifest":
                raise

    tried()


@pytest.mark.parametrize("name", sorted(PARSERS))
def test_any_text_gets_an_answer_or_a_refusal(name: str) -> None:
    fuzz(name, 200)


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted(PARSERS))
def test_any_text_for_ten_minutes(name: str) -> None:
    until = time.monotonic() + 600
    while time.monotonic() < until:
        fuzz(name, 20_000)
