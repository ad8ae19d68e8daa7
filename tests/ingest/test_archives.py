"""Web archives: the pages of whole, cut, swollen and lying files, each record at its place."""

from __future__ import annotations

import gzip
import io
import random
from typing import TYPE_CHECKING

import pytest

from sayso.errors import InputError
from sayso.ingest.archives import Capture, captures, gunzip

if TYPE_CHECKING:
    from collections.abc import Callable

HTML = b"<html><body><p>The army said on Sunday that it had arrested twenty officers.</p></body></html>"


def http(body: bytes = HTML, *headers: str, status: str = "200 OK", kind: str = "text/html; charset=UTF-8") -> bytes:
    """An answer of a server as it went over the wire."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def record(block: bytes | None = None, *, number: int = 1, kind: str = "response", length: int | None = None) -> bytes:
    """A WARC record; `length` lies about the size of its block."""
    block = http() if block is None else block
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n"
        f"WARC-Target-URI: https://news.example/{number}\r\nWARC-Date: 2025-08-11T09:30:00Z\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\n"
        f"Content-Length: {len(block) if length is None else length}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def read(data: bytes, *, limit: int = 1_000_000) -> list[str]:
    """Addresses of the pages and "#place: message" of the damaged ones, in order."""
    return [
        f"{(found.source or '').removeprefix('a.warc')}: {found.message}"
        if isinstance(found, InputError)
        else found.url
        for found in captures(io.BytesIO(data), "a.warc", limit=limit)
    ]


def url(number: int) -> str:
    return f"https://news.example/{number}"


PACKINGS: dict[str, Callable[[list[bytes]], bytes]] = {
    "plain": b"".join,
    "member by member": lambda records: b"".join(gzip.compress(one, mtime=0) for one in records),
    "as one member": lambda records: gzip.compress(b"".join(records), mtime=0),
}
packings = pytest.mark.parametrize("packing", PACKINGS)


@packings
def test_a_page_keeps_its_address_place_and_date_of_capture(packing: str) -> None:
    data = PACKINGS[packing]([record(kind="warcinfo"), record(number=2), record(kind="request"), record(number=4)])

    first, second = captures(io.BytesIO(data), "a.warc.gz")

    assert first == Capture("a.warc.gz#record 2", url(2), "2025-08-11T09:30:00Z", HTML, "text/html", "utf-8")
    assert isinstance(second, Capture)
    assert second.place == "a.warc.gz#record 4"


@packings
@pytest.mark.parametrize(
    "other",
    [
        record(http(b"\x89PNG", kind="image/png")),
        record(http(b"", "Location: /x", status="301 Moved Permanently")),
        record(http(b"gone", status="404 Not Found")),
        record(kind="revisit"),
        record(b"text", kind="resource"),
        record(http(b"x" * 2_000_000, kind="video/mp4"), kind="resource"),
    ],
)
def test_what_is_no_page_is_passed_over(packing: str, other: bytes) -> None:
    assert read(PACKINGS[packing]([other, record(number=2)])) == [url(2)]


CHUNKED = b"10\r\n" + HTML[:16] + b"\r\n" + f"{len(HTML) - 16:x}".encode() + b"\r\n" + HTML[16:] + b"\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    "block",
    [
        http(CHUNKED, "Transfer-Encoding: chunked"),
        http(gzip.compress(HTML, mtime=0), "Content-Encoding: gzip"),
        http(HTML, "Content-Encoding: gzip"),
        http(HTML, "Transfer-Encoding: chunked"),
    ],
)
def test_bodies_are_unpacked_where_they_are_packed(block: bytes) -> None:
    (found,) = captures(io.BytesIO(record(block)), "a.warc")

    assert isinstance(found, Capture)
    assert found.content == HTML


@packings
@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (record(length=10), "its length is not what its headers say"),
        (record(length=9_999_999_999), "the record has 9,999,999,999 bytes; 1,000,000 are the limit"),
        (record(http(b"x" * 1_100_000)), "the record has 1,100,059 bytes; 1,000,000 are the limit"),
        (record().replace(b"Content-Length", b"Content-Size"), "its headers give no length"),
        (record(b"HTTP/1.1 200 OK\r\nA: " + b"x" * 400_000), "the headers of the response do not end"),
        (record(http(HTML, "Content-Encoding: br")), "the page is packed as br, which is not unpacked"),
        (record(http(gzip.compress(HTML, mtime=0)[:-20], "Content-Encoding: gzip")), "the packed data ends too early"),
        (record(http(gzip.compress(b"a" * 5_000_000, mtime=0))), "it unpacks to more than 1,000,000 bytes"),
    ],
)
def test_a_damaged_record_has_its_place_and_the_next_is_read(packing: str, bad: bytes, message: str) -> None:
    found = read(PACKINGS[packing]([record(number=1), bad, record(number=3)]))

    assert found[0] == url(1)
    assert found[-1] == url(3)
    assert len(found) == 3
    assert found[1].startswith("#record 2: ")
    assert found[1].split(": ", 1)[1] == message


def test_a_length_that_is_too_long_swallows_no_other_record() -> None:
    records = [record(number=1), record(length=len(http()) + 60), record(number=3)]

    assert read(PACKINGS["plain"](records)) == [url(1), "#record 2: its length is not what its headers say", url(3)]
    assert read(PACKINGS["member by member"](records)) == [
        url(1),
        "#record 2: the archive ends within this record: 157 bytes of 213",
        url(3),
    ]


def test_a_damaged_member_does_not_take_the_next_with_it() -> None:
    members = [
        gzip.compress(record(number=number, block=http(random.Random(number).randbytes(3_000))), mtime=0)
        for number in range(1, 4)
    ]
    members[1] = members[1][:900] + b"\xff" * 400 + members[1][1_300:]

    found = read(b"".join(members))

    assert [found[0], found[2]] == [url(1), url(3)]
    assert found[1].startswith("#record 2: the packed data is damaged")


def test_a_member_cut_at_the_end_of_the_file_is_told() -> None:
    data = gzip.compress(record(number=1), mtime=0) + gzip.compress(record(number=2), mtime=0)

    assert read(data[:-40]) == [url(1), "#record 2: the packed data ends too early"]
    assert read(data[:-4]) == [url(1), "#record 2: the packed data ends too early"]


def test_a_bomb_is_given_up_and_the_next_member_read() -> None:
    bomb = gzip.compress(record(http(b"\0" * 150_000_000)), compresslevel=9, mtime=0)

    assert len(bomb) < 200_000
    assert read(bomb + gzip.compress(record(number=2), mtime=0)) == [
        "#record 1: the record has 150,000,059 bytes; 1,000,000 are the limit",
        url(2),
    ]


@pytest.mark.parametrize(
    "data",
    [b"", b"\r\n\r\n", b"no archive at all", b"\x1f\x8b", gzip.compress(b"no archive", mtime=0), b"\0" * 100_000],
)
def test_what_is_no_archive_gives_at_most_one_error(data: bytes) -> None:
    found = read(data)

    assert len(found) == (1 if data.strip(b"\r\n") else 0)


def test_cut_anywhere_nothing_is_raised_and_every_whole_record_is_read() -> None:
    plain = [record(number=number) for number in range(1, 4)]
    packed = [gzip.compress(one, mtime=0) for one in plain]
    for parts in (plain, packed):
        whole = b"".join(parts)
        for cut in range(0, len(whole), 7):
            expected = sum(cut >= sum(map(len, parts[: number + 1])) for number in range(3))
            assert [line for line in read(whole[:cut]) if line.startswith("http")][:expected] == [
                url(n + 1) for n in range(expected)
            ]


def test_gunzip_stops_at_its_limit() -> None:
    assert gunzip(gzip.compress(b"abc", mtime=0), limit=3) == b"abc"
    with pytest.raises(InputError, match="more than 2 bytes"):
        gunzip(gzip.compress(b"abc", mtime=0), limit=2)
    with pytest.raises(InputError, match="ends too early"):
        gunzip(gzip.compress(b"abc", mtime=0)[:-1], limit=3)
