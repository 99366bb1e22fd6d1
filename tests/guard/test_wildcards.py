"""A column name that polars reads as a pattern lets nothing in, and is not repeated."""

from __future__ import annotations

from pathlib import Path

import pytest

from peelian.domain.errors import Refused
from peelian.guard.wildcards import is_pattern, refuse_patterns
from peelian.propose.sample import read_sample


def test_plain_names_pass() -> None:
    names = ["Ref", "cost ($)", "a*b", "$"]
    assert not any(is_pattern(name) for name in names)
    refuse_patterns(names, "x.csv")


@pytest.mark.parametrize("name", ["*", "^A$", "^.*$", "^A[$"])
def test_patterns_are_refused_by_place(name: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="column 2") as error:
        refuse_patterns(["Ref", name], "x.csv")
    assert name not in error.value.sentence.replace("names other than `*`", "")
    (tmp_path / "x.csv").write_text(f"Ref,{name},When\n1,2,2024-01-01\n2,3,2024-01-02\n")
    try:
        frame = read_sample(tmp_path / "x.csv").frame
    except Refused:
        return
    assert name not in frame.columns  # a line with such a word was not taken for column names
