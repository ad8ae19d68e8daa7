"""The child process that parses pages: started by `sayso.ingest.pages`, with limits, and killed when it overruns them.

It reads requests from standard input and answers on standard output: a line of JSON with the size of the page, then the
page; back comes one line of JSON, {"page": ...} or {"error": ...}. Everything heavy is imported here and nowhere else.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from sayso.ingest.published import Element

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_SMALL = 1_000_000  # bytes
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# Browsers read Latin-1 as Windows-1252, and the pages that name it count on that.
_BROWSERS_READ = dict.fromkeys(("iso-8859-1", "latin-1", "latin1", "ascii", "us-ascii"), "cp1252")
_REFUSED_EVENTS = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "ftplib.", "urllib.")


def main() -> None:
    """Serve until standard input closes. The arguments are the limits: bytes of memory, seconds a page."""
    memory, seconds = int(sys.argv[1]), int(sys.argv[2])
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not look like an answer
    logging.disable(logging.CRITICAL)
    _limit_memory(memory)
    try:
        import htmldate  # noqa: F401, PLC0415
        import trafilatura  # noqa: F401, PLC0415
    except Exception as exc:  # told to the parent, which raises
        _answer(answers, {"error": f"{type(exc).__name__}: {exc}"})
        return
    sys.addaudithook(_refuse)
    _answer(answers, {"ready": True})
    _serve(sys.stdin.buffer, answers, seconds)


def _limit_memory(size: int) -> None:
    try:
        import resource  # noqa: PLC0415 - there is none on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _refuse(event: str, _: tuple[object, ...]) -> None:
    """A page has no business with the network or with other programs, whatever the library that parses it thinks."""
    if event.startswith(_REFUSED_EVENTS):
        raise PermissionError(f"the page reader may not {event}")


def _answer(answers: BinaryIO, value: dict[str, Any]) -> None:
    answers.write(json.dumps(value).encode("ascii") + b"\n")
    answers.flush()


def _serve(requests: BinaryIO, answers: BinaryIO, seconds: int) -> None:
    while line := requests.readline():
        request = json.loads(line)
        html = requests.read(request["size"])
        _alarm(seconds)
        try:
            answer: dict[str, Any] = {"page": extract(html, url=request["url"], charset=request["charset"])}
        except MemoryError:
            answer = {"error": "the page takes too much memory"}
        except RecursionError:
            answer = {"error": "the page is nested too deeply"}
        except Exception as exc:  # whatever a parser trips over is this page's error
            answer = {"error": f"the page cannot be parsed ({type(exc).__name__}: {str(exc)[:200]})"}
        # A parser that ran out of memory may say anything, and what it holds is not given back.
        if "error" in answer and len(html) > _SMALL:
            answer["fatal"] = True
        _alarm(0)
        _answer(answers, answer)


def _alarm(seconds: int) -> None:
    """End this process by itself should the parent, which would kill it, be gone."""
    import signal  # noqa: PLC0415

    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


def extract(html: bytes, *, url: str | None, charset: str | None) -> dict[str, Any]:
    """Text and particulars of a page, as plain values that go through JSON."""
    import trafilatura  # noqa: PLC0415

    from sayso.ingest import published  # noqa: PLC0415

    source, issue = decode(html, charset)
    tree = trafilatura.load_html(source)
    if tree is None:
        raise ValueError("no HTML in it, or more than the memory holds" if len(html) > _SMALL else "no HTML in it")
    particulars = _particulars(tree)
    day = published.find(tree, url=url or particulars["canonical"], html=source)
    document = trafilatura.bare_extraction(
        source,
        url=url,
        include_comments=False,
        include_tables=False,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    stated = document.as_dict() if document is not None and not isinstance(document, dict) else {}
    title = particulars["title"] or stated.get("title")
    return {
        "text": _without_headline(stated.get("text") or "", title),
        "title": title,
        "outlet": particulars["outlet"] or stated.get("sitename"),
        "published": day.day.isoformat() if day else None,
        "published_how": day.how if day else None,
        "canonical": particulars["canonical"],
        "issues": [issue] if issue else [],
    }


def _without_headline(text: str, title: str | None) -> str:
    """The text below its headline: a claim told in both would be told twice."""
    first, _, rest = text.partition("\n")
    return rest.lstrip("\n") if rest and _string(first) == title else text


def decode(html: bytes, charset: str | None) -> tuple[str, str | None]:
    """Characters of a page, by its byte order mark, the charset of the answer or of its meta element, or as UTF-8."""
    named = _CHARSET.search(html[:4096])
    told = [encoding for mark, encoding in _MARKS if html.startswith(mark)]
    for encoding in (*told, charset, named[1].decode("ascii") if named else None, "utf-8"):
        if encoding is None:
            continue
        try:
            return html.decode(_BROWSERS_READ.get(encoding.lower(), encoding)), None
        except (LookupError, UnicodeDecodeError):
            continue
    return html.decode("utf-8", errors="replace"), "some bytes of the page are in no encoding that it names"


def _particulars(tree: Element) -> dict[str, str | None]:
    """Title, outlet and canonical address, as JSON-LD and Open Graph state them."""
    from sayso.ingest.published import is_article, json_ld  # noqa: PLC0415

    article = next(filter(is_article, json_ld(tree)), {})
    publisher = article.get("publisher")
    publisher = publisher[0] if isinstance(publisher, list) and publisher else publisher
    name = publisher.get("name") if isinstance(publisher, dict) else None
    canonical = _first(tree, "//link[contains(concat(' ', @rel, ' '), ' canonical ')]/@href") or _meta(tree, "og:url")
    return {
        "title": _string(article.get("headline")) or _meta(tree, "og:title"),
        "outlet": _string(name) or _meta(tree, "og:site_name"),
        "canonical": canonical if canonical and canonical.startswith(("http://", "https://")) else None,
    }


def _meta(tree: Element, name: str) -> str | None:
    return _first(tree, f"//meta[@property='{name}' or @name='{name}']/@content")


def _first(tree: Element, xpath: str) -> str | None:
    return next((_string(str(value)) for value in tree.xpath(xpath)), None)


def _string(value: object) -> str | None:
    return " ".join(value.split()) or None if isinstance(value, str) else None


if __name__ == "__main__":
    main()
