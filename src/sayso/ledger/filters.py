"""What can be asked of a ledger: one table, from which options, Python arguments, SQL and words are made.

A filter given several values takes any of them; several filters must all hold. This module loads no database, so that the command
line can show the options at once.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from sayso import ontology
from sayso.errors import ConfigError
from sayso.ledger import values, words
from sayso.model import SourceKind, Status

_SECTORS = frozenset(ontology.SECTORS)
_MODES = frozenset(mode for kind in ontology.TYPES.values() for mode in kind.modes)
_GONE = frozenset({"AN", "CS"})  # countries that are no more, to which GeoNames still counts places
_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")

Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """One row of the table. `name` is the Python argument, `phrase` says in English what is kept, {} standing for the values.

    `sql` is the condition on claims, or, where {table} stands in it, on claims and reports; ``:values`` are what `bind` makes of
    the values (a list). `parse` turns what the user wrote into a value, or raises `ConfigError`. Those that are `many` can be
    given several times.
    """

    name: str
    help: str
    phrase: str
    parse: Callable[[object], Any]
    sql: str
    bind: Callable[[Values], list[Any]] = list
    many: bool = True
    kind: type = str
    metavar: str | None = None

    @property
    def option(self) -> str:
        """The option of the command line."""
        return f"--{self.name.replace('_', '-')}"

    @property
    def about_reports(self) -> bool:
        """Whether it can be asked of a report by itself; the others keep reports that make such a claim."""
        return "{table}" in self.sql

    @property
    def among(self) -> str | None:
        """The query for numbers of claims in another table, where that is what it looks into."""
        query = self.sql.removeprefix(_AMONG)
        return None if query == self.sql or "{" in query else query.removesuffix(")")


_AMONG = "claims.number IN ("

# --- values ---


def _one_of(known: Iterable[str], what: str, change: Callable[[str], str]) -> Callable[[object], str]:
    listed = sorted(known)

    def parse(value: object) -> str:
        found = change(str(value))
        if found not in listed:
            raise ConfigError(f"{value!r} is no {what}; known are {', '.join(listed)}")
        return found

    return parse


def _country(value: object) -> str:
    found = str(value).upper()
    if found not in _countries():
        raise ConfigError(f"{value!r} is no country; write its ISO 3166 code of two letters, such as ML")
    return found


@cache
def _countries() -> frozenset[str]:
    """All codes that a claim can have, XK for Kosovo among them."""
    _, *rows = resources.files("sayso.data").joinpath("country_codes.tsv").read_text("utf-8").splitlines()
    return frozenset(row.partition("\t")[0] for row in rows) | _GONE


def _date(value: object) -> str:
    """An ISO day, month or year, checked."""
    said = value.isoformat() if isinstance(value, dt.date) else str(value)
    try:
        if not _DAY.fullmatch(said):
            raise ValueError
        dt.date.fromisoformat(values.first_day(said))
    except ValueError as exc:
        raise ConfigError(f"{value!r} is no day; write it as 2025-08-10, or 2025-08 or 2025") from exc
    return said


def _moment(value: object) -> str:
    """A moment; a day, month or year stands for its end, so that all that was known on that day counts."""
    if isinstance(value, dt.datetime):
        return values.moment(value if value.tzinfo else value.replace(tzinfo=dt.UTC))
    said = value.isoformat() if isinstance(value, dt.date) else str(value)
    if _DAY.fullmatch(said):
        return f"{values.last_day(_date(said))}T23:59:59.999999Z"
    try:
        when = dt.datetime.fromisoformat(said)
    except ValueError as exc:
        raise ConfigError(f"{value!r} is no moment; write it as 2025-08-10 or 2025-08-10T12:00:00Z") from exc
    return values.moment(when if when.tzinfo else when.replace(tzinfo=dt.UTC))


def _probability(value: object) -> float:
    try:
        number = float(str(value))
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise ConfigError(f"{value!r} is no probability; write a number from 0 to 1")
    return number


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if str(value).lower() in ("true", "yes", "1", "false", "no", "0"):
        return str(value).lower() in ("true", "yes", "1")
    raise ConfigError(f"{value!r} is neither true nor false")


def _name(value: object) -> str:
    found = words.name(str(value))
    if not found:
        raise ConfigError(f"there is no word in {value!r}")
    return str(value)


def _number(value: object) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", str(value)):
        raise ConfigError(f"{value!r} is no GeoNames id; write its number")
    return int(str(value))


def _search(value: object) -> str:
    words.fts5(str(value))  # refuses what has no word
    return str(value)


# --- what the database is given ---


def _folded(given: Values) -> list[str]:
    return [words.name(value) for value in given]


def _first_line(given: Values) -> list[int]:
    """Where reports of the last day begin in the order of all."""
    return [values.lines_published(None, dt.date.fromisoformat(values.last_day(given[0])))[0]]


def _end_line(given: Values) -> list[int]:
    return [values.lines_published(dt.date.fromisoformat(values.first_day(given[0])), None)[1]]


def _party(role: str, field: str) -> str:
    return f"{_AMONG}SELECT claim FROM parties WHERE role = '{role}' AND parties.{field} IN :values)"  # noqa: S608 - ours


# What {found} stands for: the numbers of texts in which the words of a search occur, on SQLite and on PostgreSQL.
FOUND_BY_FTS5 = "SELECT rowid FROM {table}_text WHERE {table}_text MATCH :values"
FOUND_BY_TSQUERY = "SELECT number FROM {table}_text WHERE words @@ CAST(:values AS tsquery)"
AS_OF = "{table}.known_from <= :values"
STANDING = "(claims.superseded_at IS NULL OR claims.superseded_at > :values)"

_UNTIL = f"{{table}}.line >= :values AND {{table}}.line < {values.UNDATED}"

FILTERS: tuple[Filter, ...] = (
    Filter(
        "type",
        "PLOVER event type, or COUP.",
        "of type {}",
        _one_of(ontology.TYPES, "event type", str.upper),
        "claims.type IN :values",
        metavar="TYPE",
    ),
    Filter(
        "mode",
        "PLOVER mode, such as arrest.",
        "of mode {}",
        _one_of(_MODES, "mode", str.lower),
        "claims.mode IN :values",
        metavar="MODE",
    ),
    Filter(
        "country",
        "Where it happened: ISO 3166 code of two letters.",
        "in {}",
        _country,
        "claims.country IN :values",
        metavar="CODE",
    ),
    Filter(
        "since",
        "Published on that day, month or year, or later.",
        "published since {}",
        _date,
        "{table}.line < :values",
        _end_line,
        many=False,
        metavar="DATE",
    ),
    Filter(
        "until",
        "Published on that day, month or year, or earlier.",
        "published until {}",
        _date,
        _UNTIL,
        _first_line,
        many=False,
        metavar="DATE",
    ),
    Filter(
        "happened_since",
        "The claim's own date reaches to that day or later.",
        "happened since {}",
        _date,
        "claims.date_last >= :values",
        lambda given: [values.first_day(given[0])],
        many=False,
        metavar="DATE",
    ),
    Filter(
        "happened_until",
        "The claim's own date begins on that day or earlier.",
        "happened until {}",
        _date,
        "claims.date_first <= :values",
        lambda given: [values.last_day(given[0])],
        many=False,
        metavar="DATE",
    ),
    Filter(
        "source_kind",
        "Who says so: person, organisation, anonymous, document, report (the outlet itself).",
        "on the word of: {}",
        _one_of(SourceKind, "kind of source", str.lower),
        "claims.source_kind IN :values",
        metavar="KIND",
    ),
    Filter(
        "status",
        "actual, alleged, planned, hypothetical, negated.",
        "with status {}",
        _one_of(Status, "status", str.lower),
        "claims.status IN :values",
        metavar="STATUS",
    ),
    Filter(
        "historical",
        "Only what is told as background, or only what is not.",
        "told as background: {}",
        _flag,
        "claims.historical IN :values",
        many=False,
        kind=bool,
    ),
    Filter(
        "outlet",
        "Who published it.",
        "published by {}",
        _name,
        "{table}.outlet_folded IN :values",
        _folded,
        metavar="NAME",
    ),
    Filter(
        "actor",
        "Who did it: a named person or body, by its full name.",
        "by {}",
        _name,
        _party("actor", "named"),
        _folded,
        metavar="NAME",
    ),
    Filter(
        "recipient",
        "To whom: a named person or body, by its full name.",
        "to {}",
        _name,
        _party("recipient", "named"),
        _folded,
        metavar="NAME",
    ),
    Filter(
        "involving",
        "Who did it or to whom: a named person or body, by its full name.",
        "involving {}",
        _name,
        f"{_AMONG}SELECT claim FROM parties WHERE parties.named IN :values)",  # noqa: S608 - ours
        _folded,
        metavar="NAME",
    ),
    Filter(
        "actor_country", "Country of an actor.", "by actors of {}", _country, _party("actor", "country"), metavar="CODE"
    ),
    Filter(
        "actor_sector",
        "PLOVER sector of an actor.",
        "by actors of sector {}",
        _one_of(_SECTORS, "sector", str.upper),
        _party("actor", "sector"),
        metavar="SECTOR",
    ),
    Filter(
        "recipient_country",
        "Country of a recipient.",
        "to recipients of {}",
        _country,
        _party("recipient", "country"),
        metavar="CODE",
    ),
    Filter(
        "recipient_sector",
        "PLOVER sector of a recipient.",
        "to recipients of sector {}",
        _one_of(_SECTORS, "sector", str.upper),
        _party("recipient", "sector"),
        metavar="SECTOR",
    ),
    Filter(
        "place",
        "Most exact place named, by its name.",
        "at {}",
        _name,
        "claims.place_folded IN :values",
        _folded,
        metavar="NAME",
    ),
    Filter(
        "geonameid",
        "The same by its GeoNames id.",
        "at GeoNames {}",
        _number,
        "claims.place_geonameid IN :values",
        metavar="ID",
    ),
    Filter(
        "text",
        'Words of the sentence (of reports: title and text), all of them; "in quotes" one after the other; arrest* for beginnings.',
        "with the words {}",
        _search,
        "{table}.number IN ({found})",
        many=False,
        metavar="WORDS",
    ),
    Filter(
        "min_confidence",
        "The reader's probability, at least.",
        "with confidence of at least {}",
        _probability,
        "claims.confidence >= :values",
        many=False,
        kind=float,
        metavar="NUMBER",
    ),
    Filter(
        "as_of",
        "What the ledger knew then: a day (its end, UTC), or a moment.",
        "as known at {}",
        _moment,
        AS_OF,
        many=False,
        metavar="WHEN",
    ),
)
BY_NAME: Mapping[str, Filter] = {row.name: row for row in FILTERS}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters with their values, checked."""

    chosen: tuple[tuple[Filter, Values], ...] = ()

    @property
    def phrase(self) -> str:
        """What is kept, in English: "of type COERCE, in ML or NE"; empty for everything."""
        return ", ".join(row.phrase.format(" or ".join(map(_said, found))) for row, found in self.chosen)

    @property
    def as_of(self) -> str | None:
        """The moment whose knowledge is asked for, None for now."""
        return next((str(found[0]) for row, found in self.chosen if row.name == "as_of"), None)


def _said(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def wanted(arguments: Mapping[str, Any]) -> Wanted:
    """Filters from Python arguments, in the order of `FILTERS`; None and empty lists ask for nothing.

    Raises `ConfigError` for a name or a value that there is not.
    """
    unknown = [name for name in arguments if name not in BY_NAME]
    if unknown:
        raise ConfigError(f"there is no filter {unknown[0]!r}; known are {', '.join(BY_NAME)}")
    chosen = []
    for row in FILTERS:
        given = arguments.get(row.name)
        listed = list(given) if isinstance(given, (list, tuple, set, frozenset)) else [] if given is None else [given]
        if len(listed) > 1 and not row.many:
            raise ConfigError(f"{row.name} takes one value, not {len(listed)}")
        if listed:
            chosen.append((row, tuple(row.parse(value) for value in listed)))
    return Wanted(tuple(chosen))
