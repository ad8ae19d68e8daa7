"""What was found in a file, page or record to a `Report`: its id, day of publication, language, and what is amiss."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from dataclasses import dataclass, field, replace
from typing import Any

from sayso.errors import InputError
from sayso.ingest.language import identify
from sayso.ingest.published import day_of
from sayso.model import Report

_ID_DIGITS = 16
_NO_DAY = 'no day of publication: words like "Sunday" stay open'
# The layout's own key first; the others are what GDELT exports, newspaper scrapers and feeds call the same thing.
_KEYS = {
    "text": ("text", "body", "content"),
    "published": ("published", "date"),
    "outlet": ("outlet", "source", "publisher"),
    "title": ("title",),
    "language": ("language",),
    "url": ("url",),
    "canonical": ("canonical",),
}


@dataclass(frozen=True, slots=True)
class Options:
    """What the user says of all reports read. The user's word wins over what a document states of itself.

    `allow_private` names the private addresses that may be fetched from all the same ("127.0.0.1").
    """

    outlet: str | None = None
    title: str | None = None
    published: dt.date | None = None
    allow_private: frozenset[str] = field(default=frozenset())


def report_id(text: str, outlet: str | None) -> str:
    """Id of a report that came without one: the same text from the same outlet always has the same."""
    key = f"{unicodedata.normalize('NFC', text)}\x1f{outlet or ''}"
    return hashlib.sha256(key.encode("utf-8")).hexdigest()[:_ID_DIGITS]


def build(report: Report, options: Options) -> Report:
    """`report` with the user's word put over it, and its id (where empty), language and issues filled in.

    Raises `InputError` for text that is empty or cannot be written as UTF-8.
    """
    if not report.text.strip():
        raise InputError("there is no text in it")
    try:
        report.text.encode("utf-8")
    except UnicodeEncodeError as exc:
        raise InputError(f"character {exc.start} of the text is half of a pair (a lone surrogate)") from exc
    outlet = options.outlet or report.outlet
    published = options.published or report.published
    issues = list(report.issues)
    if published is None:
        issues.append(_NO_DAY)
    language = report.language
    if language is None:
        language, certain = identify(report.text)
        if not certain:
            issues.append(f"language not certain{f' (perhaps {language})' if language else ''}")
            language = None
    return replace(
        report,
        id=report.id or report_id(report.text, outlet),
        title=options.title or report.title,
        outlet=outlet,
        published=published,
        language=language,
        issues=tuple(issues),
    )


def from_record(record: object, options: Options) -> Report:
    """The report of one JSON object; its id and text stay to the character, keys that mean nothing here are ignored.

    Raises `InputError` if `record` is no object or has no string as text.
    """
    if not isinstance(record, dict):
        raise InputError(f"a report is a JSON object, not {_kind(record)}")
    text = _value(record, "text")
    if not isinstance(text, str):
        raise InputError('it has no "text" that is a string')
    issues: list[str] = []
    published = _published(_value(record, "published"), issues)
    language = _language(_value(record, "language"), issues)
    report = Report(
        id=_id(record.get("id")),
        text=text,
        title=_words(_value(record, "title"), "title", issues),
        outlet=_words(_value(record, "outlet"), "outlet", issues),
        published=published,
        language=language,
        url=_words(_value(record, "url"), "url", issues),
        canonical=_words(_value(record, "canonical"), "canonical", issues),
        issues=tuple(issues),
    )
    return build(report, options)


def _value(record: dict[str, Any], name: str) -> object:
    """The value under the first of the keys that stand for `name`."""
    return next((record[key] for key in _KEYS[name] if key in record), None)


def _kind(value: object) -> str:
    names = {
        list: "a list",
        str: "a string",
        bool: "true or false",
        type(None): "null",
        int: "a number",
        float: "a number",
    }
    return names.get(type(value), "that")


def _id(value: object) -> str:
    """The id given, or "" for none; numbers count as their digits."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise InputError(f'its "id" is {_kind(value)}; a string or a number is wanted')
    return str(value)


def _words(value: object, name: str, issues: list[str]) -> str | None:
    if value is None or isinstance(value, str):
        return (value or "").strip() or None
    issues.append(f"its {name} is {_kind(value)}, not a string: left out")
    return None


def _published(value: object, issues: list[str]) -> dt.date | None:
    if value is None or value == "":
        return None
    day = day_of(value) if isinstance(value, str) else None
    if day is None:
        issues.append(f"its day of publication cannot be read: {str(value)[:60]!r}")
    return day


def _language(value: object, issues: list[str]) -> str | None:
    """The code without its region: "en-US" is "en"."""
    if value is None or value == "":
        return None
    match = re.fullmatch(r"([A-Za-z]{2,3})(?:[-_]\w+)*", value) if isinstance(value, str) else None
    if match is None:
        issues.append(f"its language is no ISO 639 code: {str(value)[:40]!r}")
    return match[1].lower() if match else None
