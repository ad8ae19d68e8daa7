"""What the claims of one incident say together: who stands behind what, where they differ, and numbers by a named rule.

Nothing here decides what is true. Reports printed from one text (one origin) are one witness. A number is put aside only where its
own source, or a body of the same kind, gave a later one: "12, then 20, then 27" is an update; several sources at one time disagree.
An anonymous informant is counted within one text and never taken for one of another text.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median_low
from typing import Generic, TypeVar

from sayso.model import Actor, Argument, Place, Precision, SourceKind, Status, Telling

T = TypeVar("T")
S = TypeVar("S", str, float)


@dataclass(frozen=True, slots=True)
class Said(Generic[T]):
    """One thing that is said, and the claims that say it."""

    value: T
    by: tuple[Telling, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A number as one source gives it, with every print of it.

    `low` and `high` are as said, None where that side was left open. `day` is that of its first publication. `replaced_by` is the
    claim with a later number of the same source, None while this number stands.
    """

    what: str
    low: int | None
    high: int | None
    by: tuple[Telling, ...]
    day: dt.date | None
    replaced_by: Telling | None = None

    @property
    def floor(self) -> int:
        """The lowest number that fits it: 20 for "at least 20", and for "up to 20"."""
        return self.low if self.low is not None else self.high or 0

    @property
    def ceiling(self) -> int:
        """The highest number that it names."""
        return self.high if self.high is not None else self.low or 0


@dataclass(frozen=True, slots=True)
class Figure:
    """What `rule` makes of the numbers that stand: bounds with who stands behind each, and one number if it names one."""

    rule: str
    low: int
    high: int
    best: int | None
    low_by: tuple[Telling, ...]
    high_by: tuple[Telling, ...]

    @property
    def words(self) -> str:
        """The figure as it is written: "31", "at least 20", "up to 30", "20 to 50", "20 to 50 or more".

        An end is open only where everybody who stands behind it leaves it open.
        """
        above = bool(self.high_by) and all(_bounds(telling)[1] is None for telling in self.high_by)
        below = bool(self.low_by) and all(_bounds(telling)[0] is None for telling in self.low_by)
        if self.low == self.high:
            return f"{'at least ' if above else 'up to ' if below else ''}{self.low}"
        bounds = f"{self.low} to {self.high}{' or more' if above else ''}"
        return bounds if self.best is None else f"{self.best} ({bounds})"


@dataclass(frozen=True, slots=True)
class Numbers:
    """All numbers of one kind of thing counted, in the order of their days; `figure` is by the rule asked for."""

    what: str
    statements: tuple[Statement, ...]
    figure: Figure

    @property
    def standing(self) -> tuple[Statement, ...]:
        """Those that no later number of their source replaced."""
        return tuple(statement for statement in self.statements if statement.replaced_by is None)

    @property
    def disputed(self) -> bool:
        """Whether numbers that stand exclude each other."""
        return apart((statement.floor, _reach(statement)) for statement in self.standing)


@dataclass(frozen=True, slots=True)
class Days:
    """From `first` to `last`, ISO 8601; from the earliest to the latest, and `disputed`, where dates exclude each other."""

    first: str
    last: str
    disputed: bool

    @property
    def words(self) -> str:
        """One day, or an interval."""
        return self.first if self.first == self.last else f"{self.first}/{self.last}"


@dataclass(frozen=True, slots=True)
class Summary:
    """One incident in all its tellings; each list of `Said` begins with what most origins say.

    `differs` names where they disagree: numbers, status, day, place. `named` are the informants with a name or office, each once;
    `anonymous` is how many others speak, counted within each text.
    """

    events: tuple[Said[str], ...]
    statuses: tuple[Said[str], ...]
    actors: tuple[Said[str], ...]
    recipients: tuple[Said[str], ...]
    places: tuple[Said[Place], ...]
    countries: tuple[Said[str], ...]
    dates: tuple[Said[str], ...]
    days: Days | None
    published: tuple[dt.date, dt.date] | None
    numbers: tuple[Numbers, ...]
    outlets: tuple[str, ...]
    reports: int
    origins: int
    named: tuple[Said[str], ...]
    anonymous: int
    differs: tuple[str, ...]

    @property
    def witnesses(self) -> str:
        """Who tells of it, counted apart: "31 outlets, 2 origins, 1 named and 2 anonymous informants ..."."""
        return witnesses(len(self.outlets), self.origins, len(self.named), self.anonymous)


