"""Makes the pictures of the desk in `docs/screens/`, from the demo's ledger, in Debian's Chromium.

python tools/make_screenshots.py
"""

from __future__ import annotations

import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, sync_playwright

from sayso.cli.samples import make_ledger
from sayso.desk import Settings, create_app
from sayso.ledger import Ledger, incidents
from sayso.pipeline import open_ledger

OUTPUT = Path(__file__).parents[1] / "docs/screens"
LARGEST = 150_000  # bytes of one picture
TOKEN = "pictures"  # noqa: S105 - of a desk that lives for a minute
WIDE, HIGH = 1060, 730
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
# Name of the picture, address, and whether it is dark. {incident} is the newest, {claim} the address of its first claim.
PICTURES = (
    ("now", "/now", False),
    ("now-dark", "/now?country=ML&country=NE", True),
    ("incident", "/incidents/{incident}", False),
    ("history", "/incidents/{incident}/history", False),
    ("why", "/incidents/{incident}/why", False),
    ("report", "{claim}", False),
    ("search", "/claims?type=ASSAULT", False),
    ("review", "/review", False),
    ("actors", "/actors", False),
    ("coups", "/coups?at=NE&year=2026", False),
    ("log", "/log", False),
)


@contextmanager
def served(book: Ledger) -> Iterator[str]:
    """A desk over a ledger, and its address."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(64)
    port = listening.getsockname()[1]
    settings = Settings(port=port, token=TOKEN, user="ada", demo=True)
    server = uvicorn.Server(uvicorn.Config(create_app(book, settings), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


def addresses(book: Ledger) -> dict[str, str]:
    newest = next(incidents.find(book))
    return {"incident": newest.id, "claim": f"/claims/{newest.tellings[-1].claim.id}"}


def picture(browser: Browser, desk: str, address: str, dark: bool, path: Path) -> None:
    context = browser.new_context(color_scheme="dark" if dark else "light", viewport={"width": WIDE, "height": HIGH})
    page = context.new_page()
    page.goto(f"{desk}/enter?token={TOKEN}")
    answer = page.goto(desk + address)
    if answer is None or not answer.ok:
        raise SystemExit(f"{address} did not answer")
    page.screenshot(path=path)
    context.close()
    if path.stat().st_size > LARGEST:
        raise SystemExit(f"{path} has {path.stat().st_size:,} bytes, more than {LARGEST:,}; make the picture smaller")


def main() -> None:
    OUTPUT.mkdir(exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        make_ledger(Path(folder) / "demo.db")
        with open_ledger(Path(folder) / "demo.db") as book, served(book) as desk:
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            there = addresses(book)
            for name, address, dark in PICTURES:
                picture(browser, desk, address.format(**there), dark, OUTPUT / f"{name}.png")
            browser.close()
    print(f"{len(PICTURES)} pictures in {OUTPUT}")


if __name__ == "__main__":
    main()
