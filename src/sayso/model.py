"""The words of Sayso as values: frozen, without input or output, equal when their fields are equal.

A `Report` is one published text. Reading it gives `Attribution`s and `Claim`s, whose slots are `Argument`s: the words that
fill the slot, what they were resolved to, and how; or why they were not. Every `Span` counts characters of `Report.text`
from 0 and ends before `end`, so ``text[span.start:span.end]`` is the quotation, always.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    import pandas
    import pyarrow  # type: ignore[import-untyped]


class Span(NamedTuple):
    """Half-open stretch ``[start, end)`` of a report's text, in characters."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words at this span of `text`."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one character."""
        return self.start < other.end and other.start < self.end

    def gap(self, other: Span) -> int:
        """Characters between the two; negative by how much they overlap."""
        return max(self.start, other.start) - min(self.end, other.end)


class Status(StrEnum):
    """How a claim presents its event; whether it is background is a flag of its own (`Claim.historical`)."""

    ACTUAL = "actual"
    ALLEGED = "alleged"
    PLANNED = "planned"
    HYPOTHETICAL = "hypothetical"
    NEGATED = "negated"


class SourceKind(StrEnum):
    """Who stands behind a claim. `REPORT` is the outlet's own voice and has no span."""

    PERSON = "person"
    ORGANISATION = "organisation"
    ANONYMOUS = "anonymous"
    DOCUMENT = "document"
    REPORT = "report"


class Counted(StrEnum):
    """What a count counts."""

    KILLED = "killed"
    INJURED = "injured"
    ARRESTED = "arrested"
    ABDUCTED = "abducted"
    DISPLACED = "displaced"
    RELEASED = "released"
    PARTICIPANTS = "participants"
    FORCES = "forces"
    OTHER = "other"


class MentionKind(StrEnum):
    """What a mention names, before anything is looked up (the nine types of the Worldwide English Newswire corpus)."""

    PERSON = "Person"
    ORGANIZATION = "Organization"
    LOCATION = "Location"
    DATE = "Date"
    MONEY = "Money"
    NORP = "NORP"
    FACILITY = "Facility"
    PRODUCT = "Product"
    MISC = "Misc"


class Precision(StrEnum):
    """How exactly a place is known: what its coordinates stand for."""

    TOWN = "town"
    ADMIN2 = "admin2"
    ADMIN1 = "admin1"
    COUNTRY = "country"
    AREA = "area"  # water, desert, mountains: coordinates are a middle, nothing more


@dataclass(frozen=True, slots=True)
class Mention:
    """A span that names somebody or something."""

    span: Span
    kind: MentionKind


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who is reported as saying (`source`), by which words (`cue`), what (`content`); each may be in pieces or absent."""

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody resolved: the fullest name the report gives, ISO 3166 alpha-2 country, PLOVER sector; `how` says on what grounds."""

    name: str
    country: str | None
    sector: str | None
    how: str


@dataclass(frozen=True, slots=True)
class Place:
    """A gazetteer entry: GeoNames id, names, ISO country, WGS84 degrees. `precision` says what the coordinates stand for.

    An area that is no entry (the Sahel, the West Bank) has a name, perhaps a country, and neither id nor coordinates.
    """

    geonameid: int | None
    name: str
    country: str | None
    admin1: str | None
    latitude: float | None
    longitude: float | None
    precision: Precision
    how: str


@dataclass(frozen=True, slots=True)
class Date:
    """A day, month, year or interval ``start/end`` in ISO 8601, worked out from the words and the day of publication."""

    value: str
    how: str


@dataclass(frozen=True, slots=True)
class Count:
    """Bounds of the number said; None where a side was left open ("at least 20" is 20, None)."""

    low: int | None
    high: int | None
    what: Counted


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Argument(Generic[T]):
    """One slot of a claim: its words, and either the value that they were resolved to or the reason why not.

    `confidence` is the reader's probability that these words fill this slot.
    """

    span: Span
    value: T | None = None
    reason: str | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Source:
    """Who says so. `span` is None for the outlet's own voice, and where the report leaves the speaker without any words."""

    kind: SourceKind
    span: Span | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Claim:
    """One event as one report states it at one place on one source's word.

    `type` and `mode` are keys of the ontology (PLOVER, and Sayso's COUP). `country` is where it happened (ISO 3166 alpha-2);
    `country_how` says which slot it was taken from, or why there is none. `date` and `count` are None where the claim has
    no words for them. `confidence` is the reader's probability that the trigger names an event of this type.
    `vector` is the encoder's view of the trigger, a signed byte a number, by which claims are compared; empty where none was made.
    """

    id: str
    trigger: Span
    sentence: Span
    type: str
    mode: str | None
    status: Status
    historical: bool
    source: Source
    actor: tuple[Argument[Actor], ...] = ()
    recipient: tuple[Argument[Actor], ...] = ()
    place: Argument[Place] | None = None
    country: str | None = None
    country_how: str | None = None
    date: Argument[Date] | None = None
    count: Argument[Count] | None = None
    confidence: float = 1.0
    vector: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Report:
    """One published text and, once read, what it claims.

    `id` is the one it came with, or a digest of text and outlet. `canonical` is the address that the page gives itself, which
    copies may share; `url` is where it was found. `issues` says in plain words what could not be done
    with it (a language that the reader does not know, no day of publication): nothing is dropped in silence.
    """

    id: str
    text: str
    title: str | None = None
    outlet: str | None = None
    published: dt.date | None = None
    language: str | None = None
    url: str | None = None
    canonical: str | None = None
    mentions: tuple[Mention, ...] = ()
    attributions: tuple[Attribution, ...] = ()
    claims: tuple[Claim, ...] = ()
    issues: tuple[str, ...] = field(default=())

    def to_pandas(self) -> pandas.DataFrame:
        """The claims as a data frame, one row each; see `sayso.to_pandas` for several reports."""
        from sayso.frames import to_pandas  # noqa: PLC0415 - values know no tables until asked

        return to_pandas([self])

    def to_arrow(self) -> pyarrow.Table:
        """The claims as an Arrow table, one row each."""
        from sayso.frames import to_arrow  # noqa: PLC0415

        return to_arrow([self])

    def to_json(self) -> dict[str, Any]:
        """The report in the layout of ``sayso read --json``."""
        from sayso.layout import report_json  # noqa: PLC0415

        return report_json(self)

    def _repr_html_(self) -> str:
        """What a notebook shows: the text with its claims marked, and a table of them."""
        from sayso.show import notebook  # noqa: PLC0415

        return notebook(self)


@dataclass(frozen=True, slots=True)
class Telling:
    """One claim with the report that makes it (without its other claims).

    `origin` is the key of the text that the report was printed from, which copies share; `incident` the id of the event that
    it was judged to report. Both are None where nothing has been judged yet.
    """

    report: Report
    claim: Claim
    origin: str | None = None
    incident: str | None = None


@dataclass(frozen=True, slots=True)
class Incident:
    """An event of the real world that claims judged together report: derived from judgements, never edited.

    `known_from` and `changed_at` are moments, ISO 8601 in UTC: when it was first known, and when a telling last came or went.
    """

    id: str
    tellings: tuple[Telling, ...]
    known_from: str
    changed_at: str
