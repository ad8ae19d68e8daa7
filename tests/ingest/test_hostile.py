"""A folder and a server full of malformed and hostile input: nothing stops, each bad one has its line, each good one is read."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import threading
import time
import zipfile
import zlib
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sayso.ingest import Failure, Options, read
from sayso.model import Report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STORY = "The army said on Sunday that it had arrested twenty officers over a plot against the government. " * 12
PAGE = f"<html><head><title>Plot</title></head><body><article><p>{STORY}</p></article></body></html>"


def story(name: str) -> str:
    """A text that nobody else has: reports of one text would have one id."""
    return f"Report {name}. {STORY}"


def page(name: str) -> bytes:
    return PAGE.replace("The army", f"Report {name}. The army", 1).encode()


def answer(body: bytes, kind: str = "text/html; charset=utf-8", *headers: str) -> bytes:
    return "\r\n".join((f"HTTP/1.1 200 OK\r\nContent-Type: {kind}", *headers)).encode() + b"\r\n\r\n" + body


def warc(block: bytes, *, length: int | None = None, url: str = "https://n.example/x") -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2025-08-11T09:30:00Z\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block) if length is None else length}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def rss(items: str, declared: str = "") -> str:
    return f'<?xml version="1.0"?>{declared}<rss xmlns:c="http://purl.org/rss/1.0/modules/content/"><channel>{items}</channel></rss>'


def item(name: str) -> str:
    return f"<item><title>{name}</title><c:encoded>{story(name)}</c:encoded></item>"


def zipped() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("a.txt", STORY)
    return data.getvalue()


@cache
def zeros(size: int) -> bytes:
    """`size` zero bytes packed with gzip, a thousandth as large."""
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(bytes(1_000_000)) for _ in range(size // 1_000_000)) + packer.flush()


LAUGHS = "<!DOCTYPE rss [<!ENTITY l0 'ha'>" + "".join(f"<!ENTITY l{n + 1} '{f'&l{n};' * 10}'>" for n in range(9)) + "]>"
EXTERNAL = "<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
PDF, PNG = b"%PDF-1.7\n" + bytes(500), b"\x89PNG\r\n\x1a\n" + bytes(500)

# Files that give no report, what begins their message, and how they are made.
BAD: dict[str, tuple[str, Callable[[], bytes]]] = {
    "truncated.txt.gz": ("cannot be read: Compressed file ended", lambda: gzip.compress(STORY.encode())[:-20]),
    "truncated.jsonl.gz": (
        "cannot be read: Compressed file ended",
        lambda: gzip.compress(json.dumps({"text": STORY}).encode())[:-20],
    ),
    "crc.txt.gz": ("cannot be read: CRC check failed", lambda: gzip.compress(STORY.encode())[:-8] + bytes(8)),
    "not-packed.txt.gz": ("cannot be read: Not a gzipped file", STORY.encode),
    "damaged.html.gz": ("cannot be read: ", lambda: gzip.compress(page("x"))[:40] + b"\xff" * 80),
    "empty.json.gz": ("", lambda: gzip.compress(b"")),
    "bomb.txt.gz": ("more than 20,000,000 bytes", lambda: zeros(60_000_000)),
    "bomb.html.gz": ("more than 20,000,000 bytes", lambda: zeros(60_000_000)),
    "bomb.jsonl.gz": ("the line is longer than", lambda: zeros(60_000_000)),
    "bomb.xml.gz": ("more than 52,428,800 bytes", lambda: zeros(60_000_000)),
    "inner-bomb.warc": (
        "it unpacks to more than",
        lambda: warc(answer(zeros(60_000_000), "text/html", "Content-Encoding: gzip")),
    ),
    "cut.warc": ("the archive ends within", lambda: warc(answer(page("x")))[:-200]),
    "cut.warc.gz": ("the packed data ends too early", lambda: gzip.compress(warc(answer(page("x"))))[:-20]),
    "no-length.warc": (
        "its headers give no length",
        lambda: warc(answer(page("x"))).replace(b"Content-Length", b"Length"),
    ),
    "negative.warc": ("its headers give no length", lambda: warc(b"", length=-5)),
    "short.warc": ("its length is not what", lambda: warc(answer(page("x")), length=20)),
    "huge.warc": ("the record has 999,999,999,999 bytes", lambda: warc(b"x", length=999_999_999_999)),
    "brotli.warc": ("the page is packed as br", lambda: warc(answer(b"x", "text/html", "Content-Encoding: br"))),
    "endless-header.warc": ("its headers do not end", lambda: b"WARC/1.0\r\n" + b"A: b\r\n" * 100_000),
    "no-archive.warc": ("damaged: no record begins here", STORY.encode),
    "no-archive.warc.gz": ("there is no WARC record in it", lambda: gzip.compress(STORY.encode())),
    "png.warc": ("this is an image", lambda: warc(answer(PNG))),
    "laughs.rss": ("its XML declares a document type", lambda: rss(item("x") + "&l9;", LAUGHS).encode()),
    "laughs-16.xml": ("its XML declares a document type", lambda: rss("&l9;", LAUGHS).encode("utf-16")),
    "laughs-16-bare.xml": ("its XML declares a document type", lambda: rss("&l9;", LAUGHS).encode("utf-16-le")),
    "external.atom": (
        "its XML declares a document type",
        f"{EXTERNAL}<feed><entry>&x;</entry></feed>".encode,
    ),
    "external-sitemap.xml": ("its XML declares a document type", f"{EXTERNAL}<urlset>&x;</urlset>".encode),
    "parameter.xml": ("its XML declares", lambda: b"<!DOCTYPE a [<!ENTITY % p SYSTEM 'http://127.0.0.1/'>%p;]><rss/>"),
    "deep-sitemap.xml": ("the sitemap cannot be parsed", lambda: b"<urlset>" + b"<a>" * 100_000),
    "cut-sitemap.xml": ("the sitemap cannot be parsed", lambda: b"<urlset><url><loc>http://n.example/"),
    "nested.rss": ("the ", lambda: rss("<item><a>" + "<b>" * 100_000).encode()),
    "other.xml": ("this XML is neither", lambda: b"<note><to>you</to></note>"),
    "binary.rss": ("this is binary data", lambda: b"<rss>" + bytes(100)),
    "pdf.rss": ("this is a PDF", lambda: PDF),
    "nested.html": ("", lambda: b"<div>" * 100_000),
    "attributes.html": ("", lambda: b"<p " + b" ".join(b"a%d=1" % n for n in range(100_000)) + b">x</p>"),
    "unclosed.html": ("no article", lambda: b"<html><body><!-- "),
    "large.html": ("more than 20,000,000 bytes", lambda: b"<p>word </p>" * 8_500_000),
    "null.html": ("this is binary data", lambda: b"<html>\0" + page("x")),
    "pdf.html": ("this is a PDF", lambda: PDF),
    "zip.html": ("this is a zip archive", zipped),
    "png.html": ("this is an image", lambda: PNG),
    "pdf.txt": ("this is a PDF", lambda: PDF),
    "zip.txt": ("this is a zip archive", zipped),
    "png.txt": ("this is an image", lambda: PNG),
    "gzip.txt": ("this is compressed with gzip", lambda: gzip.compress(STORY.encode())),
    "null.txt": ("this is binary data", lambda: b"word \0 word"),
    "utf-16-bare.txt": ("this is binary data", lambda: STORY.encode("utf-16-le")),
    "utf-16-odd.txt": ("the byte order mark says", lambda: b"\xff\xfe" + STORY.encode("utf-16-le")[:-1]),
    "utf-32-bad.txt": ("the byte order mark says", lambda: b"\xff\xfe\0\0\xff\xff\xff\xff"),
    "empty.txt": ("there is no text in it", lambda: b""),
    "blank.md": ("there is no text in it", lambda: b"---\ntitle: x\n---\n \n"),
    "array.json": ("there is no text in it", lambda: b'[{"text": ""}]'),
    "number.json": ("a report is a JSON object", lambda: b"7"),
    "wrong-types.jsonl": ('it has no "text"', lambda: b'{"text": {"a": 1}}'),
    "wrong-id.jsonl": ('its "id" is a list', lambda: b'{"text": "x", "id": []}'),
    "no-text.jsonl": ('it has no "text"', lambda: b'{"title": "x"}'),
    "cut.jsonl": ("not JSON", lambda: b'{"text": "x'),
    "deep.json": ("JSON that is nested too deeply", lambda: b"[" * 200_000),
    "deep-object.jsonl": ("JSON that is nested too deeply", lambda: b'{"a":' * 100_000),
    "digits.jsonl": ("JSON that cannot be read", lambda: b'{"id": ' + b"9" * 6_000 + b"}"),
    "surrogate.jsonl": ("character 0 of the text is half of a pair", lambda: b'{"text": "\\ud800"}'),
    "latin.jsonl": ("not UTF-8 at byte", lambda: '{"text": "Ségou"}'.encode("latin-1")),
    "ten-megabytes.jsonl": ("not JSON", lambda: b'{"text": "' + b"a" * 10_000_000),
    "long-line.jsonl": ("the line is longer than", lambda: b'{"text": "' + b"a" * 25_000_000),
}
# Files among them that can be read, in part or as a whole, with the names that their reports begin with.
GOOD: dict[str, tuple[list[str], Callable[[], bytes]]] = {
    "a.txt": (["a"], lambda: story("a").encode()),
    "b.html": (["b"], lambda: page("b")),
    "c.jsonl": (["c", "d"], lambda: b"\n".join(json.dumps({"text": story(name)}).encode() for name in "cd")),
    "e.jsonl": (
        ["e"],
        lambda: json.dumps({"text": story("e"), "id": "e"}).encode() + b'\n[1]\n{"text": "again", "id": "e"}',
    ),
    "f.warc.gz": (["f", "g"], lambda: b"".join(gzip.compress(block) for block in swollen())),
    "h.warc": (["h"], lambda: warc(answer(page("x")), length=10) + warc(answer(page("h")))),
    "i.rss": (["i", "j"], lambda: rss(item("i") + "<item/>" + item("j")).encode()),
    "k.atom": (["k"], f"<feed><entry><title>k</title><content>{story('k')}</content></entry></feed>".encode),
    "l.txt": (["l"], lambda: story("l").encode("utf-16")),
    "n.xml.gz": (["n"], lambda: gzip.compress(rss(item("n")).encode())),
}
BAD_WITHIN_GOOD = {"e.jsonl:2", "e.jsonl:3", "f.warc.gz#record 2", "h.warc#record 1", "i.rss#entry 2"}


def swollen() -> list[bytes]:
    """Two pages with a bomb between them."""
    bomb = warc(answer(bytes(30_000_000)))
    return [warc(answer(page("f"))), bomb, warc(answer(page("g"), "text/plain"))]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Report | Failure]]:
    """Everything in one folder, read at once."""
    folder = tmp_path_factory.mktemp("hostile")
    for name, (_, make) in (BAD | GOOD).items():
        (folder / name).write_bytes(make())
    return folder, list(read([folder]))


def test_every_bad_file_has_its_own_line(outcomes: tuple[Path, list[Report | Failure]]) -> None:
    folder, found = outcomes
    told = {str(Path(f.source).relative_to(folder)): f.message for f in found if isinstance(f, Failure)}

    for name, (message, _) in BAD.items():
        lines = [said for place, said in told.items() if place == name or place.startswith((f"{name}:", f"{name}#"))]
        assert len(lines) == 1, (name, lines)
        assert lines[0].startswith(message), (name, lines)
    others = {place for place in told if place.split(":")[0].split("#")[0] not in BAD}
    assert others == BAD_WITHIN_GOOD


def test_every_good_file_among_them_is_read(outcomes: tuple[Path, list[Report | Failure]]) -> None:
    reports = [outcome for outcome in outcomes[1] if isinstance(outcome, Report)]
    expected = [name for names, _ in GOOD.values() for name in names]

    assert sorted(report.text.split("Report ")[1][0] for report in reports if "Report " in report.text) == sorted(
        expected
    )
    assert len(reports) == len(expected)


def test_there_are_sixty_and_more() -> None:
    assert len(BAD) + len(GOOD) >= 60
    assert len(PRIVATE) >= 25


# --- addresses ---

PRIVATE = [
    "http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://0x7f.0x0.0x0.0x1/",
    "http://0177.0.0.1/", "http://017700000001/", "http://127.0.0.1./", "http://0/", "http://0.0.0.0/", "http://localhost/",
    "http://localhost./", "http://LOCALHOST/", "http://[::1]/", "http://[::]/", "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/", "http://[::127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/",
    "http://[fe80::1]/", "http://[fc00::1]/", "http://[fec0::1]/", "http://10.0.0.1/", "http://172.16.0.1/",
    "http://192.168.0.1/", "http://169.254.169.254/latest/meta-data/", "http://100.64.0.1/", "http://224.0.0.1/",
    "http://example.org@127.0.0.1/", "http://127.0.0.1#@example.org/", "http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/",
    "file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "http:///x", "http://[::1", "http://a b/",
]  # fmt: skip


def test_no_spelling_of_a_private_address_is_asked() -> None:
    found = list(read(PRIVATE))

    assert [failure.source for failure in found if isinstance(failure, Failure)] == PRIVATE


class _Handler(BaseHTTPRequestHandler):
    """Answers each path with one kind of trouble."""

    def do_GET(self) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            getattr(self, f"_{self.path.strip('/').split('.')[0]}")()

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""

    def _send(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"content_type": "text/html; charset=utf-8", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _good(self) -> None:
        self._send(page("of the server"))

    def _circle(self) -> None:
        self._send(b"", 302, location="/circle2")

    def _circle2(self) -> None:
        self._send(b"", 302, location="/circle")

    def _private(self) -> None:
        self._send(b"", 302, location=f"http://127.0.0.2:{self.server.server_port}/good")  # type: ignore[attr-defined]

    def _metadata(self) -> None:
        self._send(b"", 302, location="http://169.254.169.254/latest/")

    def _silent(self) -> None:
        self.server.closing.wait(20)  # type: ignore[attr-defined]

    def _dripping(self) -> None:
        self.send_response(200)
        self.end_headers()
        while not self.server.closing.wait(0.05):  # type: ignore[attr-defined]
            self.wfile.write(b"a")

    def _endless(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        chunk = b"10000\r\n" + b"a" * 65_536 + b"\r\n"
        while not self.server.closing.is_set():  # type: ignore[attr-defined]
            self.wfile.write(chunk)

    def _large(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(100):
            self.wfile.write(b"<p>word</p>" * 95_000)

    def _longer(self) -> None:
        self._send(page("x"), content_length="999999")

    def _bomb(self) -> None:
        self._send(zeros(30_000_000), content_encoding="gzip")

    def _brotli(self) -> None:
        self._send(b"x", content_encoding="br")

    def _pdf(self) -> None:
        self._send(PDF)

    def _image(self) -> None:
        self._send(PNG, content_type="image/png")

    def _missing(self) -> None:
        self._send(b"gone", 404)

    def _laughs(self) -> None:
        self._send(rss("&l9;", LAUGHS).encode(), content_type="application/rss+xml")

    def _packed(self) -> None:
        self._send(zeros(60_000_000), content_type="application/gzip")

    def _garbage(self) -> None:
        self.wfile.write(b"\0\1\2 nothing like http\r\n\r\n")

    def _feed(self) -> None:
        self._send(self._links("item", "link", "rss"), content_type="application/rss+xml")

    def _sitemap(self) -> None:
        self._send(gzip.compress(self._links("url", "loc", "urlset")), content_type="application/gzip")

    def _links(self, element: str, link: str, root: str) -> bytes:
        """A listing of a good page, one on a private address, and one that is missing."""
        port = self.server.server_port  # type: ignore[attr-defined]
        urls = (f"http://127.0.0.1:{port}/good", f"http://127.0.0.2:{port}/good", f"http://127.0.0.1:{port}/missing")
        return f"<{root}>{''.join(f'<{element}><{link}>{url}</{link}></{element}>' for url in urls)}</{root}>".encode()


PATHS = {
    "circle": "more than 5 redirects",
    "private": "127.0.0.2 is not a public address",
    "metadata": "169.254.169.254 is not a public address",
    "silent": "took too long",
    "dripping": "took too long",
    "endless": "the page is larger than",
    "large": "the page is larger than",
    "longer": "no answer",
    "bomb": "the page is larger than",
    "brotli": "the page is packed as br",
    "pdf": "this is a PDF",
    "image": "",
    "missing": "the server answered 404",
    "laughs": "its XML declares a document type",
    "packed": "it unpacks to",
    "garbage": "no answer",
}


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.daemon_threads, server.block_on_close = True, False
        for size in (30_000_000, 60_000_000):
            zeros(size)  # made before anybody waits for them
        server.closing = threading.Event()  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.closing.set()  # type: ignore[attr-defined]
        server.shutdown()
        thread.join()


LOCAL = Options(allow_private=frozenset({"127.0.0.1"}))


def test_a_hostile_server_stops_nothing(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from sayso.ingest import fetch

    limits: Any = fetch.Limits(seconds=5.0)
    monkeypatch.setattr(fetch, "Limits", lambda: limits)
    started = time.monotonic()
    found = list(read([*(f"{base}/{path}" for path in PATHS), f"{base}/good"], LOCAL))

    told = {failure.source.rsplit("/", 1)[1]: failure.message for failure in found if isinstance(failure, Failure)}
    assert [path for path, message in PATHS.items() if message not in told.get(path, "nothing told")] == []
    assert [outcome.text[:20] for outcome in found if isinstance(outcome, Report)] == ["Report of the server"]
    assert time.monotonic() - started < 60


@pytest.mark.parametrize("path", ["feed", "sitemap.xml.gz"])
def test_a_listing_leads_to_its_good_page_and_tells_of_the_others(base: str, path: str) -> None:
    good, private, missing = read([f"{base}/{path}"], LOCAL)

    assert isinstance(good, Report)
    assert good.url == f"{base}/good"
    assert isinstance(private, Failure)
    assert "127.0.0.2 is not a public address" in private.message
    assert isinstance(missing, Failure)
    assert "the server answered 404" in missing.message
