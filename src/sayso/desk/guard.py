"""What every answer of the desk carries, and which requests are not even looked at."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sayso.desk.settings import Settings

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
# The pages of the API's documentation draw small images of their own.
API_POLICY = POLICY | {"img-src": "'self' data:"}
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_HARMLESS = ("GET", "HEAD", "OPTIONS")


class Guard:
    """Refuses other hosts and other sites' writes, and puts the rules for browsers on every answer.

    A page of another site can send forms here with the user's cookie; the origin that browsers put on them gives it away.
    Programs that send a token of their own have no cookie to be abused.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers(scope["path"]).items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        refusal = self._refusal(scope)
        if refusal is None:
            await self._app(scope, receive, with_headers)
        else:
            await PlainTextResponse(refusal, 403)(scope, receive, with_headers)

    def _refusal(self, scope: Scope) -> str | None:
        headers = Headers(scope=scope)
        if headers.get("host", "") not in self._settings.hosts:
            return "this desk is not called by that name; use the address that `sayso serve` printed\n"
        if scope["method"] in _HARMLESS or headers.get("authorization", "").lower().startswith("bearer "):
            return None
        origin = headers.get("origin")
        own = origin in self._settings.origins if origin else headers.get("sec-fetch-site") == "same-origin"
        return None if own else "this was sent by another site, and is not done\n"

    def _headers(self, path: str) -> Mapping[str, str]:
        policy = API_POLICY if path == "/api" else POLICY
        return _ALWAYS | {"Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items())}
