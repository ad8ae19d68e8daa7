"""From the tables of pages and actions to routes: one declaration gives page, JSON twin, exports and documentation."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import parse_qsl, unquote

from fastapi import FastAPI, Path, Query, Request
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response, StreamingResponse

from sayso.desk import exports, rendering
from sayso.desk.doors import Doors
from sayso.desk.page import Action, Again, Answer, Asked, Moved, Page, Param, Refused, Sent, Typed
from sayso.errors import ConfigError
from sayso.ledger import filters

MOST_SENT = 256_000  # bytes of a form
_WORDS = re.compile(r"\{(\w+)\}")
_OPEN = {"additionalProperties": True, "type": "object"}
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "What the page shows", "content": {"application/json": {"schema": _OPEN}}},
    308: {"description": "It is at another address now"},
    400: {"description": "Something asked for makes no sense; the answer says what"},
    401: {"description": "Nobody is signed in"},
    403: {"description": "The role of the user does not cover this"},
    404: {"description": "There is no such thing"},
    410: {"description": "There was such a thing, and there is no longer"},
    422: {"description": "Not of the form that is described here"},
    503: {"description": "The ledger cannot be used right now"},
}


def mount(app: FastAPI, doors: Doors, pages: Iterable[Page], actions: Iterable[Action]) -> None:
    """Adds the routes of all pages and actions; those with an ending come first, for a word may hold a full stop."""
    pages, actions = list(pages), list(actions)
    for page in pages:
        if not page.only_files:
            _add(app, doors, page, ".json", _as_json)
        for ending, form in exports.FORMS.items() if page.tellings else ():
            _add(app, doors, page, ending, exports.answer(form))
        for file in page.files:
            _add(app, doors, page, file.ending, exports.download(file))
    for action in actions:
        _add_action(app, doors, action, _Form(".json", _done_as_json))
    for page in (one for one in pages if not one.only_files):
        _add(app, doors, page, "", _as_html(pages))
    for action in actions:
        _add_action(app, doors, action, _Form("", _done_as_html(pages), _again_as_html(pages)))


# --- reading ---


def _add(
    app: FastAPI, doors: Doors, page: Page, ending: str, form: Callable[[Page, Asked], Response | StreamingResponse]
) -> None:
    def endpoint(request: Request, **_: Any) -> Response:
        asked = _asked(doors, request, page, ending)
        return form(page, asked)

    # A page checks its parameters itself; where it is documented, FastAPI is told of them, and looks for each in each request.
    documented = (page.params, page.filters) if ending else ((), False)
    endpoint.__signature__ = _signature(page.path, *documented)  # type: ignore[attr-defined]
    app.add_api_route(
        page.path + ending,
        endpoint,
        methods=["GET"],
        summary=page.help,
        operation_id=f"get_{_name(page.path)}{ending.replace('.', '_')}",
        responses=_ANSWERS,
        include_in_schema=bool(ending),
        response_class=Response,
        response_model=None,
    )


def _asked(doors: Doors, request: Request, page: Page, ending: str) -> Asked:
    given: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        if value.strip():
            given.setdefault(name, []).append(value)
    known = {param.name for param in page.params} | (set(filters.BY_NAME) if page.filters else set())
    unknown = sorted(set(given) - known)
    if unknown:
        listed = ", ".join(sorted(known)) or "none"
        raise ConfigError(f"this page has no parameter {unknown[0]!r}; known are {listed}")
    for param in page.params:
        if len(given.get(param.name, ())) > 1 and not param.many:
            raise ConfigError(f"{param.name} takes one value")
    return Asked(
        ledger=doors.ledger,
        settings=doors.settings,
        user=doors.anybody(request) if page.open else doors.user(request, page.role),
        kept=doors.kept,
        address=request.url.path.removesuffix(ending) if ending else request.url.path,
        wanted=filters.wanted({name: found for name, found in given.items() if name in filters.BY_NAME})
        if page.filters
        else filters.Wanted(),
        path=_path(request),
        given={name: tuple(found) for name, found in given.items()},
    )


def _path(request: Request) -> dict[str, str]:
    return {name: unquote(str(word)) for name, word in request.path_params.items()}


def _as_json(page: Page, asked: Asked) -> Response:
    answer = page.view(asked)
    if isinstance(answer, Sent):
        return _file(answer)
    if isinstance(answer, Moved):
        return RedirectResponse(_with_ending(answer.to), 308 if answer.for_good else 307)
    return JSONResponse(answer.json())


def _file(sent: Sent) -> Response:
    return FileResponse(sent.path, filename=sent.name, background=BackgroundTask(sent.path.unlink, missing_ok=True))


def _with_ending(address: str) -> str:
    path, mark, rest = address.partition("?")
    return f"{path}.json{mark}{rest}"


def _navigation(pages: list[Page]) -> list[tuple[str, str]]:
    return [(page.nav, page.path) for page in pages if page.nav]


def _as_html(pages: list[Page]) -> Callable[[Page, Asked], Response]:
    navigation = _navigation(pages)

    def drawn(page: Page, asked: Asked) -> Response:
        try:
            answer = page.view(asked)
        except (Refused, ConfigError) as exc:
            return _again_as_html(pages)(_form_of(page, exc), asked, str(exc))
        if isinstance(answer, Sent):
            return _file(answer)
        if isinstance(answer, Moved):
            return RedirectResponse(answer.to, 308 if answer.for_good else 303)
        return rendering.html(page.template, _values(navigation, asked, page, answer))

    def shown(page: Page, asked: Asked) -> Response:
        if not page.kept:
            return drawn(page, asked)
        key = repr((asked.user.name, asked.user.role, asked.link(after=asked.given.get("after"))))
        return asked.kept.page(asked.ledger, key, lambda: drawn(page, asked))

    return shown


def _values(
    navigation: list[tuple[str, str]], asked: Asked, page: Page | None, answer: Answer | Moved
) -> dict[str, Any]:
    """What every template is given."""
    common = {"asked": asked, "page": page, "navigation": navigation, "typed": Typed(), "data": answer.data}
    return common | (dict(answer.shown) if isinstance(answer, Answer) else {})


def _form_of(where: Page | Action, exc: Refused | ConfigError) -> Again:
    """The form to show once more; raises the refusal again where none can mend it."""
    if where.again is None or (isinstance(exc, Refused) and exc.status != 400):
        raise exc
    return where.again


# --- writing ---


@dataclass(frozen=True, slots=True)
class _Form:
    """How actions answer at their address with `ending`: when they are done, and when they were refused; None ends in an error."""

    ending: str
    done: Callable[[Action, Asked, Answer | Moved], Response]
    again: Callable[[Again, Asked, str], Response] | None = None


def _add_action(app: FastAPI, doors: Doors, action: Action, form: _Form) -> None:
    def act(request: Request, sent: Mapping[str, tuple[str, ...]]) -> Response:
        user = doors.user(request, action.role)
        asked = Asked(doors.ledger, doors.settings, user, request.url.path, doors.kept, path=_path(request), form=sent)
        request.state.typed = sent  # for the page of an error
        try:
            for name in (param.name for param in action.fields if param.required):
                asked.needed(name)
            done = action.act(asked)
        except (Refused, ConfigError) as exc:
            if form.again is None:
                raise
            return form.again(_form_of(action, exc), asked, str(exc))
        return form.done(action, asked, done)

    async def endpoint(request: Request, **_: Any) -> Response:
        return await run_in_threadpool(act, request, await _sent(request, action))

    endpoint.__signature__ = _signature(action.path, (), False)  # type: ignore[attr-defined]
    app.add_api_route(
        action.path + form.ending,
        endpoint,
        methods=["POST"],
        summary=action.help,
        operation_id=f"post_{_name(action.path)}{form.ending.replace('.', '_')}",
        responses=_ANSWERS,
        include_in_schema=bool(form.ending),
        openapi_extra=_body(action),
        response_class=Response,
        response_model=None,
    )


async def _sent(request: Request, action: Action) -> Mapping[str, tuple[str, ...]]:
    """What was sent, as a form or as JSON, field by field."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_SENT:
            raise Refused(413, f"more than {MOST_SENT:,} bytes were sent")
    try:
        pairs = list(_pairs(request.headers.get("content-type", ""), body.decode("utf-8")))
    except ValueError as exc:
        raise Refused(400, f"what was sent cannot be read ({exc})") from exc
    known = {param.name: param for param in action.fields}
    sent: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        if name not in known:
            raise Refused(400, f"there is no field {name!r}; known are {', '.join(known) or 'none'}")
        if value.strip():
            sent[name] = (*sent.get(name, ()), value)
    for name, found in sent.items():
        if len(found) > 1 and not known[name].many:
            raise Refused(400, f"{name} takes one value")
    return sent


