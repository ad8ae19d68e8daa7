"""`sayso serve` and `sayso desk-user`: the desk and those who may use it."""

from __future__ import annotations

import gc
import os
import secrets
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sayso.cli.output import machine_user, refuse
from sayso.cli.reviewing import WebhookOption

if TYPE_CHECKING:
    from sayso.desk import Settings
    from sayso.ledger import Ledger

EXAMPLES = (
    "Examples:  sayso serve --demo --open   |   sayso serve mali.db   |   "
    "sayso serve --host 0.0.0.0 --public https://desk.example.org"
)
PORT = 8750


def serve(
    ledger: Annotated[
        str, typer.Argument(metavar="[LEDGER]", envvar="SAYSO_LEDGER", help="The ledger to show: a file or an address.")
    ] = "sayso.db",
    demo: Annotated[
        bool, typer.Option("--demo", help="Show a ledger of invented reports that is made now and thrown away after.")
    ] = False,
    open_page: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
    host: Annotated[str, typer.Option(help="Where to listen; 127.0.0.1 is this machine only.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="On which port; 0 takes any that is free.")] = PORT,
    public: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="What people type, where a proxy stands before the desk.")
    ] = None,
    webhook_to: WebhookOption = None,
) -> None:
    """Show a ledger in the browser: the newest, incidents, reports with their claims, search. Ctrl-C ends it."""
    gc.disable()  # until everything is imported: nothing of that is ever thrown away
    from sayso.errors import SaysoError
    from sayso.pipeline import open_ledger

    try:
        with _bound(host, port) as listening, _demo_or(ledger, demo) as where, open_ledger(where) as book:
            settings = _settings(book, host, listening.getsockname()[1], public, demo, webhook_to or [])
            with _telling(book, settings):
                _run(book, settings, listening, open_page)
    except KeyboardInterrupt:
        return
    except SaysoError as exc:
        refuse(str(exc))


@contextmanager
def _demo_or(ledger: str, demo: bool) -> Iterator[str]:
    if not demo:
        yield ledger
        return
    import tempfile

    from sayso.cli.samples import make_ledger

    memory = Path("/dev/shm")  # noqa: S108 - waits for no disk; what is in it goes with the folder
    where = memory if os.access(memory, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="sayso-demo-", dir=where) as folder:
        path = Path(folder) / "demo.db"
        make_ledger(path)
        yield str(path)


@contextmanager
def _bound(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens, so that a port in use is said before anything else is done."""
    from sayso.errors import ConfigError

    with ExitStack() as kept:
        try:
            family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
            listening = kept.enter_context(socket.socket(family, socket.SOCK_STREAM))
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((host, port))
        except OSError as exc:
            raise ConfigError(
                f"port {port} of {host} cannot be had ({exc.strerror}); name another with --port"
            ) from exc
        yield listening


def _settings(book: Ledger, host: str, port: int, public: str | None, demo: bool, webhook_to: list[str]) -> Settings:
    from sayso import notices, pipeline
    from sayso.desk import Settings
    from sayso.ledger.team import accounts

    token = None if accounts.has_users(book) else secrets.token_urlsafe(24)
    return Settings(
        host=host, port=port, public=public, token=token, user=machine_user(), demo=demo, resolve=pipeline.resolve_claim,
        webhooks=notices.checked(webhook_to),
    )  # fmt: skip


@contextmanager
def _telling(book: Ledger, settings: Settings) -> Iterator[None]:
    """Tells addresses of saved searches in the background, where any may be told: no page waits for one."""
    if not settings.webhooks:
        yield
        return
    import threading

    from sayso import notices

    stop = threading.Event()
    thread = threading.Thread(
        target=notices.keep_sending, args=(book, settings.webhooks), kwargs={"stop": stop}, daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(notices.PATIENCE)


def _run(book: Ledger, settings: Settings, listening: socket.socket, open_page: bool) -> None:
    import uvicorn

    from sayso.desk import create_app

    address = f"{settings.address}/enter?token={settings.token}" if settings.token else settings.address
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # the server gives it on when it has stopped: leave tidily
    listening.listen(128)  # before the address is said, so that nobody comes too early
    config = uvicorn.Config(create_app(book, settings), log_level="warning", server_header=False, access_log=False)
    print(f"{book.name} is at {address}", file=sys.stderr)
    print(
        "Ctrl-C ends it." + (" The address lets in whoever has it." if settings.token else ""),
        file=sys.stderr,
        flush=True,
    )
    if open_page:
        _open(address)
    gc.freeze()
    gc.enable()
    uvicorn.Server(config).run(sockets=[listening])


def _open(address: str) -> None:
    """In a browser, from a thread of its own: some browsers keep the caller waiting."""
    import threading
    import webbrowser

    threading.Thread(target=webbrowser.open, args=[address], daemon=True).start()


def desk_user(
    name: Annotated[str, typer.Argument(help="Name of the account.", show_default=False)],
    role: Annotated[
        str, typer.Option(help="viewer, coder, editor or admin; each may do what the ones before may.")
    ] = "viewer",
    ledger: Annotated[
        str,
        typer.Option("--ledger", metavar="PATH|URL", envvar="SAYSO_LEDGER", help="The ledger whose desk it is for."),
    ] = "sayso.db",
    close: Annotated[bool, typer.Option("--close", help="Close the account instead.")] = False,
) -> None:
    """Give somebody an account at the desk of a ledger, or a new password or role. The password is asked for.

    The variable SAYSO_DESK_PASSWORD gives it to programs.
    """
    from sayso.errors import SaysoError
    from sayso.ledger import open_ledger
    from sayso.ledger.team import accounts

    known = [str(one) for one in accounts.Role]
    if role not in known:
        refuse(f"{role!r} is no role; known are {', '.join(known)}")
    try:
        with open_ledger(ledger) as book:
            if close:
                accounts.close_user(book, name, by=machine_user())
                return
            accounts.add_user(book, accounts.User(name, accounts.Role(role)), _password(), by=machine_user())
    except SaysoError as exc:
        refuse(str(exc))
    print(f"{name} may sign in as {role}", file=sys.stderr)


def _password() -> str:
    given = os.environ.get("SAYSO_DESK_PASSWORD")
    if given is not None:
        return given
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
