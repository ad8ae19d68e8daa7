"""What the user names to reports, one at a time: files, folders, archives, feeds, sitemaps, addresses, standard input.

Everything is read as it is asked for, so a JSON Lines file of any length takes the memory of one line. A report that
cannot be had is a `Failure` with its place ("path:line"), and the next one follows.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import sys
import zlib
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from sayso.errors import InputError
from sayso.ingest import archives, feeds, listings, sitemaps, spreadsheets
from sayso.ingest.pages import LARGEST_PAGE, PageReader
from sayso.ingest.published import day_of
from sayso.ingest.reports import Options, build, from_record, report_id
from sayso.ingest.texts import decode, markdown, refuse_binary
from sayso.model import Report

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator

    from sayso.ingest.fetch import Fetched

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
    sources: Iterable[str | Path],
    options: Options | None = None,
    *,
    stdin: BinaryIO | None = None,
    repeats: bool = False,
) -> Iterator[Outcome]:
    """Reports of all `sources`, in order: files, folders (all they hold, sorted), addresses, "-" for standard input.

    Of two reports with one id the second is a failure; with `repeats` it comes again where its text and outlet are the same, for
    those that know it. `stdin` replaces standard input in tests.
    """
    with PageReader() as pages:
        reader = _Reader(options or Options(), pages, stdin, repeats=repeats)
        for source in sources:
            yield from reader.read(str(source))


class _Reader:
    """Reads sources one after the other, and remembers the ids it has given out."""

    def __init__(self, options: Options, pages: PageReader, stdin: BinaryIO | None, *, repeats: bool) -> None:
        self._options = options
        self._pages = pages
        self._stdin = stdin
        self._repeats = repeats
        self._seen: dict[bytes, bytes] = {}  # id: text and outlet, eight bytes of each

    def read(self, source: str) -> Iterator[Outcome]:
        """The reports of one source; whatever is wrong with it becomes a failure."""
        name = _STDIN_NAME if source == STDIN else source
        for outcome in self._guarded(name, partial(self._opened, source)):
            yield self._first_of_its_id(outcome) if isinstance(outcome, _Named) else outcome

    def _first_of_its_id(self, named: _Named) -> Outcome:
        """The report, or a failure if its id was given out before."""
        report = named.report
        key, content = _short(report.id), _short(report_id(report.text, report.outlet))
        before = self._seen.get(key)
        if before is None:
            self._seen[key] = content
        elif not self._repeats or before != content:
            return Failure(named.source, f"a report with the id {report.id!r} was read before")
        return report

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
                if kind_of(path) is None:
                    yield Failure(str(path), f"skipped: {_UNKNOWN}", skipped=True)
                else:
                    yield from self._guarded(str(path), partial(self._file, path))

    def _file(self, path: Path) -> Iterator[_Named | Failure]:
        if not path.exists():
            raise InputError("there is no such file or folder")
        kind = kind_of(path)
        if kind is None:
            with path.open("rb") as stream:
                refuse_binary(stream.read(_SNIFFED))
            raise InputError(_UNKNOWN)
        with path.open("rb") as packed:
            if kind == "archive":
                yield from self._archive(packed, str(path))
            elif path.suffix.lower() == ".gz":
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
        elif kind == "listing":
            yield from self._listing(_whole(stream, listings.LARGEST_LISTING), name)
        elif kind == "table":
            yield from self._table(stream, name)
        elif kind == "archive":
            raise InputError("archives are read from files: save it first")
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
        fetched, kind = self._fetched(url)
        if kind == "page":
            yield self._page(fetched.content, fetched.url, url=fetched.url, charset=fetched.charset)
        elif kind == "listing":
            yield from self._listing(fetched.content, fetched.url, url=fetched.url, charset=fetched.charset)
        else:
            yield from self._by_kind(kind, io.BytesIO(fetched.content), fetched.url)

    def _fetched(self, url: str) -> tuple[Fetched, str]:
        """The answer of an address, unpacked if it is a file packed with gzip, and what kind it is."""
        from sayso.ingest.fetch import fetch  # noqa: PLC0415 - the network client is loaded for addresses only

        fetched = fetch(url, allow_private=self._options.allow_private)
        content, media = fetched.content, fetched.media_type or ""
        if content.startswith(archives.GZIP):
            content, media = archives.gunzip(content, limit=listings.LARGEST_LISTING), ""
        refuse_binary(content[:_SNIFFED] if (fetched.charset or "").startswith("utf-16") else content)
        sniffed = _sniffed(content[:_SNIFFED])
        kind = sniffed if media in _UNSPECIFIC or sniffed == "listing" else _KIND_BY_MEDIA.get(media)
        if kind is None:
            raise InputError(f"the address gives {media}, not a page or a text")
        return replace(fetched, content=content), kind

    # --- what holds or lists pages ---

    def _archive(self, packed: BinaryIO, name: str) -> Iterator[_Named | Failure]:
        """Pages of a WARC file. When one was archived says nothing about when it was published: it is kept as an issue."""
        for found in archives.captures(packed, name):
            if isinstance(found, InputError):
                yield Failure(found.source or name, found.message)
            else:
                yield from self._guarded(found.place, partial(self._captured, found))

    def _captured(self, found: archives.Capture) -> Iterator[_Named]:
        when = (f"archived at {found.captured}",) if found.captured else ()
        if found.media_type == "text/plain":
            text, issue = decode(found.content)
            report = Report(id="", text=text, url=found.url, issues=(issue,) if issue else ())
        else:
            refuse_binary(found.content[:_SNIFFED])
            report = self._page_report(found.content, url=found.url, charset=found.charset)
        yield _Named(found.place, build(replace(report, issues=(*report.issues, *when)), self._options))

    def _listing(
        self, data: bytes, name: str, *, url: str | None = None, charset: str | None = None
    ) -> Iterator[_Named | Failure]:
        """Entries of a feed, pages of a sitemap, or the page itself where XML turns out to be one."""
        if b"\0" not in data[:4]:  # as UTF-16 may have it, with or without its mark
            refuse_binary(data[:4])
        kind = listings.kind_of(listings.characters(data, charset))
        if kind is listings.Listing.FEED:
            yield from self._feed(feeds.parse(data, url=url, charset=charset), name)
        elif kind is listings.Listing.SITEMAP:
            yield from self._sitemap(sitemaps.parse(data, charset=charset), name)
        elif _sniffed(data[:_SNIFFED]) == "page" and b"<html" in data[:_SNIFFED].lower():
            yield self._page(data, name, url=url, charset=charset)
        else:
            raise InputError("this XML is neither a feed nor a sitemap")

    def _feed(self, feed: feeds.Feed, name: str) -> Iterator[_Named | Failure]:
        for number, entry in enumerate(feed.entries, 1):
            place = f"{name}#entry {number}"
            yield from self._guarded(place, partial(self._entry, entry, feed, place))

    def _entry(self, entry: feeds.Entry, feed: feeds.Feed, place: str) -> Iterator[_Named]:
        yield _Named(place, build(feeds.report(entry, feed, self._linked), self._options))

    def _sitemap(self, sitemap: sitemaps.Sitemap, name: str) -> Iterator[_Named | Failure]:
        for found in sitemaps.pages(sitemap, lambda url: self._fetched(url)[0].content):
            if isinstance(found, InputError):
                yield Failure(found.source or name, found.message)
            else:
                yield from self._guarded(found.url, partial(self._listed, found))

    def _listed(self, item: sitemaps.Listed) -> Iterator[_Named]:
        page = self._linked(item.url)
        report = replace(
            page,
            title=page.title or item.title,
            outlet=page.outlet or item.outlet,
            published=page.published or day_of(item.published or ""),
        )
        yield _Named(item.url, build(report, self._options))

    def _linked(self, url: str) -> Report:
        """The page that a listing links to, not yet built."""
        fetched, kind = self._fetched(url)
        if kind != "page":
            raise InputError("the link leads to no page", source=url)
        return self._page_report(fetched.content, url=fetched.url, charset=fetched.charset)

    # --- one report ---

    def _page(self, html: bytes, name: str, *, url: str | None = None, charset: str | None = None) -> _Named:
        refuse_binary(html[:_SNIFFED])
        return _Named(name, build(self._page_report(html, url=url, charset=charset), self._options))

    def _page_report(self, html: bytes, *, url: str | None, charset: str | None) -> Report:
        page = self._pages.read(html, url=url, charset=charset)
        return Report(
            id="",
            text=page.text,
            title=page.title,
            outlet=page.outlet,
            published=page.published,
            url=url or page.canonical,
            canonical=page.canonical,
            issues=page.issues,
        )

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

    # --- tables and JSON ---

    def _table(self, stream: BinaryIO, name: str) -> Iterator[_Named | Failure]:
        """One report a row; keys that JSON has are columns here."""
        for number, found in spreadsheets.records(stream):
            place = f"{name}:{number}"
            try:
                if isinstance(found, InputError):
                    raise found
                yield _Named(place, from_record(found, self._options))
            except InputError as exc:
                yield Failure(place, exc.message)

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


def _short(said: str) -> bytes:
    return hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=8).digest()


_KIND_BY_SUFFIX = {
    ".txt": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "page",
    ".htm": "page",
    ".json": "json",
    ".jsonl": "lines",
    ".csv": "table",
    ".tsv": "table",
    ".ndjson": "lines",
    ".warc": "archive",
    ".xml": "listing",
    ".rss": "listing",
    ".atom": "listing",
}
_KIND_BY_MEDIA = {
    "text/html": "page",
    "application/xhtml+xml": "page",
    "text/markdown": "markdown",
    "text/csv": "table",
    "text/tab-separated-values": "table",
    "application/json": "json",
    "application/x-ndjson": "lines",
    "application/jsonl": "lines",
    "application/rss+xml": "listing",
    "application/atom+xml": "listing",
    "application/rdf+xml": "listing",
    "application/xml": "listing",
    "text/xml": "listing",
}
_LISTING = re.compile(rb"\s*(?:<[?!][^>]{0,2000}>\s*){0,8}<(?:rss|feed|rdf:rdf|urlset|sitemapindex)[\s>]")
_UNSPECIFIC = frozenset({"", "text/plain", "application/octet-stream"})  # servers say these of anything
KNOWN = f"{', '.join(_KIND_BY_SUFFIX)}, each also with .gz"
_UNKNOWN = f"of an unknown kind; known are {KNOWN}"


def kind_of(path: Path) -> str | None:
    """What a file is, by the end of its name ("reports.jsonl.gz" is JSON Lines)."""
    name = path.name.lower().removesuffix(".gz")
    return _KIND_BY_SUFFIX.get(Path(name).suffix)


def _sniffed(head: bytes) -> str:
    """What bytes without a name are, by how they begin."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if _LISTING.match(start):
        return "listing"
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
