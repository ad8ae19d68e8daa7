"""Sitemaps: pages of a site through its index, packed and plain, within bounds; entities refused."""

from __future__ import annotations

import gzip

import pytest

from sayso.errors import InputError
from sayso.ingest import sitemaps
from sayso.ingest.sitemaps import Listed, Sitemap

NEWS = b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://n.example/a?x=1&amp;y=2 </loc><lastmod>2025-08-12</lastmod>
<news:news><news:publication><news:name>AFP</news:name></news:publication>
<news:publication_date>2025-08-10T23:30:00+02:00</news:publication_date><news:title>Plot</news:title></news:news></url>
<url><image:image><image:loc>https://n.example/i.jpg</image:loc></image:image><loc>https://n.example/b</loc></url><url></url>
</urlset>"""


def urlset(*urls: str) -> bytes:
    return f"<urlset>{''.join(f'<url><loc>{url}</loc></url>' for url in urls)}</urlset>".encode()


def index(*urls: str) -> bytes:
    return f"<sitemapindex>{''.join(f'<sitemap><loc>{url}</loc></sitemap>' for url in urls)}</sitemapindex>".encode()


def test_pages_are_listed_with_what_a_news_sitemap_says() -> None:
    expected = Sitemap(
        (
            Listed("https://n.example/a?x=1&y=2", "Plot", "2025-08-10T23:30:00+02:00", "AFP"),
            Listed("https://n.example/b"),
        ),
        is_index=False,
    )

    assert sitemaps.parse(NEWS) == expected
    assert sitemaps.parse(gzip.compress(NEWS, mtime=0)) == expected


def test_an_index_is_followed_each_address_once_and_failures_are_told() -> None:
    site = {
        "i": index("a", "a", "i", "nested", "missing"),
        "a": gzip.compress(urlset("1", "2"), mtime=0),
        "nested": index("b", "i"),
        "b": urlset("2", "3"),
    }

    def fetch(url: str) -> bytes:
        if url not in site:
            raise InputError("the server answered 404")
        return site[url]

    found = list(sitemaps.pages(sitemaps.parse(site["i"]), fetch))

    assert [item.url if isinstance(item, Listed) else str(item) for item in found] == [
        "missing: the server answered 404",
        "1",
        "2",
        "3",
    ]


def test_an_index_without_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "_MOST_SITEMAPS", 3)
    number = iter(range(100))

    found = list(sitemaps.pages(sitemaps.parse(index("first")), lambda _: index(f"{next(number)}")))

    assert [str(item) for item in found] == ["2: more than 3 sitemaps: the others are left"]


def test_more_pages_than_allowed_are_refused() -> None:
    assert len(sitemaps.parse(urlset(*map(str, range(50_000)))).items) == 50_000
    with pytest.raises(InputError, match="more than 50,000 pages"):
        sitemaps.parse(urlset(*map(str, range(50_001))))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            b'<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>&x;</loc></url></urlset>',
            "document type",
        ),
        (b"<urlset><url><loc>&x;</loc></url></urlset>", "cannot be parsed"),
        (b"<urlset><url><loc>a</loc></url>", "cannot be parsed"),
        (b"<urlset>" + b"<a>" * 100_000, "cannot be parsed"),
        (gzip.compress(urlset("a"), mtime=0)[:-9], "ends too early"),
        (gzip.compress(b" " * 60_000_000, mtime=0), "unpacks to more than"),
        (b"<rss/>", "no sitemap"),
        (b"", "no sitemap"),
    ],
)
def test_what_cannot_be_trusted_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        sitemaps.parse(data)
