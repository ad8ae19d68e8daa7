"""Fifty hostile reports, shown harmless: in pages, in exports, and to a browser that would run what it is given."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.desk import hostile
from tests.desk.conftest import Running, Window

from sayso import pipeline
from sayso.desk.pages.report import address
from sayso.ledger import Ledger, Writer, query
from sayso.ledger.grouping import settling

Client = Callable[..., TestClient]
LISTS = ("/now", "/claims", "/reports", "/actors", "/network", "/coups", "/review", "/searches", "/second-coding")


@pytest.fixture(scope="module")
def hostile_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "hostile.db"
    with pipeline.open_ledger(path, create=True) as book:
        writer = Writer(book, "hostile")
        stored = [writer.add(report) for report in hostile.reports()]
        settling.settle(book)
    assert len(stored) == 50
    return path


@pytest.fixture
def book(hostile_file: Path) -> Iterator[Ledger]:
    with pipeline.open_ledger(hostile_file) as made:
        yield made


class Elements(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def addresses(book: Ledger) -> list[str]:
    """Every list, and every report with its claim chosen."""
    return [*LISTS, *(address(one.report, one.claim) for one in query.claims(book))]


def test_no_field_of_a_report_becomes_an_element_or_an_attribute(client: Client, book: Ledger) -> None:
    desk = client(book)

    for path in addresses(book):
        page = Elements(desk.get(path).text)
        tags = {tag for tag, _ in page.elements}
        loud = [
            (tag, name) for tag, given in page.elements for name in given if name.startswith("on") or name == "srcdoc"
        ]
        led = [given["href"] or "" for _, given in page.elements if "href" in given]
        scripts = [given.get("src") or "inline" for tag, given in page.elements if tag == "script"]

        assert tags.isdisjoint({"iframe", "img", "base", "object", "embed", "style"}), path
        assert loud == [], path
        assert [link for link in led if not link.startswith(("/", "#"))] == [], path
        assert all(script.startswith("/static/") for script in scripts), path
        assert "49" not in page.text.split("{{ 7 * 7 }}")[0][-20:], path


def test_the_text_of_a_report_is_shown_as_it_is(client: Client, book: Ledger) -> None:
    desk = client(book)

    for one in query.claims(book):
        page = desk.get(address(one.report)).text
        shown = Elements(page.partition('id="text"')[2].partition("</section>")[0]).text
        assert one.report.text.replace("\r", "\n").strip() in shown.replace("\r", "\n").partition(">")[2]


def test_no_cell_of_an_export_is_a_formula(client: Client, book: Ledger) -> None:
    table = csv.reader(io.StringIO(client(book).get("/claims.csv").text, newline=""))

    rows = list(table)
    assert len(rows) == 51
    assert [cell for row in rows for cell in row if cell[:1] in ("=", "+", "@", "\t", "\r")] == []
    assert [
        cell for row in rows for cell in row if cell.startswith("-") and not cell[1:].replace(".", "").isdecimal()
    ] == []


def test_a_browser_runs_nothing_of_it(
    book: Ledger, serve: Callable[..., Running], window: Callable[..., Window]
) -> None:
    seen = window(serve(book))
    seen.enter()

    for path in addresses(book):
        page = seen.go(path)
        assert page.title().endswith(" · Sayso"), path
        assert page.evaluate("document.querySelectorAll('img, iframe, base').length") == 0
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), path
