"""`sayso watch` with a ledger, run as a user runs it against a site on this machine (with the weights that ship)."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.cli.test_keeping import run

from sayso.ingest.origins import Signature
from sayso.ledger import open_ledger, schema

CHANCE = random.Random(1)
WORDS = [
    f"Soldiers in Bamako arrested {CHANCE.randrange(5, 90)} men, the ministry said, "
    f"{' '.join(f'word{CHANCE.randrange(500)}' for _ in range(25))}."
    for _ in range(30)
]


class Site(ThreadingHTTPServer):
    """Serves pages by their paths."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.base = f"http://127.0.0.1:{self.server_port}"
        self.pages: dict[str, str] = {}


class _Handler(BaseHTTPRequestHandler):
    server: Site

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""

    def do_GET(self) -> None:
        body = self.server.pages.get(self.path)
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Type", "application/rss+xml" if self.path == "/feed" else "text/html")
        self.end_headers()
        self.wfile.write((body or "").encode())


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A site whose feed links to three pages, and a plan that watches it."""
    with Site() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
        items = "".join(f"<item><guid>{name}</guid><link>{server.base}/{name}</link></item>" for name in "abc")
        server.pages = {
            "/feed": f"<rss><channel><title>Site</title>{items}</channel></rss>",
            "/a": page("The whole story", WORDS[:15], server.base + "/a", "Mali Daily"),
            "/b": page("A part of it", [*WORDS[:4], *WORDS[15:22]], server.base + "/a", "Second Paper"),
            "/c": page("Another", [f"BAMAKO, Aug 10 (AFP) - {WORDS[22]}", *WORDS[23:]], server.base + "/c", "Third"),
        }
        plan = f'pause = 0\nallow_private = ["127.0.0.1"]\n[[feed]]\nurl = "{server.base}/feed"\n'
        (tmp_path / "feeds.toml").write_text(plan)
        yield server
        server.shutdown()


def page(title: str, sentences: list[str], canonical: str, outlet: str) -> str:
    return (
        f'<html><head><title>{title}</title><link rel="canonical" href="{canonical}">'
        f'<meta property="og:title" content="{title}"><meta property="og:site_name" content="{outlet}">'
        '<meta property="article:published_time" content="2025-08-10"></head>'
        f"<body><article><h1>{title}</h1>{''.join(f'<p>{said}</p>' for said in sentences)}</article></body></html>"
    )


def test_what_is_new_is_read_and_kept_once(site: Site, tmp_path: Path) -> None:
    first = run("watch", "--once", "feeds.toml", folder=tmp_path)
    (tmp_path / "feeds.state.json").unlink()
    again = run("watch", "--once", "feeds.toml", folder=tmp_path)
    listed = [json.loads(row) for row in run("reports", "--json", folder=tmp_path).stdout.splitlines()]

    assert [row.split("\t")[:3] for row in first.stdout.splitlines()] == [
        ["2025-08-10", "Third", "Another"],
        ["2025-08-10", "Second Paper", "A part of it"],
        ["2025-08-10", "Mali Daily", "The whole story"],
    ]
    assert first.stderr == "3 read, 0 already there, 0 failed; see them with: sayso claims\n"
    assert (again.stdout, again.stderr) == (
        "",
        "0 read, 3 already there, 0 failed; see them with: sayso claims\n",
    )
    assert all(report["claims"] for report in listed)


def test_canonical_addresses_and_credits_tell_copies(site: Site, tmp_path: Path) -> None:
    """A third of the words would not make two pages one; the address that both give does."""
    run("watch", "--once", "feeds.toml", folder=tmp_path)
    prints = {
        row["outlet"]: row["prints"]
        for row in map(json.loads, run("reports", "--json", folder=tmp_path).stdout.splitlines())
    }
    with open_ledger(tmp_path / "sayso.db") as book, book.read() as connection:
        contents = connection.execute(select(schema.signatures.c.content)).scalars().all()
    signatures = [Signature.from_bytes(content) for content in contents]

    assert prints == {"Mali Daily": 2, "Second Paper": 2, "Third": 1}
    assert [found.agency for found in signatures] == ["AFP", None, None]
    host = site.base.removeprefix("http://").partition(":")[0]
    assert [found.link for found in signatures] == [f"{host}/c", f"{host}/a", f"{host}/a"]


def test_json_prints_what_add_takes_and_keeps_nothing(site: Site, tmp_path: Path) -> None:
    printed = run("watch", "--once", "--json", "feeds.toml", folder=tmp_path).stdout
    (tmp_path / "new.jsonl").write_text(printed)

    assert not (tmp_path / "sayso.db").exists()
    assert run("add", "new.jsonl", folder=tmp_path).stderr.startswith("3 read, 0 already there, 0 failed")
    listed = [json.loads(row) for row in run("reports", "--json", folder=tmp_path).stdout.splitlines()]
    assert sorted(row["prints"] for row in listed) == [1, 2, 2]


def test_a_plan_that_makes_no_sense_makes_no_ledger(tmp_path: Path) -> None:
    (tmp_path / "feeds.toml").write_text("")

    assert "names no feed" in run("watch", "feeds.toml", folder=tmp_path, expect=2).stderr
    assert not (tmp_path / "sayso.db").exists()
