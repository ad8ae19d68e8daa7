"""Pages: golden ones come out as kept, hostile ones end in an error that says why, and never take the parent along."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sayso.errors import InputError
from sayso.ingest.pages import LARGEST_PAGE, PageReader

if TYPE_CHECKING:
    from collections.abc import Iterator

GOLDEN = Path(__file__).parents[1] / "golden" / "pages"
TEXT = "The army said on Sunday that it had arrested twenty officers in the capital after an attempt to seize power."
PARAGRAPH = f"<p>{TEXT}</p>"


@pytest.fixture(scope="module")
def reader() -> Iterator[PageReader]:
    with PageReader(seconds=3.0) as pages:
        yield pages


@pytest.mark.parametrize("name", ["json_ld", "meta", "dateless"])
def test_a_page_comes_out_as_its_golden_file_says(name: str, reader: PageReader) -> None:
    page = reader.read((GOLDEN / f"{name}.html").read_bytes())
    expected = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))

    assert {
        "text": page.text,
        "title": page.title,
        "outlet": page.outlet,
        "published": page.published.isoformat() if page.published else None,
        "published_how": page.published_how,
        "canonical": page.canonical,
        "issues": list(page.issues),
    } == expected


def test_a_truncated_page_gives_what_it_has(reader: PageReader) -> None:
    page = reader.read(f"<html><body><article>{PARAGRAPH * 4}<p>And th".encode())

    assert page.text.startswith(TEXT)


def test_the_charset_of_the_server_is_believed(reader: PageReader) -> None:
    page = reader.read(
        f"<article>{PARAGRAPH.replace('officers', 'офицеры') * 4}</article>".encode("koi8-r"), charset="koi8-r"
    )

    assert "офицеры" in page.text


@pytest.mark.parametrize("html", [b"", b"   ", b"<html></html>", b"\xff\xfe", b"<!-- -->", b"<div>" * 200_000])
def test_a_page_without_an_article_is_an_error_that_says_so(html: bytes, reader: PageReader) -> None:
    with pytest.raises(InputError, match=r"no article|cannot be parsed"):
        reader.read(html)


def test_a_tag_with_a_hundred_thousand_attributes_is_given_up_in_time() -> None:
    """It held the parser for minutes; the next page is read by a fresh process."""
    attributes = " ".join(f'a{number}="{number}"' for number in range(100_000))
    with PageReader(seconds=1.5) as reader:
        start = time.monotonic()
        with pytest.raises(InputError, match=r"longer than 1\.5 seconds"):
            reader.read(f"<html><body><div {attributes}>{PARAGRAPH * 8}</div></body></html>".encode())
        assert time.monotonic() - start < 10

        assert reader.read(f"<article>{PARAGRAPH * 4}</article>".encode()).text.startswith(TEXT)


def test_a_page_of_nested_tags_gives_text_or_an_error(reader: PageReader) -> None:
    start = time.monotonic()
    with contextlib.suppress(InputError):
        reader.read(("<b>" * 350_000 + PARAGRAPH * 8).encode())

    assert time.monotonic() - start < 10


def test_a_page_that_takes_too_much_memory_is_an_error() -> None:
    with PageReader(seconds=30, memory=300_000_000) as reader:
        with pytest.raises(InputError, match="memory"):
            reader.read(b"<article>" + b"<p>a <b>b</b> c</p>" * 900_000)

        assert reader.read(f"<article>{PARAGRAPH * 4}</article>".encode()).text.startswith(TEXT)


def test_a_page_above_the_limit_is_refused_unparsed(reader: PageReader) -> None:
    with pytest.raises(InputError, match="20,000,000 are the limit"):
        reader.read(b"a" * (LARGEST_PAGE + 1))


def test_nothing_heavy_is_imported_by_the_parent() -> None:
    code = (
        "import sys, sayso.ingest, sayso.ingest.pages; "
        "print(sorted({'lxml', 'trafilatura', 'htmldate', 'httpx', 'py3langid', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
