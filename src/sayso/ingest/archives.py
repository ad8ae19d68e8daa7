"""Web archives: the pages that a WARC file holds, one at a time, however long the file and whatever is broken in it.

A member of 3 kB can unpack to a gigabyte, a record can lie about its length, a file can stop in the middle. So members
are unpacked in pieces and given up when they swell, a record is taken only if another one, or the end, follows it, and
after a damaged one the next beginning is looked for. warcio reads the headers, of bytes whose number is known.
"""

from __future__ import annotations

import io
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from sayso.errors import InputError
from sayso.ingest.pages import LARGEST_PAGE

if TYPE_CHECKING:
    from collections.abc import Iterator

GZIP = b"\x1f\x8b"
_MEMBER = b"\x1f\x8b\x08"
_PIECE = 65_536  # bytes read or unpacked at once
_LONGEST_HEAD = 65_536  # bytes of the headers of a record
_LONGEST_HTTP_HEAD = 262_144
_BEGINNING = re.compile(rb"\nWARC/[01]\.")
_BLANK = b"\r\n"
_BETWEEN = 64  # bytes looked at behind a record: two line ends, and the next beginning
# Pages pack to a tenth, long runs of one byte to a thousandth: beyond this ratio a member is a bomb.
_BOMB_RATIO = 200
_BOMB_SIZE = 100_000_000  # bytes unpacked before the ratio counts
_READ_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain"})


@dataclass(frozen=True, slots=True)
class Capture:
    """A page as an archive holds it.

    `place` is where it stands ("news.warc.gz#record 12"), `captured` the WARC-Date: when it was archived, which is not
    when it was published.
    """

    place: str
    url: str
    captured: str | None
    content: bytes
    media_type: str
    charset: str | None


def captures(file: BinaryIO, name: str, *, limit: int = LARGEST_PAGE) -> Iterator[Capture | InputError]:
    """HTML and text among the responses (status 200) in a WARC file, plain or gzipped; `file` can seek.

    A record that is damaged, or larger than `limit` bytes, comes as the `InputError` that says so, with its place, and
    the next one follows. Records of other kinds (requests, images, redirects) are passed over.
    """
    packed = file.read(2) == GZIP
    file.seek(0)
    records = _packed(file, limit) if packed else _records(_pieces(file), limit)
    for number, record in enumerate(records, 1):
        place = f"{name}#record {number}"
        if isinstance(record, InputError):
            yield InputError(record.message, source=place)
        elif record:
            try:
                capture = _capture(record, place, limit)
            except InputError as exc:
                yield InputError(exc.message, source=place)
            else:
                if capture is not None:
                    yield capture


def gunzip(data: bytes, *, limit: int) -> bytes:
    """`data` unpacked, at most `limit` bytes of it. Raises `InputError` for more, and for data that is damaged."""
    pieces: list[bytes] = []
    size = 0
    for piece in _Inflation(iter((data,)), zlib.MAX_WBITS | 32):
        size += len(piece)
        if size > limit:
            raise InputError(f"it unpacks to more than {limit:,} bytes")
        pieces.append(piece)
    return b"".join(pieces)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece


class _Inflation:
    """One gzip member (or zlib stream) unpacked in pieces; `consumed` packed bytes were its own, None until it has ended.

    Iterating raises `InputError` where it is damaged, ends early or swells.
    """

    def __init__(self, packed: Iterator[bytes], window: int) -> None:
        self._packed = packed
        self._inflater = zlib.decompressobj(window)
        self.consumed: int | None = None

    def __iter__(self) -> Iterator[bytes]:
        taken = given = 0
        for packed in self._packed:
            taken += len(packed)
            for piece in self._unpacked(packed):
                given += len(piece)
                if given > max(_BOMB_SIZE, _BOMB_RATIO * taken):
                    raise InputError(f"it unpacks to {_BOMB_RATIO} times its size and more")
                yield piece
            if self._inflater.eof:
                self.consumed = taken - len(self._inflater.unused_data)
                return
        raise InputError("the packed data ends too early")

    def _unpacked(self, packed: bytes) -> Iterator[bytes]:
        while packed and not self._inflater.eof:
            try:
                yield self._inflater.decompress(packed, _PIECE)
            except zlib.error as exc:
                raise InputError(f"the packed data is damaged ({exc})") from exc
            packed = self._inflater.unconsumed_tail


