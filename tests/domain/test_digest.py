"""Digests: the published vectors, the canonical message, and what must and must not change a key."""

from __future__ import annotations

import subprocess
import sys

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peelian.domain.digest import digest_content, digest_strings, sip128, with_ordinal

# vectors_sip128 of the reference implementation (github.com/veorq/SipHash, vectors.h), lengths 0, 1, 15,
# 16 and 63; the same bytes come from `openssl mac -macopt size:16 ... SipHash`.
VECTORS = {
    0: "a3817f04ba25a8e66df67214c7550293",
    1: "da87c1d86b99af44347659119b22fc45",
    15: "5493e99933b0a8117e08ec0f97cfc3d9",
    16: "6ee2a4ca67b054bbfd3315bf85230577",
    63: "5150d1772f50834a503e069a973fbd7c",
}
KEY = (0x0706050403020100, 0x0F0E0D0C0B0A0908)


@pytest.mark.parametrize("length", VECTORS)
def test_reference_vectors(length: int) -> None:
    first, second = sip128(bytes(range(length)), KEY)
    assert (first.to_bytes(8, "little") + second.to_bytes(8, "little")).hex() == VECTORS[length]


def message(values: list[str | None], salt: str) -> bytes:
    """Write the canonical message the slow, obvious way."""
    out = b""
    for value in [salt, *values]:
        text = b"" if value is None else value.encode()
        out += b"\xff" * 8 if value is None else len(text).to_bytes(8, "little")
        out += text + b"\0" * (-len(text) % 8)
    return out


ROWS = st.lists(st.tuples(*[st.none() | st.text(max_size=20)] * 3), min_size=1, max_size=20)


@settings(max_examples=60, deadline=None)
@given(ROWS, st.text(max_size=9))
def test_columns_equal_the_scalar_function_on_the_canonical_message(
    rows: list[tuple[str | None, ...]], salt: str
) -> None:
    columns = [pl.Series([row[k] for row in rows], dtype=pl.String) for k in range(3)]
    hi, lo = digest_strings(columns, salt)
    assert list(zip(hi, lo, strict=True)) == [sip128(message(list(row), salt)) for row in rows]
    assert digest_content(columns, salt).to_list() == hi.to_list()


def test_slices_and_batches_give_the_keys_of_the_whole() -> None:
    column = pl.Series([None if k % 7 == 0 else f"row {k}" * (k % 5) for k in range(1000)])
    hi, lo = digest_strings([column, column.reverse()], "s")
    for at in (0, 1, 333, 999):
        part = [column[at : at + 250], column.reverse()[at : at + 250]]
        part_hi, part_lo = digest_strings(part, "s")
        assert part_hi.to_list() == hi[at : at + 250].to_list()
        assert part_lo.to_list() == lo[at : at + 250].to_list()


def test_chunked_column_is_the_same_as_one_chunk() -> None:
    one = pl.Series(["a", None, "b" * 40])
    many = pl.concat(
        [pl.Series(["a"]), pl.Series([None], dtype=pl.String), pl.Series(["b" * 40])], rechunk=False
    )
    assert digest_strings([one], "s")[0].to_list() == digest_strings([many], "s")[0].to_list()


def test_null_empty_and_moved_boundaries_differ() -> None:
    left = pl.Series([None, "", "ab", "a", "a\0"], dtype=pl.String)
    right = pl.Series(["", None, "c", "bc", "bc"], dtype=pl.String)
    hi, lo = digest_strings([left, right], "s")
    assert len(set(zip(hi, lo, strict=True))) == 5
    assert digest_strings([left, right], "t")[0].to_list() != hi.to_list()


def test_ordinal_zero_leaves_the_key_and_others_are_new() -> None:
    hi, lo = digest_strings([pl.Series(["a"] * 4)], "s")
    new_hi, new_lo = with_ordinal(hi, lo, pl.Series([0, 1, 2, 1]))
    assert (new_hi[0], new_lo[0]) == (hi[0], lo[0])
    assert len(set(zip(new_hi, new_lo, strict=True))) == 3
    assert new_hi[1] == new_hi[3]


def test_empty_and_unequal_columns() -> None:
    hi, lo = digest_strings([pl.Series([], dtype=pl.String)], "s")
    assert (len(hi), len(lo)) == (0, 0)
    with pytest.raises(ValueError):
        digest_strings([pl.Series(["a"]), pl.Series(["a", "b"])], "s")
    with pytest.raises(ValueError):
        digest_strings([], "s")


def test_another_process_gives_the_same_key() -> None:
    code = (
        "import polars as pl; from peelian.domain.digest import digest_strings as d; "
        "print(*[s[0] for s in d([pl.Series(['a']), pl.Series(['\\u00e9'])], 's')])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    hi, lo = digest_strings([pl.Series(["a"]), pl.Series(["é"])], "s")
    assert out.split() == [str(hi[0]), str(lo[0])]
