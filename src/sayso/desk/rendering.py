"""Templates: everything that comes from outside is text and is written as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from sayso import ontology, show, summary
from sayso.desk import page, words

HERE = Path(__file__).parent


@cache
def environment() -> Environment:
    """The templates with the words they share. Text is escaped everywhere, and a name that is not there is an error."""
    found = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    found.globals.update(
        speaker=summary.speaker, show=show, words=words, to=page.to, segment=page.segment, ontology=ontology
    )
    found.filters.update(thousands=words.thousands, several=words.several, moment=words.moment)
    return found


def html(template: str, values: Mapping[str, Any], *, status: int = 200) -> HTMLResponse:
    """A template filled in."""
    text = environment().get_template(template).render(**values)
    return HTMLResponse(text.encode("utf-8", "replace"), status)


def macro(template: str, name: str) -> Callable[..., Markup]:
    """One macro of a template, for parts that are drawn apart from a page and kept."""
    found: Callable[..., Markup] = getattr(environment().get_template(template).module, name)
    return found
