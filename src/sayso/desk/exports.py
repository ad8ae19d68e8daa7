"""The claims that a page shows, as files: every claim that its filters keep, not only those on the screen."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from starlette.responses import StreamingResponse

from sayso import layout
from sayso.desk.page import Asked, File, Page
from sayso.ledger.team import audit
from sayso.model import Telling

_AT_ONCE = 50  # rows written in one piece


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of file: what it is called in links, its media type, and how claims become its text."""

    name: str
    media: str
    written: Callable[[Iterable[Telling]], Iterator[str]]


def _csv(tellings: Iterable[Telling]) -> Iterator[str]:
    out = io.StringIO()
    table = csv.DictWriter(out, [name for name, _ in layout.COLUMNS], lineterminator="\r\n")
    table.writeheader()
    for telling in tellings:
        for row in layout.rows(replace(telling.report, claims=(telling.claim,))):
            table.writerow({name: defused(value) for name, value in row.items()})
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def defused(value: object) -> object:
    """Text that a spreadsheet would run as a formula, with an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _json_lines(tellings: Iterable[Telling]) -> Iterator[str]:
    for telling in tellings:
        yield json.dumps(layout.telling_json(telling), ensure_ascii=False) + "\n"


FORMS: Mapping[str, Form] = {
    ".csv": Form("CSV", "text/csv", _csv),
    ".jsonl": Form("JSON Lines", "application/x-ndjson", _json_lines),
}


def answer(form: Form) -> Callable[[Page, Asked], StreamingResponse]:
    """What a page answers when it is asked as this kind of file. The audit log notes it before the first row leaves."""

    def streamed(page: Page, asked: Asked) -> StreamingResponse:
        assert page.tellings is not None
        tellings = iter(page.tellings(asked))
        audit.note(asked.ledger, asked.user.name, "export", {"address": asked.link(), "as": form.name})
        name = f"sayso-{time.strftime('%Y-%m-%d')}{next(end for end, found in FORMS.items() if found is form)}"
        return StreamingResponse(
            _in_pieces(form.written(tellings)),
            media_type=form.media,
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    return streamed


def download(file: File) -> Callable[[Page, Asked], StreamingResponse]:
    """What a page answers when it is asked as one of its own files. The audit log notes what is kept as a file."""

    def streamed(_: Page, asked: Asked) -> StreamingResponse:
        lines = iter(file.written(asked))
        headers = {}
        if file.saved:
            audit.note(asked.ledger, asked.user.name, "export", {"address": asked.link(), "as": file.name})
            name = f"sayso-{asked.address.strip('/').replace('/', '-')}-{time.strftime('%Y-%m-%d')}{file.ending}"
            headers = {"Content-Disposition": f'attachment; filename="{_plain(name)}"'}
        return StreamingResponse(_in_pieces(lines), media_type=file.media, headers=headers)

    return streamed


def _plain(name: str) -> str:
    """A name of a file that every system takes."""
    return "".join(mark if mark.isascii() and (mark.isalnum() or mark in "-_.") else "-" for mark in name)


def table(rows: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """Rows with the same keys as CSV, safe for spreadsheets; nothing at all where there are none."""
    out, writer = io.StringIO(), None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(out, list(row), lineterminator="\r\n")
            writer.writeheader()
        writer.writerow({name: defused(value) for name, value in row.items()})
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def _in_pieces(lines: Iterator[str]) -> Iterator[bytes]:
    """Lines put together, so that few pieces are sent."""
    waiting: list[str] = []
    for line in lines:
        waiting.append(line)
        if len(waiting) >= _AT_ONCE:
            yield "".join(waiting).encode("utf-8", "backslashreplace")
            waiting.clear()
    yield "".join(waiting).encode("utf-8", "backslashreplace")