def summarise(tellings: Iterable[Telling], *, counts: str = "range") -> Summary:
    """What `tellings` say together, numbers by the rule `counts` of `RULES`. Raises `KeyError` for a rule that there is not."""
    told = tuple(tellings)
    dates = _said((_date(one), one) for one in told)
    places = _said((_place(one), one) for one in told)
    statuses = _said((_status(one), one) for one in told)
    numbers = _numbers(told, RULES[counts])
    days = _days([said.value for said in dates])
    published = sorted(one.report.published for one in told if one.report.published)
    voices = {voice(one): one for one in reversed(told)}
    return Summary(
        events=_said((" ".join(filter(None, (one.claim.type, one.claim.mode))), one) for one in told),
        statuses=statuses,
        actors=_said((name, one) for one in told for name in _parties(one, one.claim.actor)),
        recipients=_said((name, one) for one in told for name in _parties(one, one.claim.recipient)),
        places=tuple(sorted(places, key=lambda said: _EXACT.index(said.value.precision))),
        countries=_said((one.claim.country, one) for one in told),
        dates=dates,
        days=days,
        published=(published[0], published[-1]) if published else None,
        numbers=numbers,
        outlets=tuple(sorted({one.report.outlet for one in told if one.report.outlet})),
        reports=len({_text(one) for one in told}),
        origins=len({origin(one) for one in told}),
        named=_said((speaker(one) if voice(one).named else None, one) for one in told),
        anonymous=sum(1 for one in voices if one.kind is SourceKind.ANONYMOUS),
        differs=_differs(numbers, statuses, days, places),
    )


def witnesses(outlets: int, origins: int, named: int, anonymous: int) -> str:
    """Outlets, origins and informants in words; that informants are independent of one another is never assumed."""
    said = [_several(outlets, "outlet"), _several(origins, "origin")]
    if named or anonymous:
        kinds = [f"{count} {kind}" for count, kind in ((named, "named"), (anonymous, "anonymous")) if count]
        unknown = " whose independence is unknown" if named + anonymous > 1 else ""
        said.append(f"{' and '.join(kinds)} informant{'s' * (named + anonymous > 1)}{unknown}")
    return ", ".join(said)


