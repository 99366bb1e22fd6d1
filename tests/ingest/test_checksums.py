"""A checksum beside the file is verified; a wrong one, or none where one is asked for, refuses the file."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from peelian.domain.errors import Refused
from peelian.ingest.checksums import LIST, check_sum


def test_both_ways_of_writing_checksums(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x\n1\n")
    sum_ = hashlib.sha256(path.read_bytes()).hexdigest()
    assert check_sum(path) is False
    with pytest.raises(Refused, match="came without a checksum"):
        check_sum(path, required=True)
    (tmp_path / LIST).write_text(f"{'0' * 64}  b.csv\n{sum_} *a.csv\n")
    assert check_sum(path, required=True) is True
    (tmp_path / "a.csv.sha256").write_text("0" * 64)
    with pytest.raises(Refused, match="was changed"):
        check_sum(path)
    (tmp_path / "a.csv.sha256").write_text("not a sum")
    with pytest.raises(Refused, match="no list of SHA-256"):
        check_sum(path)