# --- members of a gzipped archive ---


def _packed(file: BinaryIO, limit: int) -> Iterator[bytes | InputError]:
    """Records of a gzipped archive, as a rule one a member; after a damaged member the next beginning of one is looked for."""
    start, whole = 0, True  # whether everything before `start` was read, so that a gap here has not been told yet
    while (found := _next_member(file, start)) is not None:
        if found > start and whole:
            yield InputError("damaged: no record begins here")
        file.seek(found)
        member = _Inflation(_pieces(file), zlib.MAX_WBITS | 16)
        yield from _records(iter(member), limit)
        whole = member.consumed is not None
        start = found + (member.consumed or 1)
    if whole and file.seek(0, io.SEEK_END) > start:
        yield InputError("damaged: no record begins here" if start else "there is no WARC record in it")


def _next_member(file: BinaryIO, start: int) -> int | None:
    """Offset of the first gzip member at or after `start` that begins as a WARC record does."""
    while True:
        file.seek(start)
        block = file.read(16 * _PIECE)
        at = block.find(_MEMBER)
        while at >= 0:
            if _begins_a_record(block, at, file, start):
                return start + at
            at = block.find(_MEMBER, at + 1)
        if len(block) < 16 * _PIECE:
            return None
        start += len(block) - len(_MEMBER)


def _begins_a_record(block: bytes, at: int, file: BinaryIO, start: int) -> bool:
    head = block[at : at + 4_096]
    if len(head) < 4_096:  # the block ends here, the file perhaps not
        file.seek(start + at)
        head = file.read(4_096)
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, 64).lstrip(_BLANK).startswith(b"WARC/")
    except zlib.error:
        return False


# --- records of what was unpacked ---


class _Window:
    """The unread beginning of a stream of pieces, as much of it as was asked for; `broken` says why it stopped too early."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self.data = bytearray()
        self.broken: InputError | None = None

    def fill(self, size: int) -> bool:
        """Whether `size` bytes are there, after reading on for them."""
        while len(self.data) < size:
            try:
                piece = next(self._pieces, None)
            except InputError as exc:
                self.broken = exc
                return False
            if piece is None:
                return False
            self.data += piece
        return True

    def drop(self, size: int) -> bool:
        """Pass over `size` bytes without keeping them; whether there were as many."""
        while size > len(self.data):
            size -= len(self.data)
            self.data.clear()
            if not self.fill(1):
                return False
        del self.data[:size]
        return True

    def skip_blank(self) -> bool:
        """Pass over line ends; whether anything follows."""
        while self.fill(1):
            blank = len(self.data) - len(self.data.lstrip(_BLANK))
            del self.data[:blank]
            if self.data:
                return True
        return False

    def seek_record(self) -> bool:
        """Pass over everything up to the next line that begins a record; whether there is one."""
        at = 1
        while True:
            if found := _BEGINNING.search(self.data, at):
                del self.data[: found.start() + 1]
                return True
            del self.data[: max(at, len(self.data) - 8)]
            at = 0
            if not self.fill(len(self.data) + 1):
                return False


def _records(pieces: Iterator[bytes], limit: int) -> Iterator[bytes | InputError]:
    """Whole records (headers and block) of a stream, b"" for those of a kind that is not read, errors for damaged ones."""
    window = _Window(pieces)
    while window.skip_blank():
        try:
            yield _record(window, limit)
        except _DamagedError as exc:
            yield window.broken or InputError(str(exc))
            if not window.seek_record():
                return
    if window.broken:
        yield window.broken


class _DamagedError(Exception):
    """A record that is not as its headers say; what follows it may be good."""


def _record(window: _Window, limit: int) -> bytes:
    """The record at the window's beginning, taken out of it if it is whole; b"" for one that nobody reads."""
    head = _head(window)
    length, wanted = _length(head), _is_wanted(head)
    if length > limit:
        if wanted:
            raise _DamagedError(f"the record has {length:,} bytes; {limit:,} are the limit")
        if not window.drop(len(head) + length):
            raise _DamagedError("the archive ends within this record")
        return b""
    size = len(head) + length
    if not window.fill(size):
        raise _DamagedError(
            f"the archive ends within this record: {len(window.data) - len(head):,} bytes of {length:,}"
        )
    window.fill(size + _BETWEEN)
    rest = bytes(window.data[size : size + _BETWEEN])
    if rest.strip(_BLANK) and not (rest[0] in _BLANK and rest.lstrip(_BLANK).startswith(b"WARC/")):
        raise _DamagedError("its length is not what its headers say")
    if not rest.strip(_BLANK) and window.broken:
        raise _DamagedError(window.broken.message)
    record = bytes(window.data[:size]) if wanted else b""
    window.drop(size)
    return record


