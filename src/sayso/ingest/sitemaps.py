"""Sitemaps: the pages that a site lists, through its index, each address once."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso.errors import InputError
from sayso.ingest import listings
from sayso.ingest.archives import GZIP, gunzip
from sayso.ingest.listings import LARGEST_LISTING, Listing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MOST_SITEMAPS = 1_000  # of one index, its own indexes included


@dataclass(frozen=True, slots=True)
class Listed:
    """An address in a sitemap, and what a news sitemap says of its page; `published` is the date as written."""

    url: str
    title: str | None = None
    published: str | None = None
    outlet: str | None = None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What one document lists: pages, or, if it is an index, other sitemaps."""

    items: tuple[Listed, ...]
    is_index: bool


def parse(data: bytes, *, charset: str | None = None) -> Sitemap:
    """The sitemap in `data`, plain or gzipped.

    Raises `InputError` for what is no sitemap, unpacks to more than 50 MB, lists more than 50,000 pages, declares a
    document type, or takes too long to parse.
    """
    if data.startswith(GZIP):
        data = gunzip(data, limit=LARGEST_LISTING)
    text = listings.characters(data, charset)
    if listings.kind_of(text) is not Listing.SITEMAP:
        raise InputError("this is no sitemap")
    said = listings.parsed(text, Listing.SITEMAP)
    return Sitemap(tuple(Listed(**item) for item in said["items"]), said["is_index"])


def pages(first: Sitemap, fetch: Callable[[str], bytes]) -> Iterator[Listed | InputError]:
    """Pages that a sitemap lists, those of the sitemaps in its index included; errors for sitemaps that cannot be had.

    Indexes of indexes are followed, though sitemaps.org knows none; circles end because no address is asked for twice.
    """
    waiting, seen = deque([first]), {""}
    fetched = 0
    while waiting:
        sitemap = waiting.popleft()
        for item in sitemap.items:
            if item.url in seen:
                continue
            seen.add(item.url)
            if not sitemap.is_index:
                yield item
            elif fetched >= _MOST_SITEMAPS:
                yield InputError(f"more than {_MOST_SITEMAPS:,} sitemaps: the others are left", source=item.url)
                return
            else:
                fetched += 1
                try:
                    waiting.append(parse(fetch(item.url)))
                except InputError as exc:
                    yield InputError(exc.message, source=item.url)
