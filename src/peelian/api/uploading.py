"""A multipart request streamed to the workspace: a chunk at a time, sizes counted, names made safe."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request

from peelian.domain.errors import Misuse, Refused, TooLarge
from peelian.store.uploads import MOST_FILES, Upload, new_upload, safe_name
from peelian.store.workspace import Workspace

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

MAX_UPLOAD: Final = 1 << 30
"""Bytes of one request of the first-run page."""
_SPARE: Final = 1 << 30
_MAGIC: Final = {".zip": (b"PK\x03\x04", b"PK\x05\x06"), ".xlsx": (b"PK\x03\x04",)}


@dataclass
class _Landing:
    """What the parser calls; one file is open at a time. Fields that are no file are passed over."""

    folder: Path
    file: BinaryIO | None = None
    taken: int = 0
    _name: bytes = b""
    _value: bytes = b""
    _headers: dict[bytes, bytes] = field(default_factory=dict)

    def on_part_begin(self) -> None:
        self._headers = {}

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def on_header_end(self) -> None:
        self._headers[self._name.lower()] = self._value
        self._name = self._value = b""

    def on_headers_finished(self) -> None:
        _, said = parse_options_header(self._headers.get(b"content-disposition", b""))
        given = said.get(b"filename")
        if not given:
            return
        if self.taken >= MOST_FILES:
            raise TooLarge("too many files were chosen", expected=f"at most {MOST_FILES} at once")
        path = self.folder / safe_name(given.decode("utf-8", "replace"))
        if path.exists():
            raise Misuse("two of the files chosen have the same name", do="choose each file once")
        self.file = path.open("xb")
        path.chmod(0o600)
        self.taken += 1

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self.file is not None:
            self.file.write(data[start:end])

    def on_part_end(self) -> None:
        self.close()

    def close(self) -> None:
        if self.file is not None:
            self.file.close()
            self.file = None


async def take_files(ws: Workspace, request: Request) -> Upload:
    """Write the files of a multipart request into a new upload; nothing is kept of a request that fails.

    Raises:
        Misuse: no multipart form, no file, or a file that is no zip, CSV or workbook.
        TooLarge: more than `MAX_UPLOAD` bytes, or more than the disk may take.
    """
    kind, said = parse_options_header(request.headers.get("content-type", ""))
    boundary = said.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise Misuse("no files came with this request", do="choose them on the first-run page, /start")
    _check_disk(ws, int(request.headers.get("content-length") or 0))
    upload = await run_in_threadpool(new_upload, ws)
    landing = _Landing(upload.folder / "files")
    try:
        await _stream(request, MultipartParser(boundary, _calls(landing), max_size=MAX_UPLOAD), landing)
        await run_in_threadpool(_check_files, upload)
    except BaseException as error:
        landing.close()
        upload.drop()
        raise _ours(error) from None
    return upload


async def _stream(request: Request, parser: MultipartParser, landing: _Landing) -> None:
    seen = 0
    async for chunk in request.stream():
        seen += len(chunk)
        if seen > MAX_UPLOAD:
            raise _too_large()
        if chunk:
            await run_in_threadpool(parser.write, chunk)
    await run_in_threadpool(parser.finalize)
    landing.close()


def _calls(landing: _Landing) -> MultipartCallbacks:
    return {
        "on_part_begin": landing.on_part_begin, "on_part_data": landing.on_part_data,
        "on_part_end": landing.on_part_end, "on_header_field": landing.on_header_field,
        "on_header_value": landing.on_header_value, "on_header_end": landing.on_header_end,
        "on_headers_finished": landing.on_headers_finished,
    }  # fmt: skip


def _check_disk(ws: Workspace, coming: int) -> None:
    if shutil.disk_usage(ws.landing).free < coming + _SPARE:
        raise TooLarge("there is not enough room on this machine's disk", do="free some, then try again")


def _check_files(upload: Upload) -> None:
    if not upload.files:
        raise Misuse("no file was chosen", expected="a .zip, .csv or .xlsx file")
    for path in upload.files:
        with path.open("rb") as file:
            head = file.read(4096)
        wanted = _MAGIC.get(path.suffix.lower())
        if not head:
            raise Misuse("a file chosen is empty", do="fetch or export it again")
        if (wanted and not head.startswith(wanted)) or (not wanted and head.startswith(b"PK\x03\x04")):
            raise Refused(f"{path.name} is not what its name says", do="give it the ending that it is")


def _too_large() -> TooLarge:
    return TooLarge("the files are too large", expected=f"at most {MAX_UPLOAD >> 30} GiB at once",
                    do="choose fewer months, or fewer files")  # fmt: skip


def _ours(error: BaseException) -> BaseException:
    if isinstance(error, FormParserError | ClientDisconnect):
        return Misuse("the files did not arrive whole", do="choose them again")
    return error
