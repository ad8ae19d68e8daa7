"""Feeds: entries with the day as written, whole stories taken from the feed, others from the page; entities refused."""

from __future__ import annotations

import datetime as dt

import pytest

from sayso.errors import InputError
from sayso.ingest import feeds
from sayso.ingest.feeds import Entry, Feed
from sayso.ingest.listing_worker import plain
from sayso.model import Report

STORY = "The army said on Sunday that it had arrested twenty officers. " * 12
RSS = """<?xml version="1.0" encoding="{encoding}"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Le Sahel</title><link>https://news.example/</link>
<item><title>Officers &lt;b&gt;held&lt;/b&gt; in Ségou</title><link>/a</link><guid>a-1</guid>
<pubDate>Sun, 10 Aug 2025 23:30:00 -0500</pubDate><description>Short.</description>
<content:encoded><![CDATA[<p>{story}</p><script>alert(1)</script><figure><figcaption>A photo</figcaption></figure>
<p>More &amp; more.</p><!-- no text -->]]></content:encoded></item>
<item><title>Second</title><link>https://news.example/b</link><dc:date>2025-08-11T00:30:00+02:00</dc:date>
<description>A teaser only.</description></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Studio Tamani</title>
<entry><id>urn:1</id><title>Strike</title><link rel="alternate" href="https://t.example/1"/>
<published>2025-08-10T23:30:00+02:00</published><updated>2025-08-12T00:00:00Z</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Teachers went on strike.</p><p>Twice.</p></div></content>
</entry></feed>"""


def rss(encoding: str = "utf-8") -> bytes:
    return RSS.format(encoding=encoding, story=STORY.strip()).encode(encoding)


def page(url: str) -> Report:
    """A page that states nothing but its text."""
    return Report(id="", text=f"The page of {url}")


def test_entries_of_rss_are_read_with_their_text_and_local_day() -> None:
    feed = feeds.parse(rss(), url="https://news.example/feed")

    assert feed.title == "Le Sahel"
    assert feed.entries[0] == Entry(
        key="a-1",
        url="https://news.example/a",
        title="Officers held in Ségou",
        published="Sun, 10 Aug 2025 23:30:00 -0500",
        outlet=None,
        content=f"{STORY.strip()}\nMore & more.",
        summary="Short.",
    )
    assert feeds.report(feed.entries[0], feed, page).published == dt.date(2025, 8, 10)
    assert feeds.report(feed.entries[1], feed, page).published == dt.date(2025, 8, 11)


def test_a_whole_story_is_taken_from_the_feed_and_a_teaser_from_its_page() -> None:
    feed = feeds.parse(rss(), url="https://news.example/feed")
    first, second = (feeds.report(entry, feed, page) for entry in feed.entries)

    assert first.text.startswith("The army said on Sunday")
    assert second == Report(
        id="",
        text="The page of https://news.example/b",
        title="Second",
        outlet="Le Sahel",
        published=dt.date(2025, 8, 11),
        url="https://news.example/b",
    )


def test_what_the_page_states_wins_over_the_feed() -> None:
    feed = feeds.parse(rss(), url="https://news.example/feed")
    stated = Report(
        id="",
        text="x",
        title="Title of the page",
        outlet="AFP",
        published=dt.date(2025, 8, 9),
        url="https://n.example/c",
    )

    assert feeds.report(feed.entries[1], feed, lambda _: stated) == stated


def test_atom_keeps_the_day_of_publication_and_not_of_change() -> None:
    (entry,) = feeds.parse(ATOM.encode()).entries

    assert (entry.published, entry.content) == ("2025-08-10T23:30:00+02:00", "Teachers went on strike.\nTwice.")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252", "koi8-r"])
def test_feeds_are_decoded_by_mark_and_declaration(encoding: str) -> None:
    text = RSS.format(encoding=encoding.removesuffix("-sig"), story="x").replace(
        "é", "\xe9" if encoding != "koi8-r" else "ж"
    )

    (first, _) = feeds.parse(text.encode(encoding)).entries

    assert first.title == ("Officers held in Ségou" if encoding != "koi8-r" else "Officers held in Sжgou")


def test_utf_16_without_a_mark_and_a_wrong_declaration_are_read() -> None:
    assert feeds.parse(rss("utf-16-le")).title == "Le Sahel"
    assert feeds.parse(rss().replace(b'"utf-8"', b'"x-unknown"')).title == "Le Sahel"
    assert feeds.parse(rss(), charset="punycode").title == "Le Sahel"


LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
DECLARED = {
    "billion laughs": f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha">{LAUGHS}]><rss><channel>&l9;</channel></rss>',
    "external entity": '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item>&x;</item></channel></rss>',
    "external subset": '<!DOCTYPE rss SYSTEM "http://127.0.0.1/x.dtd"><rss><channel/></rss>',
    "behind comments": "<?xml version='1.0'?><!-- a --><?b c?>\n<!-- <rss> --><!DOCTYPE rss []><rss/>",
    "in capitals": "<!doctype RSS [<!entity x 'y'>]><rss/>",
}


@pytest.mark.parametrize("name", DECLARED)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
def test_xml_that_declares_a_document_type_is_refused(name: str, encoding: str) -> None:
    with pytest.raises(InputError, match="declares a document type"):
        feeds.parse(DECLARED[name].encode(encoding))


def test_a_document_type_inside_a_story_is_none_of_the_feed() -> None:
    data = rss().replace(b"<![CDATA[", b"<![CDATA[<!DOCTYPE html [ ]>")

    assert len(feeds.parse(data).entries) == 2


def test_a_feed_that_breaks_off_gives_the_entries_before() -> None:
    data = rss()

    assert [entry.title for entry in feeds.parse(data[: data.index(b"<description>A teaser")]).entries] == [
        "Officers held in Ségou",
        "Second",
    ]


@pytest.mark.parametrize(
    "data", [b"", b"<html></html>", b"text", b"<urlset/>", b"\x89PNG\0\0", b"<!DOCTYPE html><rss/>"]
)
def test_what_is_no_feed_is_refused(data: bytes) -> None:
    with pytest.raises(InputError):
        feeds.parse(data)


def test_an_entry_without_link_gives_what_there_is_and_says_so() -> None:
    entry = Entry("k", None, "Title", None, None, "", "Ten people were arrested.")

    assert feeds.report(entry, Feed("F", ()), page).issues == (
        "the feed gives no more than this of the story, and no link to it",
    )
    with pytest.raises(InputError, match="neither text nor a link"):
        feeds.report(Entry("k", None, "Title", None, None, "", ""), Feed("F", ()), page)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a &lt; b &amp; c", "a < b & c"),
        ("<p>One <b>bold</b>\nword</p>tail<br>line<ul><li>x</li></ul>", "One bold word\ntail\nline\nx"),
        ("<script>x</script><!-- c -->kept", "kept"),
        ("plain", "plain"),
        ("<p></p>", ""),
    ],
)
def test_html_becomes_lines_of_text(html: str, text: str) -> None:
    assert plain(html) == text
