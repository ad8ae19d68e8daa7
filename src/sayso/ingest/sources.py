"""What the user names to reports, one at a time: files, folders, addresses, standard input.

Everything is read as it is asked for, so a JSON Lines file of any length takes the memory of one line. A report that
cannot be had is a `Failure` with its place ("path:line"), and the next one follows.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import sys
import zlib
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from sayso.errors import InputError
from sayso.ingest.pages import LARGEST_PAGE, PageReader
from sayso.ingest.published import day_of
from sayso.ingest.reports import Options, build, from_record
from sayso.ingest.texts import decode, markdown, refuse_binary
from sayso.model import Report

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator

STDIN = "-"
_STDIN_NAME = "standard input"
_LARGEST_REPORT = LARGEST_PAGE  # bytes of one text, page or line
_LARGEST_JSON = 256_000_000  # bytes of a .json file, which has to be read whole
_SNIFFED = 4_096
# What a parser or the file system can say of one source; anything else is a fault of ours and shows itself.
_READ_ERRORS = (OSError, EOFError, zlib.error, gzip.BadGzipFile)


@dataclass(frozen=True, slots=True)
class Failure:
    """A source that gave no report, and why. `skipped` where nobody asked for it: an unknown file in a folder."""

    source: str
    message: str
    skipped: bool = False


Outcome = Report | Failure


def read(
    sources: Iterable[str | Path], options: Options | None = None, *, stdin: BinaryIO | None = None
) -> Iterator[Outcome]:
    """Reports of all `sources`, in order: files, folders (all they hold, sorted), addresses, "-" for standard input.

    Of two reports with one id the second is a failure. `stdin` replaces standard input in tests.
    """
    with PageReader() as pages:
        reader = _Reader(options or Options(), pages, stdin)
        for source in sources:
            yield from reader.read(str(source))


class _Reader:
    """Reads sources one after the other, and remembers the ids it has given out."""

    def __init__(self, options: Options, pages: PageReader, stdin: BinaryIO | None) -> None:
        self._options = options
        self._pages = pages
        self._stdin = stdin
        self._seen: set[bytes] = set()

    def read(self, source: str) -> Iterator[Outcome]:
        """The reports of one source; whatever is wrong with it becomes a failure."""
        name = _STDIN_NAME if source == STDIN else source
        for outcome in self._guarded(name, partial(self._opened, source)):
            yield self._first_of_its_id(outcome) if isinstance(outcome, _Named) else outcome

    def _first_of_its_id(self, named: _Named) -> Outcome:
        """The report, or a failure if its id was given out before; eight bytes are kept of each id."""
        key = hashlib.blake2b(named.report.id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        if key in self._seen:
            return Failure(named.source, f"a report with the id {named.report.id!r} was read before")
        self._seen.add(key)
        return named.report

    def _guarded(self, source: str, reports: Callable[[], Iterator[_Named | Failure]]) -> Iterator[_Named | Failure]:
        try:
            yield from reports()
        except InputError as exc:
            place = f"{exc.source}: " if exc.source and exc.source != source else ""
            yield Failure(source, f"{place}{exc.message}")
        except _READ_ERRORS as exc:
            yield Failure(source, f"cannot be read: {getattr(exc, 'strerror', None) or exc}")

    def _opened(self, source: str) -> Iterator[_Named | Failure]:
        if source == STDIN:
            return self._stream(self._stdin or sys.stdin.buffer, _STDIN_NAME)
        if "://" in source:
            return self._address(source)
        path = Path(source)
        return self._folder(path) if path.is_dir() else self._file(path)

    # --- files and folders ---

    def _folder(self, folder: Path) -> Iterator[_Named | Failure]:
        """Every file below `folder`, sorted by path; links to folders are not followed, hidden files not read."""
        for parent, folders, files in os.walk(folder):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(files):
                path = Path(parent, name)
                if name.startswith("."):
                    continue
                if _kind_of(path) is None:
                    yield Failure(str(path), f"skipped: {_UNKNOWN}", skipped=True)
                else:
                    yield from self._guarded(str(path), partial(self._file, path))

    def _file(self, path: Path) -> Iterator[_Named | Failure]:
        if not path.exists():
            raise InputError("there is no such file or folder")
        kind = _kind_of(path)
        if kind is None:
            with path.open("rb") as stream:
                refuse_binary(stream.read(_SNIFFED))
            raise InputError(_UNKNOWN)
        with path.open("rb") as packed:
            if path.suffix.lower() == ".gz":
                with gzip.GzipFile(fileobj=packed) as unpacked:
                    yield from self._by_kind(kind, cast("BinaryIO", unpacked), str(path))
            else:
                yield from self._by_kind(kind, packed, str(path))

    def _by_kind(self, kind: str, stream: BinaryIO, name: str) -> Iterator[_Named | Failure]:
        if kind == "lines":
            yield from self._json_lines(stream, name)
        elif kind == "json":
            yield from self._json(stream, name)
        elif kind == "page":
            yield self._page(_whole(stream, _LARGEST_REPORT), name)
        else:
            yield self._text(_whole(stream, _LARGEST_REPORT), name, is_markdown=kind == "markdown")

    # --- streams and addresses ---

    def _stream(self, stream: BinaryIO, name: str) -> Iterator[_Named | Failure]:
        """A stream without a name: what it begins with says what it is."""
        buffered = io.BufferedReader(cast("io.RawIOBase", stream), _SNIFFED)
        try:
            head = buffered.peek(_SNIFFED)
            if head.startswith(b"\x1f\x8b"):
                with gzip.GzipFile(fileobj=buffered) as unpacked:
                    yield from self._stream(cast("BinaryIO", unpacked), name)
                return
            yield from self._by_kind(_sniffed(head), cast("BinaryIO", buffered), name)
        finally:
            buffered.detach()

    def _address(self, url: str) -> Iterator[_Named | Failure]:
        from sayso.ingest.fetch import fetch  # noqa: PLC0415 - the network client is loaded for addresses only

        fetched = fetch(url, allow_private=self._options.allow_private)
        refuse_binary(fetched.content[:_SNIFFED] if (fetched.charset or "").startswith("utf-16") else fetched.content)
        media, stream = fetched.media_type or "", io.BytesIO(fetched.content)
        kind = _KIND_BY_MEDIA.get(media) or (_sniffed(fetched.content[:_SNIFFED]) if media in _UNSPECIFIC else None)
        if kind is None:
            raise InputError(f"the address gives {media}, not a page or a text")
        if kind == "page":
            yield self._page(fetched.content, fetched.url, url=fetched.url, charset=fetched.charset)
        else:
            yield from self._by_kind(kind, stream, fetched.url)

    # --- one report ---

    def _page(self, html: bytes, name: str, *, url: str | None = None, charset: str | None = None) -> _Named:
        refuse_binary(html[:_SNIFFED])
        page = self._pages.read(html, url=url, charset=charset)
        report = Report(
            id="",
            text=page.text,
            title=page.title,
            outlet=page.outlet,
            published=page.published,
            url=url or page.canonical,
            issues=page.issues,
        )
        return _Named(name, build(report, self._options))

    def _text(self, data: bytes, name: str, *, is_markdown: bool) -> _Named:
        text, issue = decode(data)
        title: str | None = None
        outlet: str | None = None
        published: dt.date | None = None
        if is_markdown:
            text, title, fields = markdown(text)
            outlet = fields.get("outlet") or fields.get("source") or fields.get("publisher")
            published = day_of(fields.get("published") or fields.get("date") or "")
        issues = (issue,) if issue else ()
        report = Report(id="", text=text, title=title, outlet=outlet, published=published, issues=issues)
        return _Named(name, build(report, self._options))

    # --- JSON ---

    def _json_lines(self, stream: BinaryIO, name: str, first: int = 1) -> Iterator[_Named | Failure]:
        """One report a line; blank lines are none. `first` is the number of the first line."""
        number = first - 1
        while line := stream.readline(_LARGEST_REPORT + 1):
            number += 1
            place = f"{name}:{number}"
            if len(line) > _LARGEST_REPORT and not line.endswith(b"\n"):
                yield Failure(place, f"the line is longer than {_LARGEST_REPORT:,} bytes")
                while line and not line.endswith(b"\n"):
                    line = stream.readline(_LARGEST_REPORT)
            elif line.strip(b" \t\r\n\xef\xbb\xbf"):
                yield self._record_at(place, line)

    def _record_at(self, place: str, line: bytes) -> _Named | Failure:
        try:
            return _Named(place, from_record(_parsed(line.rstrip(b"\r\n")), self._options))
        except InputError as exc:
            return Failure(place, exc.message)

    def _json(self, stream: BinaryIO, name: str) -> Iterator[_Named | Failure]:
        """One object, a list of objects, or, where the first line is an object and more follows, JSON Lines."""
        line = stream.readline(_LARGEST_REPORT)
        if line.lstrip(b" \t\xef\xbb\xbf").startswith(b"{") and line.endswith(b"\n") and _is_json(line):
            yield self._record_at(f"{name}:1", line)
            yield from self._json_lines(stream, name, first=2)
            return
        document = _parsed(line + _whole(stream, _LARGEST_JSON))
        if not isinstance(document, list):
            yield _Named(name, from_record(document, self._options))
            return
        for index, record in enumerate(document, 1):
            try:
                yield _Named(f"{name}#{index}", from_record(record, self._options))
            except InputError as exc:
                yield Failure(f"{name}#{index}", exc.message)


@dataclass(frozen=True, slots=True)
class _Named:
    """A report and where it came from."""

    source: str
    report: Report


_KIND_BY_SUFFIX = {
    ".txt": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "page",
    ".htm": "page",
    ".json": "json",
    ".jsonl": "lines",
    ".ndjson": "lines",
}
_KIND_BY_MEDIA = {
    "text/html": "page",
    "application/xhtml+xml": "page",
    "text/markdown": "markdown",
    "application/json": "json",
    "application/x-ndjson": "lines",
    "application/jsonl": "lines",
}
_UNSPECIFIC = frozenset({"", "text/plain", "application/octet-stream"})  # servers say these of anything
_UNKNOWN = f"of an unknown kind; known are {', '.join(_KIND_BY_SUFFIX)}, each also with .gz"


def _kind_of(path: Path) -> str | None:
    """What a file is, by the end of its name ("reports.jsonl.gz" is JSON Lines)."""
    name = path.name.lower().removesuffix(".gz")
    return _KIND_BY_SUFFIX.get(Path(name).suffix)


def _sniffed(head: bytes) -> str:
    """What bytes without a name are, by how they begin."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"{", b"[")) and not start.startswith(b"{\\rtf"):
        return "json"
    return "page" if start.startswith((b"<!doctype html", b"<html", b"<?xml", b"<!--", b"<head", b"<body")) else "text"


def _whole(stream: BinaryIO, limit: int) -> bytes:
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise InputError(f"more than {limit:,} bytes, unpacked; large collections are read as .jsonl, a report a line")
    return data


def _parsed(data: bytes) -> object:
    """The value of a JSON text in UTF-8."""
    try:
        return json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as exc:
        raise InputError(f"not UTF-8 at byte {exc.start}") from exc
    except json.JSONDecodeError as exc:
        raise InputError(f"not JSON: {exc.msg} at line {exc.lineno}, character {exc.colno}") from exc
    except RecursionError as exc:
        raise InputError("JSON that is nested too deeply to be read") from exc
    except ValueError as exc:  # a number of more digits than Python converts
        raise InputError(f"JSON that cannot be read: {exc}") from exc


def _is_json(line: bytes) -> bool:
    try:
        _parsed(line)
    except InputError:
        return False
    return True
