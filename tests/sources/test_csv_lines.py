"""The line reader, against Python's reader: every line in one bin, whatever the block size."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peelian.sources.csv.header import Header, read_header
from peelian.sources.csv.table import read_chunks

CELLS = st.text(st.sampled_from('ab é",\r\n\0'), max_size=6)
LINES = st.lists(
    st.one_of(
        st.lists(CELLS, min_size=1, max_size=4).map(lambda cells: ",".join(cells).replace("\n", "")),
        st.just("1,2,3"),
        st.just(""),
    ),
    max_size=30,
)


def rows_of(path: Path, header: Header, block: int) -> tuple[list[tuple[object, ...]], dict[int, str], int]:
    rows: list[tuple[object, ...]] = []
    bad: dict[int, str] = {}
    read = 0
    for chunk in read_chunks(path, header, ("a", "b", "c"), block=block):
        rows += chunk.frame.select("row", "a", "b", "c").rows()
        bad |= {int(row): reason for row, reason in chunk.rejects.iter_rows()}
        read += chunk.read
        assert chunk.frame.height + chunk.rejects.height == chunk.read
    return sorted(rows), bad, read


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES, st.sampled_from([b"\n", b"\r\n"]), st.sampled_from([16, 64, 1 << 20]), st.booleans())
def test_every_line_is_in_one_bin_and_good_ones_are_as_python_reads_them(
    tmp_path: Path, lines: list[str], newline: bytes, block: int, last: bool
) -> None:
    path = tmp_path / "t.csv"
    body = newline.join(line.encode() for line in ["a,b,c", *lines]) + (newline if last else b"")
    path.write_bytes(body)
    header = read_header(path, "t.csv")
    rows, bad, read = rows_of(path, header, block)
    # What stands on each line, blank ones left out: the carriage return before a newline is its break.
    data = [x.removesuffix(b"\r") for x in body.split(b"\n")[1:]]
    data = [x for x in data if x]
    assert read == len(data)
    assert sorted([int(row[0]) for row in rows] + list(bad)) == list(range(1, read + 1))
    for row in rows:
        text = data[int(row[0]) - 1].decode()
        assert [list(row[1:])] == [[c or None for c in r] for r in csv.reader([text])]
    assert rows_of(path, header, 1 << 20) == (rows, bad, read)


def test_an_unclosed_quote_never_swallows_the_next_rows(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('a,b,c\n1,"2,3\n4,5,6\n7,8",9\n10,11,12\n')
    rows, bad, read = rows_of(path, read_header(path, "t.csv"), 1 << 20)
    assert [row[0] for row in rows] == [2, 3, 4]  # 8" is a quote inside a plain field: literal text
    assert rows[1] == (3, "7", '8"', "9")
    assert list(bad) == [1]
    assert read == 4


@pytest.mark.parametrize("quoted", [False, True])
def test_many_rows_are_cut_into_chunks_without_loss(tmp_path: Path, quoted: bool) -> None:
    path = tmp_path / "t.csv"
    out = io.StringIO()
    out.write("a,b,c\n")
    for k in range(600_000):
        out.write(f'"{k}",,x\n' if quoted or k % 1000 == 0 else f"{k},,x\n")
    path.write_text(out.getvalue())
    sizes, total = [], 0
    for chunk in read_chunks(path, read_header(path, "t.csv"), ("a",)):
        sizes.append(chunk.read)
        frame = chunk.frame
        assert (frame["a"].cast(int) + 1 == frame["row"].cast(int)).all()
        total += int(frame["a"].cast(int).sum())
    assert max(sizes) <= 250_000
    assert (sum(sizes), total) == (600_000, 600_000 * 599_999 // 2)