def _several(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


# --- who speaks ---


@dataclass(frozen=True, slots=True)
class Voice:
    """Whoever a claim stands on, as far as two claims can be known to stand on the same: equal keys are one voice."""

    kind: SourceKind
    key: str
    named: bool


# Offices that speak for one body, whoever speaks; the first that occurs in the words of a source names its body.
_BODIES = tuple(
    (body, re.compile(rf"\b(?:{words})\b", re.IGNORECASE))
    for body, words in (
        ("interior ministry", r"interior minist\w+|minist\w+ of (?:the )?interior|home (?:office|secretary)"),
        ("defence ministry", r"defen[cs]e minist\w+|minist\w+ of defen[cs]e|pentagon"),
        ("health ministry", r"health minist\w+|minist\w+ of (?:public )?health"),
        ("justice ministry", r"justice minist\w+|minist\w+ of justice"),
        ("foreign ministry", r"foreign minist\w+|minist\w+ of foreign affairs"),
        ("prosecutor", r"prosecut\w+"),
        ("police", r"police|gendarmerie"),
        ("army", r"army|armed forces|military"),
        ("hospital", r"hospital|medics?|doctors?"),
        ("presidency", r"presiden\w+"),
        ("government", r"government"),
        ("opposition", r"opposition"),
    )
)
_PRONOUNS = frozenset("he she they it we i you who one his her their them him".split())


def voice(telling: Telling) -> Voice:
    """Who stands behind a claim. An anonymous source is one of its own text, whatever its words; so is one without any words."""
    source = telling.claim.source
    if source.kind is SourceKind.REPORT:
        return Voice(source.kind, telling.report.outlet or _text(telling), named=False)
    words = _folded(source.span.of(telling.report.text)) if source.span else ""
    if source.kind is SourceKind.ANONYMOUS or not words or words in _PRONOUNS:
        return Voice(source.kind, f"{origin(telling)}\n{words}", named=False)
    body = next((body for body, pattern in _BODIES if pattern.search(words)), None)
    return Voice(SourceKind.ORGANISATION, body, named=True) if body else Voice(source.kind, words, named=True)


def speaker(telling: Telling) -> str:
    """The words that name who says so; the outlet where it speaks itself."""
    span = telling.claim.source.span
    if telling.claim.source.kind is SourceKind.REPORT or span is None:
        return telling.report.outlet or "the report itself"
    return " ".join(span.of(telling.report.text).split())


def origin(telling: Telling) -> str:
    """The text that a report was printed from; where none is known its own."""
    return telling.origin or _text(telling)


def _text(telling: Telling) -> str:
    return f"{telling.report.id}\n{telling.report.outlet or ''}"


def _folded(words: str) -> str:
    return " ".join(words.casefold().split()).removeprefix("the ").strip(" ,.;:'\"")


# --- numbers ---


@dataclass(frozen=True, slots=True)
class Rule:
    """A way to make one figure of several numbers, and in one sentence what it does."""

    name: str
    says: str
    of: Callable[[Sequence[Statement]], tuple[int, int | None, int]]  # low, best, high


def _latest(standing: Sequence[Statement]) -> Sequence[Statement]:
    newest = max((one.day for one in standing if one.day), default=None)
    return [one for one in standing if one.day == newest] or standing


def _one_an_origin(standing: Sequence[Statement]) -> int:
    told: dict[str, list[int]] = {}
    for one in standing:
        for name in sorted({origin(telling) for telling in one.by}):
            told.setdefault(name, []).append(one.floor)
    return median_low([median_low(values) for values in told.values()])


def _single(number: int) -> tuple[int, int | None, int]:
    return number, number, number


def _lowest(standing: Sequence[Statement]) -> int:
    return min(one.floor for one in standing)


def _highest(standing: Sequence[Statement]) -> int:
    return max(one.ceiling for one in standing)


RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule("range", "From the lowest to the highest number that stands.", lambda s: (_lowest(s), None, _highest(s))),
        Rule("lowest", "The lowest number that stands.", lambda s: _single(_lowest(s))),
        Rule("highest", "The highest number that stands.", lambda s: _single(_highest(s))),
        Rule(
            "median-of-origins",
            "The middle of one number an origin, the lower of two.",
            lambda s: _single(_one_an_origin(s)),
        ),
        Rule(
            "ucdp",
            "Low, best and high as in UCDP's data; best is the lower number, for Sayso holds no source more reliable than another.",
            lambda s: (_lowest(s), _lowest(s), _highest(s)),
        ),
        Rule(
            "acled",
            "The lowest of the most recent numbers, as ACLED keeps the most conservative and updates it.",
            lambda s: _single(_lowest(_latest(s))),
        ),
    )
}
_TOLD_AS_FACT = frozenset(
    {Status.ACTUAL, Status.ALLEGED}
)  # a number of what is denied, planned or supposed counts nothing


def _numbers(told: Sequence[Telling], rule: Rule) -> tuple[Numbers, ...]:
    statements = _statements(told)
    found = []
    for what in sorted({one.what for one in statements}):
        these = tuple(one for one in statements if one.what == what)
        found.append(Numbers(what, these, figure([one for one in these if one.replaced_by is None], rule)))
    return tuple(sorted(found, key=lambda numbers: (-len(numbers.statements), numbers.what)))


def figure(standing: Sequence[Statement], rule: Rule) -> Figure:
    """What `rule` makes of the numbers that stand, at least one."""
    low, best, high = rule.of(standing)
    low_by = tuple(telling for one in standing if one.floor == low for telling in one.by)
    high_by = tuple(telling for one in standing if one.ceiling == high for telling in one.by)
    return Figure(rule.name, low, high, best, low_by, high_by)


