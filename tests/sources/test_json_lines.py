"""JSON lines as tables: the same rows as CSV, each text as written, malformed lines named by number."""

from __future__ import annotations

from pathlib import Path

import pytest

from peelian.sources.table.json_lines import ROW, Malformed, read_json_lines


def _read(path: Path, body: bytes, **more: object) -> list[dict[str, object]]:
    path.write_bytes(body)
    chunks = read_json_lines(path, "x", 2, **more)  # type: ignore[arg-type]
    return [one for chunk in chunks for one in chunk.frame.to_dicts()]


def test_values_are_texts_as_written(tmp_path: Path) -> None:
    body = b'\xef\xbb\xbf{"a": 1.50, "b": true}\n\n{"a": "", "b": null}\r\n{"a": " x ", "c": "\xc3\xa9"}'
    assert _read(tmp_path / "x", body) == [
        {"a": "1.50", "b": "yes", ROW: 1}, {"a": None, "b": None, ROW: 2}, {"a": " x ", "c": "é", ROW: 3},
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        b"[1]", b"3", b"{}", b'{"a": {}}', b'{"a": [1]}', b'{"a": 1, "a": 2}', b'{"": 1}', b'{"a": NaN}',
        b'{"a": "\xff"}', b'{"a": 1', b"secret", b"[" * 100_000,
    ],
)  # fmt: skip
def test_what_is_malformed_is_named_by_its_line(line: bytes, tmp_path: Path) -> None:
    with pytest.raises(Malformed) as told:
        _read(tmp_path / "x", b'{"a": 1}\n' + line + b"\n")
    assert "line 2" in told.value.sentence
    assert "secret" not in told.value.sentence


def test_batches_in_one_file_must_have_the_same_keys(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b'{"a": 1}\n{"b": 1}\n')
    with pytest.raises(Malformed):
        list(read_json_lines(path, "x", 9, (1, 1)))
    assert len(list(read_json_lines(path, "x", 9, (2,)))) == 1
