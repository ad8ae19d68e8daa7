"""Sources: every kind of file, folder, stream and address to reports, and bad ones to failures that say where."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import threading
import tracemalloc
import unicodedata
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.ingest import Failure, Options, read
from sayso.ingest.reports import from_record, report_id
from sayso.model import Report

if TYPE_CHECKING:
    from collections.abc import Iterator

GOLDEN = Path(__file__).parents[1] / "golden" / "pages"
TEXT = "The army said on Sunday that it had arrested twenty officers.\r\n\r\nMore to follow."
RECORD = {"id": "a1", "title": "Plot", "outlet": "AFP", "published": "2025-08-10", "language": "en", "text": TEXT}
NO_DAY = 'no day of publication: words like "Sunday" stay open'


def one(*sources: str | Path, options: Options | None = None, stdin: bytes = b"") -> Report:
    """The only report of some sources."""
    (outcome,) = read(sources, options, stdin=io.BytesIO(stdin))
    assert isinstance(outcome, Report), outcome
    return outcome


def failures(*sources: str | Path, stdin: bytes = b"") -> list[tuple[str, str]]:
    """Names and messages of what failed."""
    outcomes = list(read(sources, stdin=io.BytesIO(stdin)))
    return [(Path(f.source).name, f.message) for f in outcomes if isinstance(f, Failure)]


def lines(path: Path, *rows: object) -> Path:
    """A JSON Lines file; strings are lines as they are."""
    path.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


# --- JSON ---


def test_a_record_keeps_its_id_and_text_to_the_character(tmp_path: Path) -> None:
    expected = Report(id="a1", text=TEXT, title="Plot", outlet="AFP", published=dt.date(2025, 8, 10), language="en")

    assert one(lines(tmp_path / "a.jsonl", RECORD)) == expected
    assert one(lines(tmp_path / "b.ndjson", {**RECORD, "score": 1})) == expected


@given(st.text(min_size=1).filter(lambda text: text.strip() and not any("\ud800" <= c <= "\udfff" for c in text)))
def test_any_text_comes_through_unchanged(text: str) -> None:
    line = json.dumps({**RECORD, "text": text}).encode()

    assert one("-", stdin=line).text == text


@pytest.mark.parametrize(
    ("record", "field", "value"),
    [
        ({"body": TEXT}, "text", TEXT),
        ({"content": TEXT}, "text", TEXT),
        ({"text": TEXT, "body": "other"}, "text", TEXT),
        ({"text": TEXT, "date": "2025-08-10"}, "published", dt.date(2025, 8, 10)),
        ({"text": TEXT, "published": None, "date": "2025-08-10"}, "published", None),
        ({"text": TEXT, "published": "2025-08-10T23:30:00+02:00"}, "published", dt.date(2025, 8, 10)),
        ({"text": TEXT, "publisher": "AFP"}, "outlet", "AFP"),
        ({"text": TEXT, "source": "AFP"}, "outlet", "AFP"),
        ({"text": TEXT, "language": "en-US"}, "language", "en"),
        ({"text": TEXT}, "language", "en"),
        ({"text": TEXT, "id": 7}, "id", "7"),
        ({"text": TEXT, "url": "https://a.example/x"}, "url", "https://a.example/x"),
        ({"text": TEXT, "title": "  "}, "title", None),
    ],
)
def test_keys_that_others_use_are_understood(record: dict[str, Any], field: str, value: object) -> None:
    assert getattr(from_record(record, Options()), field) == value


@pytest.mark.parametrize(
    ("record", "issue"),
    [
        ({"published": "last week"}, "its day of publication cannot be read: 'last week'"),
        ({"published": 1754784000}, "its day of publication cannot be read: '1754784000'"),
        ({"published": None}, NO_DAY),
        ({"title": ["Plot"]}, "its title is a list, not a string: left out"),
        ({"language": "English"}, "its language is no ISO 639 code: 'English'"),
        ({"language": None, "text": "Bamako"}, "language not certain"),
    ],
)
def test_what_cannot_be_used_is_an_issue_and_no_failure(record: dict[str, Any], issue: str) -> None:
    assert issue in from_record({**RECORD, **record}, Options()).issues


def test_bad_lines_are_named_and_the_others_read(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "a.jsonl",
        RECORD,
        "",
        "[1, 2]",
        '{"id": "x"}',
        '{"text": 5}',
        '{"text": "cut',
        '{"text": " "}',
        {**RECORD, "title": "Again"},
        '{"text": "half \\ud800 a pair"}',
        "[" * 100_000,
        '{"text": "x", "id": [1]}',
        {**RECORD, "id": "a2"},
    )
    outcomes = list(read([path]))

    assert [outcome.id for outcome in outcomes if isinstance(outcome, Report)] == ["a1", "a2"]
    assert [(f.source.rsplit(":", 1)[1], f.message) for f in outcomes if isinstance(f, Failure)] == [
        ("3", "a report is a JSON object, not a list"),
        ("4", 'it has no "text" that is a string'),
        ("5", 'it has no "text" that is a string'),
        ("6", "not JSON: Unterminated string starting at at line 1, character 10"),
        ("7", "there is no text in it"),
        ("8", "a report with the id 'a1' was read before"),
        ("9", "character 5 of the text is half of a pair (a lone surrogate)"),
        ("10", "JSON that is nested too deeply to be read"),
        ("11", 'its "id" is a list; a string or a number is wanted'),
    ]


def test_the_same_report_comes_again_only_for_those_that_know_it(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.jsonl", RECORD, {**RECORD, "title": "Again"}, {**RECORD, "text": "Another text."})

    assert [type(outcome) for outcome in read([path])] == [Report, Failure, Failure]
    assert [type(outcome) for outcome in read([path], repeats=True)] == [Report, Report, Failure]


def test_bytes_that_are_not_utf_8_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "S\xe9gou"}\n' + json.dumps(RECORD).encode())

    assert failures(tmp_path / "a.jsonl") == [("a.jsonl:1", "not UTF-8 at byte 11")]


@pytest.mark.parametrize(
    ("content", "ids"),
    [
        (json.dumps(RECORD), ["a1"]),
        (json.dumps(RECORD, indent=2), ["a1"]),
        (json.dumps([RECORD, {**RECORD, "id": "a2"}], indent=1), ["a1", "a2"]),
        (json.dumps(RECORD) + "\n" + json.dumps({**RECORD, "id": "a2"}) + "\n", ["a1", "a2"]),
        ("﻿" + json.dumps(RECORD), ["a1"]),
        ("[]", []),
    ],
    ids=["object", "pretty", "list", "lines", "byte order mark", "empty list"],
)
def test_a_json_file_may_hold_one_report_or_many(tmp_path: Path, content: str, ids: list[str]) -> None:
    (tmp_path / "a.json").write_text(content, encoding="utf-8")

    assert [outcome.id for outcome in read([tmp_path / "a.json"]) if isinstance(outcome, Report)] == ids
    assert [
        outcome.id for outcome in read(["-"], stdin=io.BytesIO(content.encode())) if isinstance(outcome, Report)
    ] == ids


def test_bad_members_of_a_list_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps([RECORD, 3]), encoding="utf-8")

    assert failures(tmp_path / "a.json") == [("a.json#2", "a report is a JSON object, not a number")]


def test_reports_come_as_they_are_read_and_memory_stays_flat(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    with path.open("w", encoding="utf-8") as out:
        for number in range(20_000):
            out.write(json.dumps({**RECORD, "id": number, "text": TEXT * 10}) + "\n")
    tracemalloc.start()
    try:
        count = sum(isinstance(outcome, Report) for outcome in read([path]))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert count == 20_000
    assert path.stat().st_size > 16_000_000
    assert peak < 8_000_000


def test_a_line_without_end_is_a_failure_and_the_next_is_read(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "a.jsonl.gz", "wb", compresslevel=1) as out:
        out.write(b'{"text": "' + b"a" * 41_000_000 + b'"}\n' + json.dumps(RECORD).encode())
    outcomes = list(read([tmp_path / "a.jsonl.gz"]))

    assert [getattr(outcome, "message", None) for outcome in outcomes] == [
        "the line is longer than 20,000,000 bytes",
        None,
    ]


# --- text and Markdown ---


def test_a_text_file_is_a_report_with_a_derived_id(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT.encode())

    assert one(tmp_path / "a.txt") == Report(id=report_id(TEXT, None), text=TEXT, language="en", issues=(NO_DAY,))


def test_old_encodings_are_read_and_said(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("The army of Ségou arrested twenty officers on Sunday.".encode("cp1252"))
    report = one(tmp_path / "a.txt")

    assert "Ségou" in report.text
    assert report.issues == ("not UTF-8: read as Windows-1252", NO_DAY)


def test_markdown_gives_title_date_and_outlet(tmp_path: Path) -> None:
    source = f"---\ndate: 2025-08-10\noutlet: AFP\n---\n# Plot\n\n{TEXT}"
    (tmp_path / "a.md").write_text(source, encoding="utf-8", newline="")
    report = one(tmp_path / "a.md")

    assert (report.title, report.outlet, report.published, report.text) == ("Plot", "AFP", dt.date(2025, 8, 10), TEXT)


@given(st.text(), st.none() | st.text())
def test_ids_do_not_depend_on_how_accents_are_written(text: str, outlet: str | None) -> None:
    try:
        plain, composed = (report_id(unicodedata.normalize(form, text), outlet) for form in ("NFD", "NFC"))
    except UnicodeEncodeError:  # half of a pair, which `build` refuses
        return

    assert plain == composed
    assert len(plain) == 16


def test_the_user_s_word_wins() -> None:
    options = Options(outlet="Reuters", title="Coup", published=dt.date(2024, 1, 1))
    report = from_record(RECORD, options)

    assert (report.outlet, report.title, report.published) == ("Reuters", "Coup", dt.date(2024, 1, 1))


# --- pages, folders, streams ---


def test_a_page_is_a_report(tmp_path: Path) -> None:
    report = one(GOLDEN / "json_ld.html")

    assert report.title == "Kordal army holds 14 officers after failed plot"
    assert (report.outlet, report.published, report.language) == ("The Kordal Courier", dt.date(2025, 8, 10), "en")
    assert report.url == "https://courier.example/news/kordal-army-holds-14-officers"
    assert report.issues == ()


def test_a_folder_is_read_in_order_and_says_what_it_skips(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    lines(tmp_path / "b" / "z.jsonl", {**RECORD, "id": "z"})
    lines(tmp_path / ".git" / "x.jsonl", {**RECORD, "id": "hidden"})
    (tmp_path / "b" / "a.json.gz").write_bytes(gzip.compress(json.dumps({**RECORD, "id": "a"}).encode(), mtime=0))
    (tmp_path / "c.txt").write_bytes(b"%PDF-1.4")
    (tmp_path / "d.png").write_text("x")
    (tmp_path / ".hidden.txt").write_text("x")
    lines(tmp_path / "e.jsonl", {**RECORD, "id": "e"})
    outcomes = list(read([tmp_path]))

    assert [outcome.id for outcome in outcomes if isinstance(outcome, Report)] == ["e", "a", "z"]
    assert [(Path(f.source).name, f.skipped) for f in outcomes if isinstance(f, Failure)] == [
        ("c.txt", False),
        ("d.png", True),
    ]


def test_what_cannot_be_read_is_a_failure_with_advice(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "b.bin").write_bytes(b"words")
    (tmp_path / "c.txt").write_bytes(b"a\0b")
    (tmp_path / "d.jsonl.gz").write_bytes(b"no gzip")
    (tmp_path / "e.txt.gz").write_bytes(gzip.compress(b"words" * 1000, mtime=0)[:-20])
    (tmp_path / "f.txt").write_bytes(b"")
    (tmp_path / "g.html").write_bytes(b"<html><body></body></html>")
    names = ["a.pdf", "b.bin", "c.txt", "d.jsonl.gz", "e.txt.gz", "f.txt", "g.html", "none.txt"]
    messages = dict(failures(*(tmp_path / name for name in names)))

    assert list(messages) == names
    for name, words in zip(
        names,
        ["pdftotext", "unknown kind", "binary", "gzip", "cannot be read", "no text", "no article", "no such"],
        strict=True,
    ):
        assert words in messages[name].lower()


def test_a_text_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"a" * 30_000_000, compresslevel=1, mtime=0))

    assert "more than 20,000,000 bytes" in failures(tmp_path / "a.txt.gz")[0][1]


@pytest.mark.parametrize(
    ("content", "title"),
    [
        (TEXT.encode(), None),
        (json.dumps(RECORD).encode() + b"\n", "Plot"),
        (b"\n  " + json.dumps(RECORD, indent=1).encode(), "Plot"),
        (gzip.compress(json.dumps(RECORD).encode(), mtime=0), "Plot"),
        ((GOLDEN / "dateless.html").read_bytes(), "About the siege of Harrow Bridge"),
    ],
    ids=["text", "lines", "object", "gzip", "page"],
)
def test_standard_input_is_known_by_how_it_begins(content: bytes, title: str | None) -> None:
    assert one("-", stdin=content).title == title


def test_a_binary_stream_is_refused() -> None:
    assert failures("-", stdin=b"\x89PNG\r\n") == [("standard input", "this is an image: Sayso reads text only")]


def test_one_bad_source_does_not_stop_the_next(tmp_path: Path) -> None:
    outcomes = list(read([tmp_path / "none", "ftp://a.example/x", lines(tmp_path / "a.jsonl", RECORD)]))

    assert [type(outcome) for outcome in outcomes] == [Failure, Failure, Report]


# --- addresses ---


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        kind, body = {
            "/2025/08/10/story": ("text/html", (GOLDEN / "dateless.html").read_bytes()),
            "/text": ("text/plain; charset=utf-8", TEXT.encode()),
            "/records": ("application/json", json.dumps([RECORD]).encode()),
            "/plain-records": ("text/plain", json.dumps(RECORD).encode()),
            "/pdf": ("application/pdf", b"%PDF-1.4"),
            "/css": ("text/css", b"a {}"),
        }[self.path]
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


OPTIONS = Options(allow_private=frozenset({"127.0.0.1"}))


def test_an_address_gives_its_page_with_the_day_of_its_path(base: str) -> None:
    report = one(f"{base}/2025/08/10/story", options=OPTIONS)

    assert (report.published, report.url) == (dt.date(2025, 8, 10), f"{base}/2025/08/10/story")
    assert report.text.startswith("Rebels held the bridge")


@pytest.mark.parametrize(("path", "title"), [("text", None), ("records", "Plot"), ("plain-records", "Plot")])
def test_an_address_may_give_text_or_records(base: str, path: str, title: str | None) -> None:
    assert one(f"{base}/{path}", options=OPTIONS).title == title


@pytest.mark.parametrize(("path", "words"), [("pdf", "pdftotext"), ("css", "text/css")])
def test_an_address_of_something_else_is_a_failure(base: str, path: str, words: str) -> None:
    (failure,) = read([f"{base}/{path}"], OPTIONS)

    assert isinstance(failure, Failure)
    assert failure.source == f"{base}/{path}"
    assert words in failure.message


def test_a_private_address_is_a_failure(base: str) -> None:
    (failure,) = read([f"{base}/text"])

    assert isinstance(failure, Failure)
    assert "127.0.0.1 is not a public address" in failure.message
