"""Feeds and sitemaps: XML documents that list pages, parsed in a child process under limits.

Their XML may declare nothing: a document type is refused before any parser sees it, and with it every entity that grows
and every file or address that an entity could name. The characters are decoded here, once, so that what was checked is
what gets parsed.
"""

from __future__ import annotations

import codecs
import json
import re
import subprocess
import sys
from enum import StrEnum
from typing import Any, cast

from sayso.errors import InputError

LARGEST_LISTING = 52_428_800  # bytes; what sitemaps.org allows a sitemap, and far above any feed
_SECONDS = 20  # of the processor; a sitemap of 50,000 pages takes 1.0 here, a feed of 1,000 entries 1.6
_PATIENCE = 300.0  # seconds by the clock, on however busy a machine
_MEMORY = 1_500_000_000  # bytes


class Listing(StrEnum):
    """What kind of list a document is."""

    FEED = "feed"
    SITEMAP = "sitemap"


_KIND_BY_ROOT = {
    "rss": Listing.FEED,
    "feed": Listing.FEED,
    "rdf": Listing.FEED,
    "urlset": Listing.SITEMAP,
    "sitemapindex": Listing.SITEMAP,
}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_DECLARED = re.compile(rb"""\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
# Codecs that are plain tables: Python also has some that take the square of the length.
_ENCODINGS = re.compile(
    r"(?:utf[-_]?(?:8|16|16[-_]?[lb]e)|us-ascii|ascii|iso[-_]?8859[-_]\d+|latin-?1|(?:windows|cp)-?12\d\d|koi8-[ru]|gb\w+|"
    r"big5|shift[-_]jis|euc-\w+|macintosh)",
    re.IGNORECASE,
)
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML knows no such characters
_PASSED_OVER = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)")


def characters(data: bytes, charset: str | None = None) -> str:
    """The characters of an XML document: by its byte order mark, the `charset` its server names, or its declaration.

    Bytes that are not in that encoding are read as Windows-1252. Raises `InputError` for binary data.
    """
    declared = _DECLARED.match(data[:400])
    named = [encoding for mark, encoding in _MARKS if data.startswith(mark)][:1]
    named += [charset] if charset else []
    named += [declared[1].decode("ascii")] if declared else []
    text = next(filter(None, (_decoded(data, encoding) for encoding in (*named, "utf-8"))), None)
    text = data.decode("cp1252", errors="replace") if text is None else text
    if "\0" in text:
        raise InputError("this is binary data, not a feed or a sitemap")
    return _UNREADABLE.sub("", text)


def _decoded(data: bytes, encoding: str) -> str | None:
    if not _ENCODINGS.match(encoding):
        return None
    try:
        return data.decode(encoding)
    except (LookupError, UnicodeDecodeError):
        return None


def kind_of(text: str) -> Listing | None:
    """What the document's first element says it is, None for none that lists pages.

    Raises `InputError` if something is declared before it: no listing needs a document type, and bombs do.
    """
    at = 0
    while passed := _PASSED_OVER.match(text, at):
        at = passed.end()
    if text.startswith("<!", at) and not text[at : at + 14].lower().startswith("<!doctype html"):
        raise InputError("its XML declares a document type, which could hide entities: refused")
    root = _ROOT.match(text, at)
    return _KIND_BY_ROOT.get(root[1].lower()) if root else None


def parsed(text: str, kind: Listing) -> dict[str, Any]:
    """What `sayso.ingest.listing_worker` says of a document, as plain values. Raises `InputError` if it cannot be parsed."""
    command = [sys.executable, "-P", "-m", "sayso.ingest.listing_worker", kind, str(_MEMORY), str(_SECONDS)]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no shell
            command, input=text.encode("utf-8", "replace"), capture_output=True, timeout=_PATIENCE, check=False
        )
    except subprocess.TimeoutExpired as exc:
        raise InputError(f"the {kind} took longer than {_PATIENCE:g} seconds to parse") from exc
    if not done.stdout.endswith(b"\n"):
        raise InputError(f"the {kind} took more than {_SECONDS} seconds or {_MEMORY // 1_000_000:,} MB to parse")
    answer = cast("dict[str, Any]", json.loads(done.stdout))
    if "error" in answer:
        raise InputError(f"the {kind} cannot be parsed ({answer['error']})")
    return answer
