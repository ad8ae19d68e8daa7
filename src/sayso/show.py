"""Claims in plain words: one vocabulary for the terminal, the notebook and the pages to come."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from sayso.model import Actor, Argument, Claim, Count, Report, SourceKind, Span

_STATUS_STYLE = {"actual": "green", "alleged": "yellow", "planned": "cyan", "hypothetical": "magenta", "negated": "red"}
# slot -> (terminal style, notebook colour)
_SLOTS = {
    "trigger": ("bold reverse", "#ffe28a"),
    "actor": ("blue", "#cfe3ff"),
    "recipient": ("magenta", "#f3d3f0"),
    "place": ("green", "#d2f0d4"),
    "date": ("cyan", "#cdeff2"),
    "count": ("yellow", "#fbe3c2"),
    "source": ("bold red", "#ffd1cc"),
}
TABLE_WIDTH = 100  # columns from which a table reads better than entries below one another
QUOTED = 150  # characters of the sentence shown around a trigger


def event(claim: Claim) -> str:
    """Type and mode: "COERCE arrest"."""
    return f"{claim.type} {claim.mode}" if claim.mode else claim.type


def status(claim: Claim) -> str:
    """Status, and whether it is background: "alleged, background"."""
    return f"{claim.status}, background" if claim.historical else str(claim.status)


def number(claim: Claim) -> str:
    """The count as said and what it counts: "at least 20 arrested"."""
    if claim.count is None:
        return ""
    if claim.count.value is None:
        return "(number unclear)"
    return f"{bounds(claim.count.value)} {claim.count.value.what}"


def bounds(count: Count) -> str:
    """A count's bounds in words: "20", "at least 20", "up to 30", "10 to 15"."""
    if count.low is not None and count.high is not None:
        return str(count.low) if count.low == count.high else f"{count.low} to {count.high}"
    return f"at least {count.low}" if count.low is not None else f"up to {count.high}"


def party(text: str, arguments: Sequence[Argument[Actor]]) -> str:
    """Actors or recipients in their words, with country and sector where these are known: "soldiers (ML, MIL)"."""
    said = []
    for argument in arguments:
        known = [part for part in (argument.value.country, argument.value.sector) if part] if argument.value else []
        said.append(argument.span.of(text) + (f" ({', '.join(known)})" if known else ""))
    return "; ".join(said)


def place(text: str, claim: Claim) -> str:
    """The place as named, with what it was resolved to; otherwise the country and what it was taken from."""
    if claim.place is None:
        return f"({claim.country})" if claim.country else ""
    words, found = claim.place.span.of(text), claim.place.value
    if found is None:
        return f"{words} ({claim.place.reason})"
    where = ", ".join(part for part in (found.admin1, found.country) if part and part != found.name)
    return f"{words} ({where})" if where else words


def day(text: str, claim: Claim) -> str:
    """The date worked out, or the words with the reason why none was."""
    if claim.date is None:
        return ""
    return claim.date.value.value if claim.date.value else f"{claim.date.span.of(text)} (?)"


def speaker(text: str, report: Report, claim: Claim) -> str:
    """Who says so: "anonymous: a Malian security source"; the outlet where it speaks itself."""
    if claim.source.kind is SourceKind.REPORT:
        return report.outlet or "the report itself"
    if claim.source.span is None:
        return f"{claim.source.kind}, not named"
    return f"{claim.source.kind}: {claim.source.span.of(text)}"


