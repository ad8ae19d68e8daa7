"""The day on which a page was published, as the page itself says it, and where it says so.

Looked for where it is stated on purpose, surest first: JSON-LD, meta elements, a marked `<time>`, the path of the
address; then htmldate without its extensive search, which dated an undated page from its copyright line. The local day
is kept as written: 23:30 on 10 August at +02:00 is 10 August, for "Sunday" counts from the day of the outlet.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

Element = Any  # of lxml, which ships no types and is imported in the child only


class Published(NamedTuple):
    """A day and where it was stated."""

    day: dt.date
    how: str


# Sites that know no date write a placeholder: the year 1, or the first second of 1970.
_PLACEHOLDERS = frozenset({dt.date(1970, 1, 1), dt.date(1, 1, 1)})
_FIRST_YEAR, _LAST_YEAR = 1800, 2100
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?\d{4,6}Z?)?")
_DATE_HEAD = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?=$|[T\s])")


def day_of(written: str) -> dt.date | None:
    """The local day of a written date or time, whatever its zone; None where it is none or a placeholder.

    Understood are ISO 8601 dates and times, "2025/08/10", "20250810T120000Z" and the dates of mail headers.

    Example: "2025-08-10T23:30:00+02:00" -> 2025-08-10
    """
    written = written.strip()
    match = _DATE_HEAD.match(written) or _COMPACT.fullmatch(written)
    day: dt.date | None
    try:
        day = (
            dt.date(int(match[1]), int(match[2]), int(match[3]))
            if match
            else email.utils.parsedate_to_datetime(written).date()
        )
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return None if day in _PLACEHOLDERS or not _FIRST_YEAR <= day.year <= _LAST_YEAR else day


def find(tree: Element, *, url: str | None = None, html: str | None = None) -> Published | None:
    """When the page of `tree` was published, or None where it does not say.

    `html` lets htmldate look where nothing was stated on purpose.
    """
    for how, written in _stated(tree, url):
        if day := day_of(written):
            return Published(day, how)
    return _by_htmldate(html, url) if html else None


def _stated(tree: Element, url: str | None) -> Iterator[tuple[str, str]]:
    """Written dates and where they stand, surest first."""
    for written in _json_ld(tree):
        yield "JSON-LD datePublished", written
    yield from _meta(tree)
    yield from _time_elements(tree)
    if url and (match := _URL_DATE.search(url)):
        month = match[2].lower()
        number = _MONTHS.index(month[:3]) + 1 if month.isalpha() else int(month)
        yield "address", f"{match[1]}-{number:02d}-{match[3]}"


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_URL_DATE = re.compile(
    r"/((?:19|20)\d\d)[/-]?([01]\d|(?:" + "|".join(_MONTHS) + r")[a-z]*)[/-]?([0-3]\d)(?=[/.-]|$)", re.I
)

# --- JSON-LD ---

_ARTICLE = re.compile(r"(?:Article|BlogPosting|NewsReport|Report|LiveBlogPosting)$")
_DEEPEST = 12


def json_ld(tree: Element) -> list[dict[str, Any]]:
    """Every object of the page's JSON-LD, those inside @graph and lists included; broken scripts count for none."""
    nodes: list[dict[str, Any]] = []
    for script in tree.xpath("//script[contains(@type, 'ld+json')]"):
        source = re.sub(r"^\s*(?:<!--|//<!\[CDATA\[)|(?:-->|//\]\]>)\s*$", "", script.text_content())
        try:
            data = json.loads(source, strict=False)
        except (ValueError, RecursionError):
            continue
        nodes.extend(_objects(data, _DEEPEST))
    return nodes


def _objects(data: object, depth: int) -> Iterator[dict[str, Any]]:
    """Objects of `data` from the outside in; lists of other articles ("ItemList") are no part of this one."""
    if depth == 0:
        return
    if isinstance(data, dict):
        if "ItemList" in types_of(data):
            return
        yield data
    children = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    for child in children:
        if isinstance(child, (dict, list)):
            yield from _objects(child, depth - 1)


def types_of(node: dict[str, Any]) -> list[str]:
    """The types of a JSON-LD object, as a list even where there is one."""
    types = node.get("@type", [])
    return [str(kind) for kind in types] if isinstance(types, list) else [str(types)]


def is_article(node: dict[str, Any]) -> bool:
    """Whether a JSON-LD object is an article of some kind."""
    return any(_ARTICLE.search(kind) for kind in types_of(node))


def _json_ld(tree: Element) -> Iterator[str]:
    nodes = json_ld(tree)
    for node in (*filter(is_article, nodes), *nodes):
        for key in ("datePublished", "dateCreated"):
            value = node.get(key)
            first = value[0] if isinstance(value, list) and value else value
            if isinstance(first, str):
                yield first


# --- meta elements and <time> ---

# Names of meta elements (in property, name or itemprop) that give the day of publication, the most reliable first.
_META_NAMES = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "article.published",
    "citation_publication_date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "publication_date",
    "published_date",
    "publish-date",
    "publishdate",
    "pubdate",
    "date",
)


def _meta(tree: Element) -> Iterator[tuple[str, str]]:
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        for attribute in ("property", "name", "itemprop"):
            name = (element.get(attribute) or "").strip().lower()
            if name in _META_NAMES and element.get("content"):
                found.setdefault(name, element.get("content") or "")
    yield from ((f"meta {name}", found[name]) for name in _META_NAMES if name in found)
    for element in tree.xpath("//*[@itemprop='datePublished'][not(self::meta)]"):
        yield "itemprop datePublished", element.get("datetime") or element.get("content") or element.text_content()[:40]


def _time_elements(tree: Element) -> Iterator[tuple[str, str]]:
    """A `<time>` marked as the day of publication, or the only day that the page's `<time>` elements name."""
    times = [element for element in tree.iter("time") if element.get("datetime")]
    for element in times:
        if element.get("pubdate") is not None or re.search(r"publi|posted|entry-date", element.get("class") or ""):
            yield "time element", element.get("datetime") or ""
    days = {day_of(element.get("datetime") or "") for element in times}
    if len(days) == 1:
        yield "time element", times[0].get("datetime") or ""


def _by_htmldate(html: str, url: str | None) -> Published | None:
    from htmldate import find_date  # noqa: PLC0415 - heavy, and only wanted in the child that parses pages

    written = find_date(html, extensive_search=False, original_date=True, url=url)
    day = day_of(written) if written else None
    return Published(day, "htmldate") if day else None