def _pairs(kind: str, body: str) -> Iterable[tuple[str, str]]:
    if not kind.startswith("application/json"):
        yield from parse_qsl(body, keep_blank_values=True, max_num_fields=1000)
        return
    sent = json.loads(body or "{}")
    if not isinstance(sent, dict):
        raise ValueError("it must be one JSON object")
    for name, value in sent.items():
        for one in value if isinstance(value, list) else [] if value is None else [value]:
            yield name, one if isinstance(one, str) else json.dumps(one)


def _done_as_json(_: Action, __: Asked, done: Answer | Moved) -> Response:
    return JSONResponse({"to": done.to, **done.data} if isinstance(done, Moved) else done.json())


def _done_as_html(pages: list[Page]) -> Callable[[Action, Asked, Answer | Moved], Response]:
    navigation = _navigation(pages)

    def shown(action: Action, asked: Asked, done: Answer | Moved) -> Response:
        if isinstance(done, Moved):
            return RedirectResponse(done.to, 303)
        return rendering.html(action.template or "error.html", _values(navigation, asked, None, done))

    return shown


def _again_as_html(pages: list[Page]) -> Callable[[Again, Asked, str], Response]:
    navigation = _navigation(pages)

    def shown(form: Again, asked: Asked, said: str) -> Response:
        answer = form.shown(asked, said)
        values = _values(navigation, asked, None, answer)
        values["typed"] = Typed(asked.form or asked.given, said)
        return rendering.html(form.template, values, status=400)

    return shown


