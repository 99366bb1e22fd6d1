"""Spoilt files to every parser of bytes from outside: an answer or a refusal of our own, no other error.

A few of each here; ten minutes of each in `benchmarks/soak_fuzz_parsers.py`, whose evidence is
docs/evidence/fuzz.json.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.security.fuzzing.bench import Bench
from tests.security.fuzzing.parsers import PARSERS
from tests.security.fuzzing.trying import input_of, try_one

TRIES = 15


@pytest.mark.parametrize("name", PARSERS)
def test_a_spoilt_file_gets_an_answer_or_a_refusal(name: str, tmp_path: Path) -> None:
    parser, bench = PARSERS[name], Bench(tmp_path)
    seeds = parser.seeds(bench)
    assert seeds
    numbers = [*range(min(len(seeds), 3)), *range(len(seeds), len(seeds) + TRIES)]
    ends = [try_one(parser, bench, *input_of(seeds, number)) for number in numbers]
    assert [one.said for one in ends if one.end == "fault"] == []
    assert ends[0].end == "answered", (
        "the first file is valid, so that spoiling it goes beyond the first check"
    )


def test_the_same_number_is_the_same_file_and_spoils_it(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    seeds = PARSERS["table csv"].seeds(bench)
    assert [input_of(seeds, k) for k in range(50)] == [input_of(seeds, k) for k in range(50)]
    changed = sum(input_of(seeds, k)[1] != seeds["crimes.csv"] for k in range(1, 50))
    assert changed > 45


def test_a_fault_a_hang_and_a_glutton_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The soak's own alarm: what it is there for does not pass as an answer."""
    from tests.security.fuzzing import trying
    from tests.security.fuzzing.bench import Parser

    def crash(_bench: Bench, _name: str, data: bytes) -> None:
        {}[data]

    def hang(_bench: Bench, _name: str, _data: bytes) -> None:
        while True:
            pass

    monkeypatch.setattr(trying, "SECONDS", 0.2)
    monkeypatch.setattr(trying, "GROWTH_KB", 100_000)
    for read, word in ((crash, "KeyError"), (hang, "TooSlow")):
        found = try_one(Parser("x", lambda _: {}, read), Bench(tmp_path), "x", b"x")
        assert found.end == "fault"
        assert word in found.said
    monkeypatch.setattr(trying, "_peak", iter([1, 200_002]).__next__)
    assert "memory" in try_one(Parser("x", lambda _: {}, lambda *_: None), Bench(tmp_path), "x", b"x").said
