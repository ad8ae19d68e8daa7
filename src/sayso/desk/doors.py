"""Who comes in: by the start-up token on one's own machine, by account and password in a team, by token for programs."""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from sayso.desk import rendering
from sayso.desk.page import Refused
from sayso.desk.remembered import Remembered
from sayso.desk.settings import Settings
from sayso.ledger import Ledger
from sayso.ledger.team import accounts, audit
from sayso.ledger.team.accounts import Role, User

WINDOW = 900.0  # seconds in which failed sign-ins count
BY_NAME, BY_ADDRESS = 5, 20  # failed sign-ins in that time before the next must wait
_LONGEST_FORM = 8_000


class Doors:
    """Knows who asks. One for each running desk: sessions by start-up token end when it does."""

    def __init__(self, ledger: Ledger, settings: Settings, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.ledger = ledger
        self.settings = settings
        self.kept = Remembered()
        self._own: set[str] = set()
        self._clock = clock
        self._failed: dict[str, deque[float]] = defaultdict(deque)
        self._hashing = threading.Semaphore(1)  # a hash takes much memory and time on purpose

    def user(self, request: Request, needed: Role) -> User:
        """Who asks, if it is somebody whose role covers what is `needed`. Raises `Refused`."""
        found = self._found(request)
        if found is None:
            raise Refused(401, "sign in first")
        if not found.role.covers(needed):
            raise Refused(403, f"this needs the role {needed}; {found.name} is {found.role}")
        return found

    def anybody(self, request: Request) -> User:
        """Who asks, or nobody in particular, who may see nothing by that alone."""
        return self._found(request) or User("", Role.VIEWER)

    def _found(self, request: Request) -> User | None:
        bearer = bearer_of(request)
        if bearer is not None:
            if self._is_start_up(bearer):
                return self._owner
            return accounts.token_user(self.ledger, bearer)
        cookie = request.cookies.get(self.settings.cookie)
        if not cookie:
            return None
        if self.settings.token is not None:
            return self._owner if cookie in self._own else None
        return accounts.session_user(self.ledger, cookie)

    @property
    def _owner(self) -> User:
        return User(self.settings.user, Role.ADMIN)

    def _is_start_up(self, said: str) -> bool:
        token = self.settings.token
        return token is not None and hmac.compare_digest(said.encode(), token.encode())

    def enter(self, token: str) -> str:
        """The cookie that the start-up token is exchanged for. Raises `Refused`."""
        if not self._is_start_up(token):
            raise Refused(401, "that token is of another start; open the address that `sayso serve` printed last")
        secret = secrets.token_urlsafe(32)
        self._own.add(secret)
        audit.note(self.ledger, self.settings.user, "entered by start-up token")
        return secret

    def sign_in(self, name: str, password: str, address: str) -> str:
        """The cookie of a new session. Raises `Refused`, also where there were too many failed attempts."""
        tallies = [(self._recent(f"name {name}"), BY_NAME), (self._recent(f"address {address}"), BY_ADDRESS)]
        if any(len(tally) >= most for tally, most in tallies):
            raise Refused(429, "too many attempts failed; wait a quarter of an hour")
        with self._hashing:
            user = accounts.check(self.ledger, name, password)
        if user is None:
            for tally, _ in tallies:
                tally.append(self._clock())
            audit.note(self.ledger, name[:60], "sign-in refused", {"address": address})
            raise Refused(401, "name and password do not fit")
        audit.note(self.ledger, user.name, "signed in", {"address": address})
        return accounts.open_session(self.ledger, user)

    def _recent(self, key: str) -> deque[float]:
        if len(self._failed) > 10_000:  # names are free to invent
            self._failed.clear()
        tally = self._failed[key]
        while tally and tally[0] < self._clock() - WINDOW:
            tally.popleft()
        return tally

    def leave(self, request: Request) -> None:
        """Ends the session of who asks."""
        cookie = request.cookies.get(self.settings.cookie, "")
        user = self._found(request)
        self._own.discard(cookie)
        if user is not None:
            accounts.end_session(self.ledger, cookie)
            audit.note(self.ledger, user.name, "signed out")


def bearer_of(request: Request) -> str | None:
    """The token of a program, None where it sends none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def mount(app: FastAPI, doors: Doors) -> None:
    """Adds the doors themselves: the only addresses that answer to nobody in particular."""
    settings = doors.settings

    def sign_in_page() -> Response:
        return rendering.html("sign-in.html", {"settings": settings, "said": None, "name": ""})

    def refused(exc: Refused, name: str = "") -> Response:
        return rendering.html("sign-in.html", {"settings": settings, "said": exc.said, "name": name}, status=exc.status)

    def enter(token: str = "") -> Response:
        try:
            return _let_in(settings, doors.enter(token))
        except Refused as exc:
            return refused(exc)

    async def sign_in(request: Request) -> Response:
        form = await _small_form(request)
        address = request.client.host if request.client else ""
        try:
            secret = await run_in_threadpool(doors.sign_in, form.get("name", ""), form.get("password", ""), address)
        except Refused as exc:
            return refused(exc, form.get("name", ""))
        return _let_in(settings, secret)

    def sign_out(request: Request) -> Response:
        doors.leave(request)
        response = RedirectResponse("/sign-in", 303)
        response.delete_cookie(settings.cookie, httponly=True, samesite="lax", secure=settings.secure)
        return response

    for path, method, endpoint in (
        ("/sign-in", "GET", sign_in_page), ("/enter", "GET", enter), ("/sign-in", "POST", sign_in), ("/sign-out", "POST", sign_out),
    ):  # fmt: skip
        app.add_api_route(path, endpoint, methods=[method], include_in_schema=False, response_model=None)


def _let_in(settings: Settings, secret: str) -> Response:
    response = RedirectResponse("/", 303)
    response.set_cookie(
        settings.cookie, secret, max_age=int(accounts.SESSION.total_seconds()), httponly=True, samesite="lax",
        secure=settings.secure, path="/",
    )  # fmt: skip
    return response


async def _small_form(request: Request) -> dict[str, str]:
    from urllib.parse import parse_qsl  # noqa: PLC0415

    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _LONGEST_FORM:
            raise Refused(413, "more was sent than a name and a password")
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
