"""RSS and Atom: what a feed says of its entries, and the report of each.

The day of publication is the local one as written: feedparser turns every time into UTC, which moves "23:30 -0500" to the
next day, so its parsed times are not used.
"""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from sayso.errors import InputError
from sayso.ingest import listings
from sayso.ingest.listings import Listing
from sayso.ingest.published import day_of
from sayso.model import Report

if TYPE_CHECKING:
    from collections.abc import Callable

# Characters of content that count as the whole story; teasers of feeds that call them "content" end below it.
WHOLE_STORY = 600
_TEASER = ("...", "…", "[…]", "[...]", "read more", "continue reading")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed, its HTML made plain text; `published` is the date as written, `content` "" where it has none."""

    key: str
    url: str | None
    title: str | None
    published: str | None
    outlet: str | None
    content: str
    summary: str

    @property
    def is_whole(self) -> bool:
        """Whether the feed carries the story itself and not just its beginning."""
        return len(self.content) >= WHOLE_STORY and not self.content.lower().rstrip(" \n»>").endswith(_TEASER)


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: its title, and its entries in its own order."""

    title: str | None
    entries: tuple[Entry, ...]


def parse(data: bytes, *, url: str | None = None, charset: str | None = None) -> Feed:
    """The feed in `data`; `url` is where it came from, for links that are relative.

    Raises `InputError` for what is no feed, declares a document type, or takes too long or too much memory to parse.
    """
    text = listings.characters(data, charset)
    if listings.kind_of(text) is not Listing.FEED:
        raise InputError("this is no RSS or Atom feed")
    said = listings.parsed(text, Listing.FEED)
    return Feed(said["title"], tuple(_entry(values, url) for values in said["entries"]))


def _entry(values: dict[str, str | None], base: str | None) -> Entry:
    url = values["url"]
    if url and base:
        with contextlib.suppress(ValueError):  # "http://[" and the like: the fetcher says what is wrong with it
            url = urljoin(base, url)
    written = "\x1f".join(filter(None, (values["title"], values["published"], values["summary"], values["content"])))
    return Entry(
        key=values["key"] or url or hashlib.sha256(written.encode("utf-8", "replace")).hexdigest(),
        url=url,
        title=values["title"],
        published=values["published"],
        outlet=values["outlet"],
        content=values["content"] or "",
        summary=values["summary"] or "",
    )


def report(entry: Entry, feed: Feed, linked: Callable[[str], Report]) -> Report:
    """The report of an entry, not yet built: its own text where the feed carries the whole story, else the page it links to.

    `linked` reads a page; what the page states of itself wins over what the feed says. Raises `InputError` for an entry
    that has neither text nor page.
    """
    stated = Report(
        id="",
        text=entry.content,
        title=entry.title,
        outlet=entry.outlet or feed.title,
        published=day_of(entry.published or ""),
        url=entry.url,
    )
    if entry.is_whole:
        return stated
    if entry.url and entry.url.startswith(("http://", "https://")):
        page = linked(entry.url)
        return replace(
            page,
            title=page.title or stated.title,
            outlet=page.outlet or stated.outlet,
            published=page.published or stated.published,
            url=page.url or entry.url,
        )
    text = max(entry.content, entry.summary, key=len)
    if not text:
        raise InputError("the entry has neither text nor a link")
    return replace(stated, text=text, issues=("the feed gives no more than this of the story, and no link to it",))