def quotation(text: str, claim: Claim) -> tuple[str, str, str]:
    """The words before the trigger, the trigger, and the words after it, within its sentence and within `QUOTED` characters."""
    start, end = claim.sentence
    lead = text[max(start, claim.trigger.start - QUOTED // 2) : claim.trigger.start]
    tail = text[claim.trigger.end : min(end, claim.trigger.end + QUOTED // 2)]
    starts_later, ends_earlier = claim.trigger.start - len(lead) > start, claim.trigger.end + len(tail) < end
    return (
        "… " * starts_later + _one_line(lead),
        _one_line(claim.trigger.of(text)),
        _one_line(tail) + " …" * ends_earlier,
    )


def _one_line(words: str) -> str:
    return (
        " ".join(words.split())
        if words.strip() == words
        else f"{' ' * words[:1].isspace()}{' '.join(words.split())}{' ' * words[-1:].isspace()}"
    )


def heading(report: Report) -> Text:
    """Outlet, day and title of a report, and how many claims it makes on how many sources' word."""
    published = report.published.isoformat() if report.published else None
    line = Text(" · ".join(filter(None, (report.outlet, published, report.title))) or report.id, style="bold")
    speakers = {claim.source.span.of(report.text) for claim in report.claims if claim.source.span}
    said = f"{_several(len(report.claims), 'claim')}, {_several(len(speakers), 'source')} besides the outlet"
    return line.append(f"\n{said}", style="dim not bold")


def _several(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def terminal(report: Report, *, width: int) -> RenderableType:
    """A report's claims for people: a table, or where `width` columns are too few for one, a stack of entries."""
    notes = [Text(f"note: {issue}", style="yellow") for issue in report.issues]
    claims = _table(report) if width >= TABLE_WIDTH else _stack(report)
    return Group(heading(report), *notes, Text(""), claims)


_COLUMNS = (  # title, share of the width, columns that its longest usual word needs
    ("what", 3, 14),
    ("who → to whom", 5, 18),
    ("where, when", 3, 14),
    ("how many", 2, 13),
    ("who says so", 4, 14),
    ("in these words", 6, 22),
)


def _table(report: Report) -> Table:
    table = Table(box=None, padding=(0, 1, 1, 0), header_style="dim", expand=True)
    for title, ratio, narrowest in _COLUMNS:
        table.add_column(title, ratio=ratio, min_width=narrowest, overflow="fold")
    for claim in report.claims:
        where = (place(report.text, claim), day(report.text, claim))
        table.add_row(
            Text.assemble(_what(claim), "\n", _status(claim)),
            Text(_parties(report.text, claim)),
            Text("\n".join(filter(None, where))),
            Text(number(claim)),
            _speaker(report, claim),
            _quotation(report.text, claim),
        )
    return table


def _stack(report: Report) -> Group:
    entries = []
    for claim in report.claims:
        where = (place(report.text, claim), day(report.text, claim), number(claim))
        details = [_parties(report.text, claim), " · ".join(filter(None, where))]
        lines = [Text.assemble(_what(claim), "  ", _status(claim)), *(Text(f"  {line}") for line in details if line)]
        entries += [
            *lines,
            Text("  says ").append_text(_speaker(report, claim)),
            _quotation(report.text, claim),
            Text(""),
        ]
    return Group(*entries)


def _what(claim: Claim) -> Text:
    return Text(event(claim), style="bold")


def _status(claim: Claim) -> Text:
    return Text(status(claim), style=_STATUS_STYLE[claim.status])


def _parties(text: str, claim: Claim) -> str:
    who, whom = party(text, claim.actor), party(text, claim.recipient)
    return f"{who or '—'} → {whom or '—'}" if who or whom else ""


def _speaker(report: Report, claim: Claim) -> Text:
    return Text(speaker(report.text, report, claim), style=_SLOTS["source"][0] if claim.source.span else "dim")


def _quotation(text: str, claim: Claim) -> Text:
    lead, trigger, tail = quotation(text, claim)
    return Text.assemble((lead, "dim"), (trigger, "bold"), (tail, "dim"))


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of text that fills `slot` of the claims numbered `claims` (from 1, in the order of the text)."""

    span: Span
    slot: str
    claims: tuple[int, ...]


def marks(report: Report) -> list[Mark]:
    """Every marked stretch in order; where two overlap the trigger stays, then the source, then the longer."""
    numbered: dict[tuple[Span, str], list[int]] = {}
    for index, claim in enumerate(report.claims, 1):
        for slot, span in _slots(claim):
            numbered.setdefault((span, slot), []).append(index)
    ranked = sorted(
        numbered, key=lambda key: (key[1] != "trigger", key[1] != "source", key[0].start - key[0].end, key[0])
    )
    kept: list[Mark] = []
    for span, slot in ranked:
        if not any(span.overlaps(mark.span) for mark in kept):
            kept.append(Mark(span, slot, tuple(numbered[span, slot])))
    return sorted(kept, key=lambda mark: mark.span)


def _slots(claim: Claim) -> Iterable[tuple[str, Span]]:
    yield "trigger", claim.trigger
    yield from (("actor", argument.span) for argument in claim.actor)
    yield from (("recipient", argument.span) for argument in claim.recipient)
    yield from (
        (slot, argument.span)
        for slot, argument in (("place", claim.place), ("date", claim.date), ("count", claim.count))
        if argument
    )
    if claim.source.span:
        yield "source", claim.source.span


def quotes(report: Report) -> Text:
    """The whole text with its claims marked: triggers in brackets with their number, so that it reads without colour too."""
    shown, at = Text(), 0
    for mark in marks(report):
        shown.append(report.text[at : mark.span.start])
        words = mark.span.of(report.text)
        label = ",".join(map(str, mark.claims))
        if mark.slot == "trigger":
            shown.append(f"[{label} {words}]", style=_SLOTS["trigger"][0])
        else:
            shown.append(words, style=_SLOTS[mark.slot][0]).append(f"({mark.slot} {label})", style="dim")
        at = mark.span.end
    return shown.append(report.text[at:])


def notebook(report: Report) -> str:
    """HTML for a notebook: the marked text, and its claims as a table. Text is always escaped."""
    body, at = [], 0
    for mark in marks(report):
        body.append(html.escape(report.text[at : mark.span.start]))
        label = f"{mark.slot} of claim {', '.join(map(str, mark.claims))}"
        words = html.escape(mark.span.of(report.text))
        style = f"background:{_SLOTS[mark.slot][1]};color:#111;border-radius:3px"
        body.append(f'<mark title="{label}" style="{style}">{words}</mark>')
        at = mark.span.end
    body.append(html.escape(report.text[at:]))
    cells = "".join(_notebook_row(report, index, claim) for index, claim in enumerate(report.claims, 1))
    head = "".join(
        f"<th>{title}</th>"
        for title in ("", "what", "status", "who", "to whom", "where", "when", "how many", "who says so")
    )
    heading_line = html.escape(" · ".join(filter(None, (report.outlet, str(report.published or ""), report.title))))
    return (
        f"<div><b>{heading_line}</b><p style='white-space:pre-wrap;line-height:1.6' dir='auto'>{''.join(body)}</p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{cells}</tbody></table></div>"
    )


def _notebook_row(report: Report, index: int, claim: Claim) -> str:
    text = report.text
    values = (
        str(index), event(claim), status(claim), party(text, claim.actor), party(text, claim.recipient),
        place(text, claim), day(text, claim), number(claim), speaker(text, report, claim),
    )  # fmt: skip
    return f"<tr>{''.join(f'<td>{html.escape(value)}</td>' for value in values)}</tr>"


def legend() -> str:
    """What the marks of `quotes` mean, as rich markup."""
    return "  ".join(f"[{style}]{escape(slot)}[/]" for slot, (style, _) in _SLOTS.items())
