"""Projects of people who marked events in reports: Label Studio (JSON) and doccano (JSON Lines), as values.

The span of an event is labelled with its type, perhaps with its mode: "COERCE" or "COERCE arrest". The spans of its slots are
labelled actor, recipient, place, date, count, or source with its kind ("source anonymous"), and tied to it by relations; the label
of a relation may name the slot instead. Nothing is guessed: a slot that no relation ties to an event is left out, and said to be.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sayso.errors import InputError
from sayso.ingest.reports import Options, from_record
from sayso.model import Report, SourceKind, Span, Status

SLOTS = ("actor", "recipient", "place", "date", "count", "source")
_STATUSES = frozenset(Status)
_KINDS = frozenset(SourceKind)
Types = Mapping[str, Iterable[str]]  # event types with their modes


@dataclass(frozen=True, slots=True)
class Marked:
    """One event as somebody marked it. `slots` has the spans of each slot; what was not marked is None."""

    trigger: Span
    type: str
    mode: str | None = None
    status: str | None = None
    historical: bool | None = None
    source_kind: str | None = None
    slots: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Annotated:
    """A report with what `by` marked in it; `issues` says what was left out, and why."""

    report: Report
    by: str | None
    events: tuple[Marked, ...]
    issues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Region:
    """A labelled span; `more` are what was chosen for it beside its labels."""

    id: str
    span: Span
    labels: tuple[str, ...]
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Tie:
    """A relation; `label` may be empty."""

    one: str
    other: str
    label: str


@dataclass(frozen=True, slots=True)
class _Marks:
    """What one person put into one text."""

    regions: tuple[_Region, ...]
    ties: tuple[_Tie, ...]
    issues: tuple[str, ...]


def read(text: str, types: Types, options: Options | None = None) -> Iterator[Annotated | InputError]:
    """Every annotated report of a project, or why it has none. Raises `InputError` for a file that is no such project."""
    options = options or Options()
    number = 0
    for number, task in enumerate(_tasks(text), 1):
        try:
            yield from _annotated(task, types, options)
        except InputError as exc:
            yield InputError(exc.message, source=f"task {number}")
    if number == 0:
        raise InputError("there are no tasks in it")


def _tasks(text: str) -> Iterator[Any]:
    """Tasks of a JSON list (Label Studio), or of JSON Lines (doccano)."""
    try:
        if text.lstrip("\ufeff \t\r\n").startswith("["):
            yield from json.loads(text.lstrip("\ufeff"))
            return
        for line in text.lstrip("\ufeff").splitlines():
            if line.strip():
                yield json.loads(line)
    except (ValueError, RecursionError) as exc:
        raise InputError(f"not the JSON of a Label Studio or doccano project: {exc}") from exc


def _annotated(task: Any, types: Types, options: Options) -> Iterator[Annotated]:
    if not isinstance(task, dict):
        raise InputError("a task is a JSON object")
    if isinstance(task.get("data"), dict):
        report = from_record(task["data"], options)
        for made in task.get("annotations") or []:
            if isinstance(made, dict) and not made.get("was_cancelled"):
                yield _events(report, _author(made.get("completed_by")), _label_studio(report.text, made), types)
        return
    if not any(key in task for key in ("label", "labels", "entities")):
        raise InputError(
            "neither a task of Label Studio (data, annotations) nor one of doccano (text, label or entities)"
        )
    meta = task.get("meta") if isinstance(task.get("meta"), dict) else {}
    report = from_record({**(meta or {}), **task, "text": task.get("text", task.get("data"))}, options)
    yield _events(report, _author(task.get("annotator") or task.get("username")), _doccano(report.text, task), types)


def _author(said: Any) -> str | None:
    if isinstance(said, dict):
        said = said.get("email") or said.get("id")
    return str(said) if said not in (None, "") else None


# --- the two layouts ---


def _label_studio(text: str, made: Mapping[str, Any]) -> _Marks:
    regions: list[_Region] = []
    ties: list[_Tie] = []
    issues: list[str] = []
    chosen: dict[str, list[str]] = {}
    for result in made.get("result") or []:
        value, kind = result.get("value") or {}, result.get("type")
        if kind == "labels":
            span = _span(text, value.get("start"), value.get("end"), value.get("text"))
            if span is None:
                issues.append(f"a span that is not in the text: {value.get('text') or value}")
            else:
                regions.append(_Region(str(result.get("id")), span, tuple(map(str, value.get("labels") or ()))))
        elif kind == "choices":
            chosen.setdefault(str(result.get("id")), []).extend(map(str, value.get("choices") or ()))
        elif kind == "relation":
            label = next(iter(result.get("labels") or ()), "")
            ties.append(_Tie(str(result.get("from_id")), str(result.get("to_id")), str(label)))
    whole = (_Region(one.id, one.span, one.labels, tuple(chosen.get(one.id, ()))) for one in regions)
    return _Marks(tuple(whole), tuple(ties), tuple(issues))


def _doccano(text: str, task: Mapping[str, Any]) -> _Marks:
    regions: list[_Region] = []
    issues: list[str] = []
    listed = task.get("entities") or task.get("label") or task.get("labels") or []
    for number, found in enumerate(listed):
        if isinstance(found, dict):
            name, ends, label = (
                found.get("id", number),
                (found.get("start_offset"), found.get("end_offset")),
                found.get("label"),
            )
        elif isinstance(found, list) and len(found) == 3:
            name, ends, label = number, (found[0], found[1]), found[2]
        else:
            issues.append(f"no span: {found!r}")
            continue
        span = _span(text, *ends, None)
        if span is None:
            issues.append(f"a span that is not in the text: {found!r}")
        else:
            regions.append(_Region(str(name), span, (str(label),)))
    ties = [
        _Tie(str(tie.get("from_id")), str(tie.get("to_id")), str(tie.get("type") or ""))
        for tie in task.get("relations") or []
        if isinstance(tie, dict)
    ]
    return _Marks(tuple(regions), tuple(ties), tuple(issues))


def _span(text: str, start: Any, end: Any, words: Any) -> Span | None:
    """The span in characters. Browsers count some characters as two: where the words are known, they decide."""
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end):
        return None
    if end <= len(text) and (words is None or text[start:end] == words):
        return Span(start, end)
    units = text.encode("utf-16-le")
    before, within = units[: 2 * start], units[2 * start : 2 * end]
    if words is not None and within.decode("utf-16-le", "replace") == words:
        first = len(before.decode("utf-16-le", "replace"))
        return Span(first, first + len(words))
    return None


# --- labels to events ---


def _events(report: Report, by: str | None, marks: _Marks, types: Types) -> Annotated:
    triggers = {region.id: found for region in marks.regions if (found := _trigger(region, types))}
    others = {region.id: region for region in marks.regions if region.id not in triggers}
    issues = list(marks.issues)
    slots: dict[str, dict[str, list[Span]]] = {name: {} for name in triggers}
    kinds: dict[str, str] = {}
    tied: set[str] = set()
    for event, region, label in _ties(marks.ties, triggers, others):
        found = _slot(label) or next(filter(None, map(_slot, region.labels)), None)
        if found is None:
            issues.append(f"a relation that names no slot ({', '.join(SLOTS)}): {label or ', '.join(region.labels)}")
            continue
        tied.add(region.id)
        slots[event].setdefault(found[0], []).append(region.span)
        if found[1]:
            kinds[event] = found[1]
    issues += [_untied(region, report.text) for name, region in others.items() if name not in tied]
    events = (
        _marked(triggers[one.id], one, slots[one.id], kinds.get(one.id)) for one in marks.regions if one.id in triggers
    )
    return Annotated(report, by, tuple(sorted(events, key=lambda one: (one.trigger, one.type))), tuple(issues))


def _ties(
    ties: Iterable[_Tie], triggers: Mapping[str, object], others: Mapping[str, _Region]
) -> Iterator[tuple[str, _Region, str]]:
    """Relations between an event and a slot, whichever way they point."""
    for tie in ties:
        for event, slot in ((tie.one, tie.other), (tie.other, tie.one)):
            if event in triggers and slot in others:
                yield event, others[slot], tie.label


def _untied(region: _Region, text: str) -> str:
    return f"left out, no relation ties it to an event: {', '.join(region.labels)} {region.span.of(text)!r}"


def _trigger(region: _Region, types: Types) -> tuple[str, str | None] | None:
    """Type and mode that the labels of a span name, None for the span of a slot."""
    for label in region.labels:
        first, _, rest = re.sub(r"[\s/:._]+", " ", label.strip()).partition(" ")
        if first.upper() in types:
            mode = rest.lower().replace(" ", "-")
            return first.upper(), mode if mode in types[first.upper()] else None
    return None


def _slot(label: str) -> tuple[str, str | None] | None:
    """The slot that a label names, and the kind of source if it names that too."""
    first, _, rest = re.sub(r"[\s/:._-]+", " ", label.strip().lower()).partition(" ")
    if first not in SLOTS:
        return None
    return first, rest if first == "source" and rest in _KINDS else None


def _marked(
    found: tuple[str, str | None], region: _Region, slots: Mapping[str, list[Span]], kind: str | None
) -> Marked:
    said = [word.strip().lower() for word in (*region.labels[1:], *region.more)]
    return Marked(
        region.span,
        *found,
        status=next((word for word in said if word in _STATUSES), None),
        historical=True if "historical" in said or "background" in said else None,
        source_kind=kind or next((word for word in said if word in _KINDS), None),
        slots={name: tuple(sorted(spans)) for name, spans in slots.items()},
    )