def _statements(told: Sequence[Telling]) -> list[Statement]:
    """Numbers told as fact, prints of one text together, in the order of their days; each with what replaced it."""
    prints: dict[tuple[str, int | None, int | None, str, Voice | None], list[Telling]] = {}
    for one in told:
        count = one.claim.count.value if one.claim.count else None
        if count is not None and one.claim.status in _TOLD_AS_FACT:
            own = None if one.claim.source.kind is SourceKind.REPORT else voice(one)
            prints.setdefault((str(count.what), count.low, count.high, origin(one), own), []).append(one)
    found = [
        Statement(
            what, low, high, tuple(by), min((one.report.published for one in by if one.report.published), default=None)
        )
        for (what, low, high, _, _), by in prints.items()
    ]
    found.sort(
        key=lambda one: (one.day or dt.date.max, one.floor, one.ceiling, _text(one.by[0]), one.by[0].claim.trigger)
    )
    return [_replaced(one, found) for one in found]


def _replaced(one: Statement, others: Sequence[Statement]) -> Statement:
    """The statement with the first later number of one of its voices, if there is one."""
    own = {voice(telling) for telling in one.by}
    for other in others:
        later = one.day is not None and other.day is not None and other.day > one.day
        if later and other.what == one.what and own & {voice(telling) for telling in other.by}:
            return Statement(one.what, one.low, one.high, one.by, one.day, other.by[0])
    return one


def _bounds(telling: Telling) -> tuple[int | None, int | None]:
    """The number of a claim as it was said, None for a side that was left open."""
    count = telling.claim.count.value if telling.claim.count else None
    return (count.low, count.high) if count else (None, None)


def _reach(statement: Statement) -> float:
    return statement.high if statement.high is not None else float("inf") if statement.low is not None else 0


# --- everything else ---

_EXACT = list(Precision)


def _said(pairs: Iterable[tuple[T | None, Telling]]) -> tuple[Said[T], ...]:
    """Each value with those who say it: what most origins say first."""
    by: dict[T, list[Telling]] = {}
    for value, telling in pairs:
        if value is not None and value != "":
            by.setdefault(value, []).append(telling)
    found = [Said(value, tuple(tellings)) for value, tellings in by.items()]
    return tuple(sorted(found, key=lambda said: (-len({origin(one) for one in said.by}), str(said.value))))


def _status(telling: Telling) -> str:
    return str(telling.claim.status)


def _date(telling: Telling) -> str | None:
    date = telling.claim.date
    return date.value.value if date and date.value else None


def _place(telling: Telling) -> Place | None:
    place = telling.claim.place
    return place.value if place else None


def _parties(telling: Telling, arguments: Sequence[Argument[Actor]]) -> list[str]:
    return [argument.value.name if argument.value else argument.span.of(telling.report.text) for argument in arguments]


def _days(dates: Sequence[str]) -> Days | None:
    """The days that all dates have in common; where they have none, all of them."""
    spans = [(days(date)) for date in dates]
    if not spans:
        return None
    if apart(spans):
        return Days(min(first for first, _ in spans), max(last for _, last in spans), disputed=True)
    return Days(max(first for first, _ in spans), min(last for _, last in spans), disputed=False)


def days(date: str) -> tuple[str, str]:
    """First and last day of an ISO day, month, year or interval."""
    first, _, last = date.partition("/")
    return first + "0000-01-01"[len(first) :], _last_day(last or first)


def _last_day(date: str) -> str:
    if len(date) == len("2025"):
        return f"{date}-12-31"
    if len(date) == len("2025-08"):
        first = dt.date.fromisoformat(f"{date}-01")
        return str((first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1))
    return date


def apart(spans: Iterable[tuple[S, S]]) -> bool:
    """Whether some of the closed intervals have nothing in common."""
    listed = list(spans)
    return bool(listed) and max(first for first, _ in listed) > min(last for _, last in listed)


_DENIED = {"negated"}
_HELD = {"actual", "alleged"}


def _differs(
    numbers: Sequence[Numbers], statuses: Sequence[Said[str]], days: Days | None, places: Sequence[Said[Place]]
) -> tuple[str, ...]:
    held = {said.value for said in statuses}
    towns = {said.value.geonameid for said in places if said.value.precision is Precision.TOWN}
    marks = {
        "numbers": any(one.disputed for one in numbers),
        "status": bool(held & _DENIED and held & _HELD),
        "day": days is not None and days.disputed,
        "place": len(towns) > 1,
    }
    return tuple(name for name, differs in marks.items() if differs)