def _head(window: _Window) -> bytes:
    """The headers of the record at the window's beginning, with the blank line that ends them."""
    window.fill(_LONGEST_HEAD)
    if not window.data.startswith(b"WARC/"):
        raise _DamagedError("damaged: no record begins here")
    ends = [
        end
        for mark in (b"\r\n\r\n", b"\n\n")
        if (end := window.data.find(mark, 0, _LONGEST_HEAD) + len(mark)) >= len(mark)
    ]
    if not ends:
        raise _DamagedError("its headers do not end")
    return bytes(window.data[: min(ends)])


def _length(head: bytes) -> int:
    found = re.search(rb"^content-length[ \t]*:[ \t]*(\d{1,15})[ \t]*\r?$", head, re.IGNORECASE | re.MULTILINE)
    if found is None:
        raise _DamagedError("its headers give no length")
    return int(found[1])


def _is_wanted(head: bytes) -> bool:
    """Whether a record is a response over HTTP, as its headers say."""
    kind = re.search(rb"^warc-type[ \t]*:[ \t]*response[ \t]*\r?$", head, re.IGNORECASE | re.MULTILINE)
    return (
        kind is not None
        and re.search(rb"^warc-target-uri[ \t]*:[ \t]*<?https?://", head, re.IGNORECASE | re.MULTILINE) is not None
    )


# --- the page in a record ---


def _capture(record: bytes, place: str, limit: int) -> Capture | None:
    """The page of a response; None for one that is no page: a redirect, an error, an image."""
    from warcio.recordloader import ArcWarcRecordLoader  # type: ignore[import-untyped]  # noqa: PLC0415 - for archives only

    if record.find(b"\r\n\r\n", record.find(b"\r\n\r\n") + 4, _LONGEST_HEAD + _LONGEST_HTTP_HEAD) < 0:
        raise InputError("the headers of the response do not end")
    try:
        parsed = ArcWarcRecordLoader().parse_record_stream(io.BytesIO(record), known_format="warc")
    except Exception as exc:  # warcio raises plain errors of many kinds on headers that are no headers
        raise InputError(f"its headers cannot be read ({type(exc).__name__}: {str(exc)[:100]})") from exc
    answer = parsed.http_headers
    if answer is None or answer.get_statuscode() != "200":
        return None
    media_type, charset = _content_type(answer.get_header("Content-Type") or "")
    if media_type not in _READ_TYPES:
        return None
    return Capture(
        place,
        url=parsed.rec_headers.get_header("WARC-Target-URI"),
        captured=parsed.rec_headers.get_header("WARC-Date"),
        content=_body(parsed, limit),
        media_type=media_type,
        charset=charset,
    )


def _content_type(header: str) -> tuple[str, str | None]:
    charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", header, re.IGNORECASE)
    return header.split(";", 1)[0].strip().lower(), charset[1].lower() if charset else None


def _body(parsed: Any, limit: int) -> bytes:
    """The body without its chunks and unpacked; what says that it is packed and is not, is taken as it is."""
    from warcio.bufferedreaders import ChunkedDataReader  # type: ignore[import-untyped]  # noqa: PLC0415

    answer, stream = parsed.http_headers, parsed.raw_stream
    if (answer.get_header("Transfer-Encoding") or "").strip().lower() == "chunked":
        stream = ChunkedDataReader(stream, decomp_type=None)
    body = b"".join(iter(lambda: stream.read(_PIECE), b""))
    encoding = (answer.get_header("Content-Encoding") or "").strip().lower()
    if encoding in ("br", "zstd"):
        raise InputError(f"the page is packed as {encoding}, which is not unpacked")
    if body.startswith(GZIP) or (encoding == "deflate" and body[:1] == b"\x78"):
        return gunzip(body, limit=limit)
    return body
