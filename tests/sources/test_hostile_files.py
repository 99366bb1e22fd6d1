"""Bad files: each gets a sentence or a quarantined row, and no other row is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from peelian.domain.errors import Refused

Street = Callable[..., bytes]
Write = Callable[..., Path]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b" \r\n\n", "is empty"),
        (b"PK\x03\x04 not really", "does not open as a zip"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"PAR1....", "a Parquet file"),
        ("Crime ID,Month\n1,2\n".encode("utf-16"), "UTF-16"),
        ("Crime ID,Month\n1,2\n".encode("utf-16-le"), "zero bytes"),
        (b"Crime ID,Mon\xe9\n1,2\n", "not UTF-8"),
        (b"a,b\rc,d\r", "carriage returns"),
        (b"x" * 100_000, "no line break"),
        (b"Month,Month\n", "column twice: Month"),
        (b"<html><body>Not found</body></html>\n", "lacks the columns"),
    ],
)
def test_what_is_no_csv_is_refused(take, tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "2023-05-fenshire-street.csv"
    path.write_bytes(content)
    with pytest.raises(Refused, match=words) as caught:
        take("police_uk", path)
    assert caught.value.exit_code == 3
    assert path.name in caught.value.sentence


def test_missing_and_renamed_columns_are_named(take, street: Street, write: Write) -> None:
    with pytest.raises(Refused) as caught:
        take(
            "police_uk",
            write(street(), header="Crime ID,Month,Reported by,Lon,Latitude,Location,LSOA code,Type"),
        )
    sentence = caught.value.sentence
    assert "lacks the columns Longitude, Crime type" in sentence
    assert "it has Crime ID, Month, Reported by, Lon" in sentence


def test_a_file_without_a_header_does_not_have_its_first_row_repeated(
    take, street: Street, write: Write
) -> None:
    with pytest.raises(Refused) as caught:
        take("police_uk", write(street(), header=street().decode()))
    assert "does not look like column names" in caught.value.sentence
    assert "Quern" not in caught.value.sentence


def test_header_only_is_taken_and_said(take, write: Write) -> None:
    taken = take("police_uk", write())
    assert taken.batches == []
    assert "no rows" in taken.notices[0]


BROKEN = {
    "ragged-long": (lambda line: line + b",more", "more or fewer fields"),
    "ragged-short": (lambda line: line.rsplit(b",", 3)[0], "more or fewer fields"),
    "unclosed": (lambda line: line.replace(b"On or", b'"On or'), "never closed"),
    "after-quote": (lambda line: line.replace(b"On or", b'"On" or'), "closing quote"),
    "cp1252": (lambda line: line.replace(b"Quern", b"Caf\xe9"), "not UTF-8"),
    "zero-byte": (lambda line: line.replace(b"Quern", b"Qu\0rn"), "zero byte"),
    "return": (lambda line: line.replace(b"Quern", b"Qu\rrn"), "carriage return"),
    "huge": (lambda line: line.replace(b"Quern", b"Q" * 3_000_000), "longer than 1 MiB"),
}


@pytest.mark.parametrize("case", BROKEN)
@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_a_broken_line_costs_only_itself(
    take, street: Street, tmp_path: Path, case: str, newline: bytes
) -> None:
    breaking, words = BROKEN[case]
    lines = [street(Crime_ID=str(k)) for k in range(7)]
    header = b",".join(k.encode() for k in STREET)
    path = tmp_path / "2023-05-fenshire-street.csv"
    path.write_bytes(newline.join([header, *lines[:3], breaking(lines[3]), *lines[4:6], breaking(lines[6])]))
    taken = take("police_uk", path)
    assert taken.rows["row"].to_list() == [1, 2, 3, 5, 6]
    assert set(taken.reasons) == {4, 7}
    assert all(words in reason for reason in taken.reasons.values())
    clean = tmp_path / "clean" / "2023-05-fenshire-street.csv"
    clean.parent.mkdir()
    clean.write_bytes(b"\n".join([header, *lines[:3], *lines[4:6]]))
    same = take("police_uk", clean).rows.drop("row")
    assert taken.rows.drop("row").equals(same)


STREET = (
    "Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location", "LSOA code",
    "LSOA name", "Crime type", "Last outcome category", "Context",
)  # fmt: skip


def test_quotes_in_proper_and_improper_use_are_read(take, street: Street, write: Write) -> None:
    rows = take("police_uk", write(
        street(LSOA_name='"Bournemouth, Christchurch and Poole 022C"'),
        street(Location='On or near 12" Pipe'),
        street(Location='"On or near ""The"" Lane"'),
        street(Location='""'),
    )).rows  # fmt: skip
    assert rows["location"].to_list() == [
        "On or near Quern Lane", 'On or near 12" Pipe', 'On or near "The" Lane', None,
    ]  # fmt: skip


def test_mark_crlf_blank_lines_and_a_last_line_without_a_break_change_nothing(
    take, street: Street, write: Write
) -> None:
    lines = [street(Crime_ID=str(k)) for k in range(4)]
    plain = take("police_uk", write(*lines)).rows
    header = ",".join(STREET).encode()
    for content in (
        b"\xef\xbb\xbf" + header + b"\n" + b"\n".join(lines),
        header + b"\r\n" + b"\r\n".join(lines) + b"\r\n",
        header + b"\n\n" + b"\n\n\n".join(lines) + b"\n\n",
    ):
        path = write()
        path.write_bytes(content)
        assert take("police_uk", path).rows.equals(plain)
