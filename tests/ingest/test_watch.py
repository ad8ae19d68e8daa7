"""Watching feeds: changes only, each entry once, robots.txt and pauses kept, back-off, and a clean stop."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from sayso.errors import ConfigError, FetchError
from sayso.ingest import Failure
from sayso.ingest.manners import Manners, Rules, rules
from sayso.ingest.watch import FileState, Plan, Remembered, Watch, Watched, load_plan
from sayso.model import Report

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STORY = "The army said on Sunday that it had arrested twenty officers. " * 12


class Site(ThreadingHTTPServer):
    """A site whose feed, robots.txt and pages a test sets; it counts what was asked and how it answered."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.entries: list[str] = []
        self.robots: tuple[int, str] = (404, "")
        self.status = 200
        self.asked: Counter[str] = Counter()
        self.base = f"http://127.0.0.1:{self.server_port}"

    def feed(self) -> bytes:
        return f'<rss xmlns:c="http://purl.org/rss/1.0/modules/content/"><channel><title>Site</title>{"".join(self.entries)}</channel></rss>'.encode()

    def whole(self, name: str) -> str:
        return f"<item><guid>{name}</guid><title>{name}</title><c:encoded>{name} {STORY}</c:encoded></item>"

    def linked(self, name: str) -> str:
        return f"<item><guid>{name}</guid><title>{name}</title><link>{self.base}/{name}</link></item>"


class _Handler(BaseHTTPRequestHandler):
    server: Site

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""

    def do_GET(self) -> None:
        site = self.server
        status, body, tag = site.status, b"", None
        if self.path == "/robots.txt":
            status, body = site.robots[0], site.robots[1].encode()
        elif self.path == "/feed":
            tag = f'"{hash(site.feed())}"'
            status, body = (
                (304, b"") if status == 200 and self.headers["If-None-Match"] == tag else (status, site.feed())
            )
        else:
            status = 404
        site.asked[f"{self.path} {status}"] += 1
        self.send_response(status)
        if tag:
            self.send_header("ETag", tag)
        if status == 503:
            self.send_header("Retry-After", "7200")
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


class Memory:
    """State that lives as long as the test."""

    def __init__(self) -> None:
        self.known: dict[str, Remembered] = {}

    def load(self) -> dict[str, Remembered]:
        return self.known

    def save(self, known: dict[str, Remembered]) -> None:
        self.known = known


class Run:
    """A watch of one feed with a clock that the test moves; `got` is what came into the sink."""

    def __init__(self, site: Site, state: Memory | None = None) -> None:
        self.got: list[Report | Failure] = []
        self.time = 1_000_000.0
        self.state = state or Memory()
        plan = Plan((Watched(f"{site.base}/feed", "AFP", 10.0),), pause=0.0, allow_private=frozenset({"127.0.0.1"}))
        self.watch = Watch(plan, self.got.append, self.state, now=lambda: self.time)

    def after(self, minutes: float) -> list[str]:
        """Titles of the reports and messages of the failures that came in after some minutes."""
        self.got.clear()
        self.time += 60 * minutes
        self.watch.once()
        return [(one.title or "") if isinstance(one, Report) else one.message for one in self.got]


def test_new_entries_are_handed_on_once_oldest_first(site: Site) -> None:
    site.entries = [site.whole("b"), site.whole("a")]
    run = Run(site)

    assert run.after(0) == ["a", "b"]
    assert all(isinstance(report, Report) and report.outlet == "AFP" for report in run.got)
    assert run.after(10) == []
    site.entries.insert(0, site.whole("c"))
    assert run.after(10) == ["c"]
    assert site.asked == {"/robots.txt 404": 1, "/feed 200": 2, "/feed 304": 1}


def test_a_feed_is_asked_only_when_it_is_due(site: Site) -> None:
    run = Run(site)

    for _ in range(4):
        run.after(5)

    assert site.asked["/feed 200"] + site.asked["/feed 304"] == 2


def test_a_second_watch_goes_on_where_the_first_stopped(site: Site) -> None:
    site.entries = [site.whole("a")]
    first = Run(site)
    first.after(0)

    assert Run(site, first.state).after(20) == []


def test_a_feed_that_fails_is_asked_less_and_less(site: Site) -> None:
    site.status = 500
    run = Run(site)

    assert run.after(0) == ["the server answered 500; asked again in 20 minutes"]
    assert run.after(19) == []
    assert run.after(1) == ["the server answered 500; asked again in 40 minutes"]
    site.status = 503
    assert run.after(40) == ["the server answered 503; asked again in 120 minutes"]
    site.status, site.entries = 200, [site.whole("a")]
    assert run.after(120) == ["a"]


def test_a_page_that_fails_is_tried_three_times_and_then_told(site: Site) -> None:
    site.entries = [site.linked("gone"), site.whole("a")]
    run = Run(site)

    assert run.after(0) == ["a"]
    assert run.after(10) == []
    assert run.after(10) == ["the server answered 404"]
    assert run.after(10) == []
    assert site.asked["/gone 404"] == 3


