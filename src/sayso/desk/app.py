"""The desk as one program: `create_app` puts guard, doors, pages and files together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import resources

import anyio.to_thread
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

import sayso
from sayso.desk import doors, pages, rendering, routing
from sayso.desk.guard import Guard
from sayso.desk.page import Refused
from sayso.desk.settings import Settings
from sayso.errors import ConfigError, LedgerError
from sayso.ledger import Ledger
from sayso.ledger.team.accounts import Role

AT_ONCE = 6  # requests worked on at once: more only take the interpreter from one another
_NOT_TYPED = frozenset({"then", "back", "batch", "key", "span", "claim"})  # fields that forms bring along by themselves
_ABOUT = (
    "What an analyst sees at the desk, for programs. Send a token as `Authorization: Bearer ...`: the one that `sayso serve` "
    "printed, or one of an account. Filters are those of the ledger."
)


def create_app(ledger: Ledger, settings: Settings) -> FastAPI:
    """The desk over an open ledger. Give the server the application, and keep the ledger open as long as it runs."""
    app = FastAPI(
        title="Sayso", version=sayso.__version__, description=_ABOUT, docs_url=None, redoc_url=None, openapi_url=None,
        lifespan=_lifespan, redirect_slashes=False,
    )  # fmt: skip
    door = doors.Doors(ledger, settings)
    _errors(app)
    app.mount("/static", StaticFiles(directory=rendering.HERE / "static"))
    doors.mount(app, door)
    _documentation(app, door)
    app.add_api_route("/", lambda: RedirectResponse(pages.PAGES[0].path, 307), include_in_schema=False)
    routing.mount(app, door, pages.PAGES, pages.ACTIONS)
    app.add_middleware(Guard, settings=settings)
    return app


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    anyio.to_thread.current_default_thread_limiter().total_tokens = AT_ONCE
    yield


def _documentation(app: FastAPI, door: doors.Doors) -> None:
    """OpenAPI and its pages, whose scripts a package brings along."""
    vendored = str(resources.files("fastapi_offline") / "static")
    app.mount("/vendor", StaticFiles(directory=vendored))

    def described(request: Request) -> Response:
        door.user(request, Role.VIEWER)
        return JSONResponse(app.openapi())

    def page(request: Request) -> Response:
        door.user(request, Role.VIEWER)
        return rendering.html("api.html", {})

    app.add_api_route("/openapi.json", described, include_in_schema=False, response_model=None)
    app.add_api_route("/api", page, include_in_schema=False, response_model=None)


# --- errors, in one shape ---


def _errors(app: FastAPI) -> None:
    def refused(request: Request, exc: Exception) -> Response:
        assert isinstance(exc, Refused)
        if exc.status == 401 and request.method == "GET" and not _for_programs(request):
            return RedirectResponse("/sign-in", 303)
        return _said(request, exc.status, exc.said)

    def senseless(request: Request, exc: Exception) -> Response:
        return _said(request, 400, str(exc))

    def unusable(request: Request, exc: Exception) -> Response:
        return _said(request, 503, str(exc))

    def http(request: Request, exc: Exception) -> Response:
        assert isinstance(exc, HTTPException)
        said = "there is no such page" if exc.status_code == 404 else str(exc.detail)
        return _said(request, exc.status_code, said)

    for kind, handler in (
        (Refused, refused), (ConfigError, senseless), (RequestValidationError, senseless), (LedgerError, unusable),
        (HTTPException, http),
    ):  # fmt: skip
        app.add_exception_handler(kind, handler)


def _for_programs(request: Request) -> bool:
    return request.url.path.endswith((".json", ".csv", ".jsonl", "/openapi.json"))


def _said(request: Request, status: int, said: str) -> Response:
    """An error: words on a page, or as JSON where JSON was asked for."""
    if _for_programs(request):
        return JSONResponse({"error": said}, status)
    typed = {name: found for name, found in getattr(request.state, "typed", {}).items() if name not in _NOT_TYPED}
    return rendering.html("error.html", {"status": status, "said": said, "typed": typed}, status=status)
