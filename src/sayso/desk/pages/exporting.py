"""Exports: what the filters keep, in the formats of the field, each with its manifest."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import Any

from sayso import export
from sayso.desk.page import Answer, Asked, Page, Refused, Sent, segment
from sayso.errors import ExportError
from sayso.ledger import filters
from sayso.ledger.team import audit


def _formats(asked: Asked) -> Answer:
    data = {
        "shows": asked.wanted.phrase,
        "formats": [
            {
                "name": form.name,
                "title": form.title,
                "about": form.about,
                "of": str(form.grain),
                "lost": list(form.lost),
                "file": asked.link(f"/export/{segment(form.name)}"),
            }
            for form in export.FORMATS.values()
            if not form.one_incident
        ],
    }
    return Answer(data)


def _file(asked: Asked) -> Sent:
    """A zip archive of one format and its manifest. The audit log notes it before anything is sent."""
    name = asked.path["format"]
    form = export.FORMATS.get(name)
    if form is None or form.one_incident:
        raise Refused(404, f"there is no such format for a list; known are {', '.join(export.FORMATS)}")
    given: dict[str, Any] = {row: list(found) for row, found in asked.given.items() if row in filters.BY_NAME}
    handle, made = tempfile.mkstemp(prefix="sayso-", suffix=".zip")
    os.close(handle)
    path = Path(made)
    path.unlink()  # an export makes its file itself, whole or not at all
    try:
        export.export(asked.ledger, [name], path, **given)
    except ExportError as exc:
        raise Refused(409, str(exc)) from exc
    audit.note(asked.ledger, asked.user.name, "export", {"address": asked.link(), "as": name})
    return Sent(path, f"sayso-{name}-{time.strftime('%Y-%m-%d')}.zip")


PAGES = (
    Page("/export", "The formats in which claims and incidents can be had.", "export.html", _formats, filters=True),
    Page(
        "/export/{format}",
        "What the filters keep, in one format, with a manifest, as a zip archive.",
        "export.html",
        _file,
        filters=True,
    ),
)