def test_what_robots_txt_forbids_is_not_asked(site: Site) -> None:
    site.robots = (200, "User-agent: *\nDisallow: /feed")
    run = Run(site)

    assert run.after(0) == ["the site's robots.txt asks programs not to read it; asked again in 20 minutes"]
    assert site.asked == {"/robots.txt 200": 1}


def test_a_server_in_trouble_with_its_robots_txt_is_left_alone(site: Site) -> None:
    site.robots = (503, "")

    assert "robots.txt" in Run(site).after(0)[0]
    assert site.asked == {"/robots.txt 503": 1}


def test_a_sink_that_raises_leaves_the_entry_for_the_next_time(site: Site) -> None:
    site.entries = [site.whole("a")]
    run = Run(site)

    def full(_: object) -> None:
        raise OSError("disk full")

    run.watch._sink = full
    with pytest.raises(OSError, match="disk full"):
        run.watch.once()
    run.watch._sink = run.got.append
    assert run.after(0) == ["a"]


def test_no_host_is_asked_twice_within_the_pause(site: Site) -> None:
    site.robots = (200, "User-agent: *\nCrawl-delay: 5")
    time, waits = 100.0, []

    def wait(seconds: float) -> None:
        nonlocal time
        waits.append(seconds)
        time += seconds

    manners = Manners(wait, pause=2.0, allow_private={"127.0.0.1"}, clock=lambda: time)
    for _ in range(3):
        manners.get(f"{site.base}/feed")

    assert waits == [5.0, 5.0]


def test_robots_txt_is_asked_over_checked_connections_too(site: Site) -> None:
    with pytest.raises(FetchError, match="not a public address"):
        Manners(lambda _: None).get(f"{site.base}/feed")
    assert site.asked == {}


@pytest.mark.parametrize(
    ("robots", "path", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow: /\nAllow: /news/", "/news/1", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf?z", True),
        ("User-agent: *\nDisallow: /*?print=", "/x?print=1", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: Sayso\nAllow: /", "/a", True),
        ("User-agent: other\nUser-agent: sayso\nDisallow: /a # why", "/a", False),
        ("User-agent: other\nDisallow: /", "/a", True),
        ("User-agent: *\nDisallow: /%61", "/a", False),
        ("Disallow: /", "/a", True),
        ("User-agent: *\nDisallow: /" + "*a" * 5_000 + "$", "/" + "a" * 20_000 + "b", True),
    ],
)
def test_robots_txt_is_understood(robots: str, path: str, allowed: bool) -> None:
    assert rules(robots).allow(f"https://n.example{path}") is allowed


def test_a_delay_in_robots_txt_is_kept_within_reason() -> None:
    assert rules("User-agent: *\nCrawl-delay: 3.5") == Rules((), 3.5)
    assert rules("User-agent: *\nCrawl-delay: 999999").pause == 60.0
    assert rules("User-agent: *\nCrawl-delay: nan soon").pause == 0.0


def test_a_plan_is_read_with_its_defaults(tmp_path: Path) -> None:
    path = tmp_path / "feeds.toml"
    path.write_text(
        'every = 30\n[[feed]]\nurl = "https://a.example/f"\noutlet = "A"\n[[feed]]\nurl = "https://b.example"\nevery = 5\n'
    )

    assert load_plan(path) == Plan((Watched("https://a.example/f", "A", 30.0), Watched("https://b.example", None, 5.0)))


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("", "names no feed"),
        ("feed = 1", "names no feed"),
        ("[[feed]]\nurl = 'a'", "feed 1: its url is no http"),
        ("[[feed]]\nurl = 'https://a.example'\nevry = 5", "known are every, outlet, url"),
        ("[[feed]]\nurl = 'https://a.example'\nevery = 0", "every is a number of at least 1"),
        ("speed = 1\n[[feed]]\nurl = 'https://a.example'", "unknown: speed"),
        ("[[feed]]\nurl = 'https://a.example'\n" * 2, "names a feed twice"),
        ("[[feed", "is no TOML"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(tmp_path: Path, written: str, message: str) -> None:
    path = tmp_path / "feeds.toml"
    path.write_text(written)

    with pytest.raises(ConfigError, match=message):
        load_plan(path)


def test_state_comes_back_from_its_file_and_foreign_files_are_refused(tmp_path: Path) -> None:
    state = FileState(tmp_path / "s.json")
    known = {"https://a.example": Remembered(etag='"x"', seen=["1"], tries={"2": 1}, due=5.0)}

    assert state.load() == {}
    state.save(known)
    assert state.load() == known
    (tmp_path / "s.json").write_text("[]")
    with pytest.raises(ConfigError, match="remove it"):
        state.load()


def test_the_command_runs_as_a_service_and_stops_cleanly(site: Site, tmp_path: Path) -> None:
    site.entries = [site.whole("a")]
    plan = tmp_path / "feeds.toml"
    plan.write_text(f'pause = 0\nallow_private = ["127.0.0.1"]\n[[feed]]\nurl = "{site.base}/feed"\n')
    command = [sys.executable, "-m", "sayso", "watch", "--json", str(plan)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        first = process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        rest, told = process.communicate(timeout=30)

    assert (json.loads(first)["url"], rest, told, process.returncode) == (f"{site.base}/a", "", "", 0)
    assert (tmp_path / "feeds.state.json").exists()
