"""An incident for people in the terminal: what, where, when, the numbers on a line, who says what in which words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sayso import show, summary
from sayso.model import Incident, SourceKind, Telling
from sayso.summary import Days, Numbers, Said, Statement, Summary

_STATUS_STYLE = {"actual": "green", "alleged": "yellow", "planned": "cyan", "hypothetical": "magenta", "negated": "red"}
_SCALE = 46  # characters of the line on which numbers stand
_ORIGINS_NAMED = 4  # who stands behind an end of a figure, before "and others"
WORDS = {"numbers": "how many", "status": "whether it is so", "day": "when", "place": "where"}


def what(found: Summary) -> str:
    """The event that most origins tell of."""
    return found.events[0].value


def where(found: Summary) -> str:
    """The most exact place named, with its country; otherwise the country."""
    country = found.countries[0].value if found.countries else None
    if not found.places:
        return f"({country})" if country else ""
    place = found.places[0].value
    near = ", ".join(part for part in (place.admin1, place.country or country) if part and part != place.name)
    return f"{place.name} ({near})" if near else place.name


def when(found: Summary) -> str:
    """The days that it happened on; where none is named, when it was told."""
    if found.days:
        return _whole_months(found.days)
    if found.published:
        first, last = found.published
        return f"told {first}" if first == last else f"told {first}/{last}"
    return ""


def _whole_months(days: Days) -> str:
    """Days as they are written shortest: "2025-11" for all of a month, "2025" for all of a year."""
    for length in (len("2025"), len("2025-11")):
        if summary.days(days.first[:length]) == (days.first, days.last):
            return days.first[:length]
    return days.words


def witnesses(found: Summary) -> str:
    """Who tells of it, in two short lines."""
    informants = [
        f"{count} {kind}" for count, kind in ((len(found.named), "named"), (found.anonymous, "anonymous")) if count
    ]
    outlets, origins = len(found.outlets), found.origins
    told = f"{outlets} outlet{'s' * (outlets != 1)}, {origins} origin{'s' * (origins != 1)}"
    return "\n".join(filter(None, (told, ", ".join(informants))))


def numbers(found: Summary) -> str:
    """Every figure, with what is counted: "20 to 50 arrested"."""
    return "\n".join(f"{one.figure.words} {one.what}" for one in found.numbers)


def differs(found: Summary) -> str:
    """What the claims disagree on."""
    return ", ".join(WORDS[name] for name in found.differs)


# --- the whole ---


def whole(incident: Incident, found: Summary) -> RenderableType:
    """All of an incident: heading, numbers with who stands behind them, statuses side by side, and every claim in its words."""
    parts: list[RenderableType] = [heading(incident, found)]
    parts += [Padding(counted(one), (1, 0, 0, 0)) for one in found.numbers]
    if len(found.statuses) > 1:
        parts.append(Padding(statuses(found), (1, 0, 0, 0)))
    quoted_above = {statement.by[0] for one in found.numbers for statement in one.statements}
    rest = [telling for telling in incident.tellings if telling not in quoted_above]
    if rest:
        parts.append(Padding(told(rest, "and they say" if quoted_above else "in these words"), (1, 0, 0, 0)))
    return Group(*parts)


def heading(incident: Incident, found: Summary) -> Text:
    """What, who, where, when; who tells of it; what they disagree on."""
    line = " · ".join(filter(None, (what(found), where(found), when(found))))
    text = Text.assemble((line, "bold"), (f"   incident {incident.id}", "dim"))
    lead = summary.summarise(found.events[0].by)  # those who tell of something beside it name others
    parties = (_most(lead.actors), _most(lead.recipients))
    if any(parties):
        text.append(f"\n{parties[0] or '—'} → {parties[1] or '—'}")
    text.append(f"\n{found.witnesses}", style="")
    if found.differs:
        text.append("\nThey disagree on ").append(differs(found), style="bold yellow")
    return text


def _most(said: Sequence[Said[str]]) -> str:
    return "; ".join(one.value for one in said[:2]) + (f" and {len(said) - 2} more" if len(said) > 2 else "")


def counted(found: Numbers) -> RenderableType:
    """The numbers of one kind: on a line, and each with who says so, when and in which words; replaced ones are struck out."""
    figure = found.figure
    title = Text.assemble(
        (f"How many {found.what}: ", "bold"), (figure.words, "bold yellow"), (f"  ({figure.rule})", "dim")
    )
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False, pad_edge=False)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    for statement in sorted(found.statements, key=lambda one: (one.floor, one.ceiling, one.day is None, one.day)):
        stands = statement.replaced_by is None
        who = Text(_who(statement.by), style="bold" if stands else "dim")
        table.add_row(
            Text(_said(statement), style="bold yellow" if stands else "dim strike"),
            Text.assemble(who, (f" · {_where_told(statement)}", "dim"), "\n", quoted(statement.by[0])),
        )
    line = scale([one.floor for one in found.standing] + [one.ceiling for one in found.standing])
    return Group(title, *([Padding(line, (0, 0, 0, 2))] if line else []), Padding(table, (0, 0, 0, 2)))


def scale(values: Iterable[int]) -> Text | None:
    """The numbers as points on a line, as far apart as they are; None for a single one."""
    points = sorted(set(values))
    if len(points) < 2:
        return None
    low, span = points[0], points[-1] - points[0]
    line, labels = list("─" * (_SCALE + 1)), ""
    for point in points:
        at = round((point - low) / span * _SCALE)
        line[at] = "●"
        if len(labels) <= at or not labels:
            labels = f"{labels:<{at}}{point} "
    return Text.assemble(("".join(line), "yellow"), "\n", (labels.rstrip(), "yellow"))


def _said(statement: Statement) -> str:
    """The number in the words of its report, where these are few."""
    telling = statement.by[0]
    count = telling.claim.count
    words = " ".join(count.span.of(telling.report.text).split()) if count else ""
    if any(letter.isdecimal() for letter in words) and len(words) <= 16:
        return words
    return show.bounds(count.value) if count and count.value else words


def _who(by: Sequence[Telling]) -> str:
    names = list(dict.fromkeys(_named(telling) for telling in by))
    more = len(names) - _ORIGINS_NAMED
    return "; ".join(names[:_ORIGINS_NAMED]) + (f" and {more} more" if more > 0 else "")


def _named(telling: Telling) -> str:
    kind = telling.claim.source.kind
    said = summary.speaker(telling)
    return (
        f"{said} (anonymous)"
        if kind is SourceKind.ANONYMOUS
        else f"{said} itself"
        if kind is SourceKind.REPORT
        else said
    )


def _where_told(statement: Statement) -> str:
    outlets = list(dict.fromkeys(telling.report.outlet or "no outlet" for telling in statement.by))
    printed = f"{outlets[0]} and {len(outlets) - 1} more" if len(outlets) > 1 else outlets[0]
    said = f"{printed}, {statement.day}" if statement.day else printed
    if statement.replaced_by is None:
        return said
    later = statement.replaced_by
    count = later.claim.count
    return f"{said}; later {show.bounds(count.value) if count and count.value else ''}"


def statuses(found: Summary) -> RenderableType:
    """Statuses side by side, each with who holds it."""
    table = Table(box=None, padding=(0, 3, 0, 0), header_style="bold", pad_edge=False)
    for said in found.statuses:
        table.add_column(Text(said.value, style=_STATUS_STYLE.get(said.value, "")), overflow="fold", ratio=1)
    table.add_row(*(Text("\n".join(dict.fromkeys(_named(one) for one in said.by))) for said in found.statuses))
    return table


def told(tellings: Sequence[Telling], title: str) -> RenderableType:
    """Claims by report: who says so, and in which words."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False, expand=True)
    for name, ratio in (("who says so", 3), (title, 7)):
        table.add_column(name, ratio=ratio, overflow="fold")
    for _, group in groupby(tellings, key=lambda one: (one.report.id, one.report.outlet)):
        listed = list(group)
        for index, telling in enumerate(listed):
            report = telling.report
            outlet = " · ".join(filter(None, (report.outlet, str(report.published or ""))))
            who = Text.assemble(_voice(telling), "\n", (outlet if index == 0 else "", "dim"))
            table.add_row(
                who,
                Text.assemble(quoted(telling), "\n", *_claimed(telling), "\n" if telling is not tellings[-1] else ""),
            )
    return table


def _voice(telling: Telling) -> Text:
    return Text(_named(telling), style="bold" if telling.claim.source.span else "")


def quoted(telling: Telling) -> Text:
    """The sentence of a claim with its trigger marked."""
    lead, trigger, tail = show.quotation(telling.report.text, telling.claim)
    return Text.assemble(f"“{lead}", (trigger, "bold underline"), f"{tail}”")


def _claimed(telling: Telling) -> tuple[tuple[str, str], ...]:
    claim, text = telling.claim, telling.report.text
    slots = (show.event(claim), show.place(text, claim), show.day(text, claim), show.number(claim))
    return (
        (show.status(claim), _STATUS_STYLE.get(str(claim.status), "")),
        (f" · {' · '.join(filter(None, slots))} · claim {claim.id}", "dim"),
    )
