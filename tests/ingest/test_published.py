"""The day of publication: where a page states it, what comes first, and what is no day."""

from __future__ import annotations

import datetime as dt
import importlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.ingest import published

html: Any = importlib.import_module("lxml.html")  # which ships no types

DAY = dt.date(2025, 8, 10)
WRITTEN = [
    ("2025-08-10", DAY),
    ("2025-08-10T23:30:00+02:00", DAY),
    ("2025-08-10T23:30:00-0700", DAY),
    ("2025-08-10 07:15:00", DAY),
    ("2025-08-10T00:00:00.000Z", DAY),
    ("2025/8/10", DAY),
    ("20250810", DAY),
    ("20250810T120000Z", DAY),
    ("20250810120000", DAY),
    ("Sun, 10 Aug 2025 21:00:00 GMT", DAY),
    (" 2025-08-10 ", DAY),
    ("2025-13-10", None),
    ("2025", None),
    ("August 2025", None),
    ("yesterday", None),
    ("", None),
    ("0001-01-01T00:00:00", None),
    ("1970-01-01T00:00:00Z", None),
    ("10/08/2025", None),
]


@pytest.mark.parametrize(("written", "day"), WRITTEN)
def test_the_local_day_is_read_as_written(written: str, day: dt.date | None) -> None:
    assert published.day_of(written) == day


@given(st.text(max_size=40))
def test_any_string_is_a_day_or_none(written: str) -> None:
    day = published.day_of(written)

    assert day is None or 1800 <= day.year <= 2100


JSON_LD = '<script type="application/ld+json">%s</script>'
OTHER = "2024-01-01"
PAGES = [
    (
        "json-ld",
        JSON_LD % '{"@type": "NewsArticle", "datePublished": "2025-08-10T01:00+09:00"}',
        "JSON-LD datePublished",
    ),
    (
        "json-ld-list",
        JSON_LD % '[{"@type": "Organization"}, {"@type": "Report", "datePublished": "2025-08-10"}]',
        "JSON-LD datePublished",
    ),
    (
        "json-ld-graph",
        JSON_LD
        % (
            '{"@graph": [{"@type": "WebPage", "datePublished": "2024-01-01"}, '
            '{"@type": ["NewsArticle"], "datePublished": ["2025-08-10"]}]}'
        ),
        "JSON-LD datePublished",
    ),
    (
        "json-ld-nested",
        JSON_LD % '{"@type": "WebPage", "mainEntity": {"@type": "BlogPosting", "datePublished": "2025-08-10"}}',
        "JSON-LD datePublished",
    ),
    (
        "json-ld-other-articles",
        JSON_LD % '{"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle", "datePublished": "2024-01-01"}]}'
        + '<meta property="article:published_time" content="2025-08-10">',
        "meta article:published_time",
    ),
    ("json-ld-broken", JSON_LD % "{not json" + '<meta name="pubdate" content="20250810">', "meta pubdate"),
    (
        "json-ld-before-meta",
        f'<meta name="date" content="{OTHER}">' + JSON_LD % '{"@type": "Article", "datePublished": "2025-08-10"}',
        "JSON-LD datePublished",
    ),
    (
        "json-ld-no-day",
        JSON_LD % '{"@type": "Article", "datePublished": "soon"}' + '<meta name="DC.date.issued" content="2025-08-10">',
        "meta dc.date.issued",
    ),
    (
        "meta-best-first",
        f'<meta name="date" content="{OTHER}"><meta property="article:published_time" content="2025-08-10T05:00Z">',
        "meta article:published_time",
    ),
    ("meta-parsely", '<meta name="parsely-pub-date" content="2025-08-10T05:00Z">', "meta parsely-pub-date"),
    ("meta-itemprop", '<meta itemprop="datePublished" content="2025-08-10">', "meta datepublished"),
    ("itemprop", '<span itemprop="datePublished" content="2025-08-10">Sunday</span>', "itemprop datePublished"),
    (
        "time-pubdate",
        f'<time datetime="{OTHER}">x</time><time pubdate datetime="2025-08-10T10:00">x</time>',
        "time element",
    ),
    ("time-only", '<time datetime="2025-08-10">x</time><time datetime="2025-08-10T09:00">x</time>', "time element"),
]


@pytest.mark.parametrize(("page", "how"), [row[1:] for row in PAGES], ids=[row[0] for row in PAGES])
def test_the_surest_statement_wins(page: str, how: str) -> None:
    tree = html.fromstring(f"<html><head></head><body>{page}<p>Text</p></body></html>")

    assert published.find(tree) == published.Published(DAY, how)


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/2025/08/10/coup",
        "https://a.example/news/2025-08-10/coup.html",
        "https://a.example/2025/aug/10/coup",
        "https://a.example/20250810/coup",
    ],
)
def test_the_path_of_the_address_is_the_last_statement(url: str) -> None:
    tree = html.fromstring("<p>Text</p>")

    assert published.find(tree, url=url) == published.Published(DAY, "address")


def test_two_unmarked_times_and_a_copyright_line_are_no_statement() -> None:
    times = f'<time datetime="{OTHER}">a</time><time datetime="2025-08-10">b</time>'
    page = f"<html><body>{times}<p>© 2017 X</p></body></html>"

    assert published.find(html.fromstring(page), url="https://a.example/12345/2025") is None


def test_json_that_is_nested_without_end_is_passed_over() -> None:
    tree = html.fromstring(f"<html><body>{JSON_LD % ('[' * 50_000)}<p>Text</p></body></html>")

    assert published.find(tree) is None
