"""A desk to test: in process with a client, and in a real browser that fails on anything a user should never meet."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from starlette.testclient import TestClient
from tests.ledger import invented

from sayso import pipeline
from sayso.cli.samples import make_ledger
from sayso.desk import Settings, create_app
from sayso.ledger import Ledger, Writer, open_ledger
from sayso.ledger.team import accounts

TOKEN = "a-token-of-the-tests"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip
AXE = Path(str(resources.files("axe_playwright_python"))) / "axe.min.js"

# --- ledgers ---


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ledger of `sayso serve --demo`, made once."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    make_ledger(path)
    return path


@pytest.fixture
def demo(demo_file: Path, tmp_path: Path) -> Iterator[Ledger]:
    """A demo ledger of this test's own, that it may change."""
    path = tmp_path / "demo.db"
    shutil.copy(demo_file, path)
    with open_ledger(path) as book:
        yield book


@pytest.fixture
def invented_book(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger of forty invented reports, quick to make, every slot filled somewhere."""
    with open_ledger(tmp_path / "invented.db", create=True) as book:
        writer = Writer(book, "1")
        for report in invented.read_all(invented.reports(40)):
            writer.add(report)
        yield book


# --- in process ---

Client = Callable[..., TestClient]


@pytest.fixture
def client() -> Iterator[Client]:
    """Makes a client of a desk over a ledger: ``client(book)`` is let in, ``client(book, user="ada")`` signs in nobody."""
    opened: list[TestClient] = []

    def make(book: Ledger, *, entered: bool = True, team: bool = False, **settings: Any) -> TestClient:
        given = Settings(token=None if team else TOKEN, resolve=pipeline.resolve_claim, **settings)
        found = TestClient(
            create_app(book, given), base_url="http://127.0.0.1:8750", headers={"Origin": "http://127.0.0.1:8750"}
        )
        found.__enter__()
        opened.append(found)
        if entered and not team:
            found.get(f"/enter?token={TOKEN}")
        return found

    yield make
    for one in opened:
        one.__exit__(None, None, None)


def sign_in(client: TestClient, name: str, password: str) -> TestClient:
    """Signs a client in by the form."""
    answer = client.post("/sign-in", data={"name": name, "password": password}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return client


# --- in a browser ---


@dataclass
class Running:
    """A desk that answers on a port of its own."""

    book: Ledger
    address: str
    server: uvicorn.Server
    thread: threading.Thread


@pytest.fixture
def serve() -> Iterator[Callable[..., Running]]:
    """Starts desks over ledgers: ``serve(book)``; with ``team=True`` people sign in with accounts."""
    running: list[Running] = []

    def start(book: Ledger, *, team: bool = False, **settings: Any) -> Running:
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        port = listening.getsockname()[1]
        given = Settings(port=port, token=None if team else TOKEN, resolve=pipeline.resolve_claim, **settings)
        app = create_app(book, given)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        for _ in range(500):
            if server.started:
                break
            time.sleep(0.01)
        running.append(Running(book, f"http://127.0.0.1:{port}", server, thread))
        return running[-1]

    yield start
    for one in running:
        one.server.should_exit = True
        one.thread.join(10)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, started once."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_FLAGS))
        yield browser
        browser.close()


@dataclass
class Window:
    """A browser window whose every fault is kept: console errors, broken rules, requests that leave the machine."""

    context: BrowserContext
    page: Page
    desk: Running
    faults: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)  # words of faults that a test brings about on purpose

    def watch(self) -> None:
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        self.context.on("request", lambda request: self._asked(request.url))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(f"{message.type}: {message.text}")

    def _asked(self, url: str) -> None:
        if not url.startswith((self.desk.address, "data:", "blob:", "about:")):
            self.faults.append(f"left the machine: {url}")

    def go(self, path: str = "/") -> Page:
        """To a page of the desk."""
        self.page.goto(self.desk.address + path)
        return self.page

    def enter(self) -> Page:
        """In by the start-up token."""
        return self.go(f"/enter?token={TOKEN}")

    def accessible(self) -> list[str]:
        """What axe finds wrong with the page as it is now."""
        self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{one['id']}: {node['html'][:200]} {node.get('failureSummary', '')[:300]}"
            for one in found["violations"]
            for node in one["nodes"]
        ]

    def unexpected(self) -> list[str]:
        return [fault for fault in self.faults if not any(words in fault for words in self.expected)]


@pytest.fixture
def window(chromium: Browser) -> Iterator[Callable[..., Window]]:
    """Opens windows on a desk: ``window(desk)``. The test fails afterwards on anything that a user should never meet."""
    opened: list[Window] = []

    def make(desk: Running, **options: Any) -> Window:
        context = chromium.new_context(**options)
        context.set_default_timeout(10_000)
        found = Window(context, context.new_page(), desk)
        found.watch()
        opened.append(found)
        return found

    yield make
    faults = [fault for one in opened for fault in one.unexpected()]
    for one in opened:
        one.context.close()
    assert faults == []


def account(book: Ledger, name: str, role: str, password: str = "long enough words") -> None:
    """An account at the desk of a ledger."""
    accounts.add_user(book, accounts.User(name, accounts.Role(role)), password, by="test")