# --- documentation ---


def _name(path: str) -> str:
    return "_".join(re.findall(r"\w+", path)) or "start"


def _signature(path: str, params: Iterable[Param], filtered: bool) -> inspect.Signature:
    """The parameters of a page as FastAPI documents them; the values are checked by the filters themselves."""
    keyword = inspect.Parameter.KEYWORD_ONLY
    found = [inspect.Parameter("request", keyword, annotation=Request)]
    found += [inspect.Parameter(word, keyword, annotation=Annotated[str, Path()]) for word in _WORDS.findall(path)]
    rows = [(param.name, param.help, param.many) for param in params]
    rows += [(row.name, row.help, row.many) for row in filters.FILTERS] if filtered else []
    for name, said, many in rows:
        kind = list[str] | None if many else str | None
        found.append(
            inspect.Parameter(name, keyword, default=None, annotation=Annotated[kind, Query(description=said)])
        )
    return inspect.Signature(found)


def _body(action: Action) -> dict[str, Any]:
    fields = {
        param.name: {"description": param.help}
        | ({"type": "array", "items": {"type": "string"}} if param.many else {"type": "string"})
        for param in action.fields
    }
    schema: dict[str, Any] = {"type": "object", "properties": fields, "additionalProperties": False}
    needed = [param.name for param in action.fields if param.required]
    if needed:
        schema["required"] = needed
    return {"requestBody": {"required": bool(needed), "content": {"application/json": {"schema": schema}}}}
