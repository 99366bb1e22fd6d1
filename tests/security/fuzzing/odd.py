"""Values and bits of text that break readers of files."""

from __future__ import annotations

from typing import Any, Final

TEXTS: Final = (
    "", " ", "\x00", "\x1f", "\ufeff", "\u202e", "\U0001f600", "é", "NULL", "None", "nan", "NaN", "inf",
    "-inf",
    "1e400", "-1e400", "1e-400", "0", "-1", "-0", "007", "1.5.2", "9" * 40, "0x10", "1_000", "１２",
    "31/02/2023", "2023-13-45", "0000-00-00", "9999-12-31T23:59:60Z", "0001-01-01", "24:00", "1 Jan",
    "true",
    "=1+1", "@x", "../../etc/passwd", "/", "\\", "%s", "{0}", "${x}", "<b>", "'", '"', '""', ",", ";", "\t",
    "\r", "\n", "\r\n", "A" * 5_000, "(" * 500, "E01000001", "ZZ1 4AB", "SU 1234 5678", "EPSG:27700",
    "EPSG:0",
    "urn:ogc:def:crs:EPSG::99999", "+proj=ob_tran", "*", "[a-z", "(?P<", "yes", "no", "~",
    "!!python/name:os",
    "&a", "*a", "<<: *a", "- - - -", "{{", "[[", "#", "---", "...",
)  # fmt: skip
VALUES: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 1, 2**31, 2**63, -(2**63) - 1, 10**40, 0.1, -0.0, 1e308, float("nan"),
    float("inf"),
    "", "x", "\x00", "é", "A" * 3_000, "2023-02-31", [], {}, [[]], [None], [1, "a", {}], {"": None},
    {"type": None},
    [[[[[]]]]], {"a": {"b": {"c": {}}}}, [0, 0], [1e308, -1e308], ["a", "b"], [[0, 0], [0, 0], [0, 0]],
)  # fmt: skip
BYTES: Final = (
    b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\r", b"\n", b"\x80", b"\xc3", b"\xed\xa0\x80",
    b"PK\x03\x04",
    b"PAR1", b"\x1f\x8b", b"\x00" * 64, b"\xff" * 8, b"\x7f\xff\xff\xff", b"\x80\x00\x00\x00", b'"', b"'",
    b"{", b"[",
    b"[" * 3_000, b'{"a":' * 2_000, b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b",", b"-", b"e", b"\\",
    b"\\u0000",
    b"\\ud800",
)  # fmt: skip
