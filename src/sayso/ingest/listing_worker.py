"""The child process that parses one feed or one sitemap: started by `sayso.ingest.listings`, with limits.

The document comes on standard input, in UTF-8 and without a document type; one line of JSON goes out. What is said in
HTML inside a feed leaves as plain text.
"""

from __future__ import annotations

import io
import json
import logging
import os
import re
import sys
from typing import Any

from sayso.ingest import worker

_MOST_ENTRIES = 10_000
_MOST_PAGES = 50_000  # what sitemaps.org allows
# fmt: off
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "footer", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "li", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul",
))
# fmt: on
_UNREAD = ("script", "style", "figure", "figcaption", "iframe", "noscript", "form", "button", "svg")


def main() -> None:
    """Parse standard input. The arguments are the kind of listing and the limits: bytes of memory, seconds."""
    kind, memory, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not look like an answer
    logging.disable(logging.CRITICAL)
    worker._limit_memory(memory)
    _limit_time(seconds)
    parse = feed if kind == "feed" else sitemap
    data = sys.stdin.buffer.read()
    sys.addaudithook(worker._refuse)
    try:
        answer = parse(data)
    except Exception as exc:  # whatever a parser trips over is this document's error
        answer = {"error": f"{type(exc).__name__}: {str(exc)[:200]}"}
    answers.write(json.dumps(answer).encode("ascii") + b"\n")
    answers.flush()


def _limit_time(seconds: int) -> None:
    """Of the processor, for a busy machine is no fault of the document."""
    try:
        import resource  # noqa: PLC0415 - there is none on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


# --- feeds ---


def feed(data: bytes) -> dict[str, Any]:
    """Title and entries of an RSS or Atom feed; dates as they are written."""
    import feedparser  # type: ignore[import-untyped]  # noqa: PLC0415

    found = feedparser.parse(
        io.BytesIO(data),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,  # nothing of it is shown: `plain` takes the tags away
        resolve_relative_uris=False,
    )
    if not found.entries and found.bozo:
        raise ValueError(str(found.bozo_exception))
    return {
        "title": _line(found.feed.get("title")),
        "entries": [_entry(entry) for entry in found.entries[:_MOST_ENTRIES]],
    }


def _entry(entry: Any) -> dict[str, str | None]:
    contents = [part.get("value") or "" for part in entry.get("content") or ()]
    return {
        "key": _line(entry.get("id")),
        "url": _line(entry.get("link")),
        "title": _line(plain(entry.get("title") or "")),
        "published": _line(entry.get("published") or entry.get("updated")),
        "outlet": _line((entry.get("source") or {}).get("title")),
        "content": plain(max(contents, key=len, default="")),
        "summary": plain(entry.get("summary") or ""),
    }


def _line(value: object) -> str | None:
    return " ".join(value.split()) or None if isinstance(value, str) else None


def plain(html: str) -> str:
    """The text of a piece of HTML, a line a block; scripts, captions and forms left out."""
    if "<" not in html and "&" not in html:
        return html.strip()
    import lxml.html  # type: ignore[import-untyped]  # noqa: PLC0415

    tree = lxml.html.document_fromstring(f"<div>{html}</div>")
    for element in list(tree.iter(*_UNREAD)):
        element.drop_tree()
    pieces: list[str] = []
    for event, element in lxml.etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        pieces.append("\n" if element.tag in _BLOCKS else "")
        text = element.text if event == "start" else element.tail
        pieces.append(re.sub(r"\s+", " ", text or ""))
    return "\n".join(filter(None, (" ".join(line.split()) for line in "".join(pieces).split("\n"))))


# --- sitemaps ---


def sitemap(data: bytes) -> dict[str, Any]:
    """Pages of a sitemap, or sitemaps of an index, with what Google's news extension says of each."""
    from lxml import etree  # noqa: PLC0415

    items: list[dict[str, str | None]] = []
    events = etree.iterparse(
        io.BytesIO(data),
        events=("end",),
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        recover=False,
        load_dtd=False,
    )
    is_index = False
    for _, element in events:
        name = etree.QName(element).localname if isinstance(element.tag, str) else ""
        if name in ("url", "sitemap"):
            is_index = is_index or name == "sitemap"
            items.append(_listed(element))
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
        if len(items) > _MOST_PAGES:
            raise ValueError(f"it lists more than {_MOST_PAGES:,} pages")
    return {"is_index": is_index, "items": [item for item in items if item["url"]]}


def _listed(element: Any) -> dict[str, str | None]:
    from lxml import etree  # noqa: PLC0415

    said: dict[str, str] = {}
    for child in (*element, *element.iter()):  # its own address before that of its images
        if isinstance(child.tag, str) and child.text:
            said.setdefault(etree.QName(child).localname, child.text)
    return {
        "url": _line(said.get("loc")),
        "title": _line(said.get("title")),
        "published": _line(said.get("publication_date")),
        "outlet": _line(said.get("name")),
    }


if __name__ == "__main__":
    main()
