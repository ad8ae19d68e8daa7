"""What a format is: one declaration, from which files, documentation, manifest and checks are made.

A format is a `Format` with its `File`s; a table among them lists its `Column`s, each with what it holds, its unit, and the function
that fills it. Nothing about a format is written down anywhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from sayso.export.event import Event
from sayso.export.told import Told
from sayso.model import Report


class Kind(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    WHOLE = "whole number"
    NUMBER = "number"
    FLAG = "true or false"
    LIST = "list"
    OBJECT = "object"


TYPES: Mapping[Kind, tuple[type, ...]] = {
    Kind.TEXT: (str,),
    Kind.WHOLE: (int,),
    Kind.NUMBER: (int, float),
    Kind.FLAG: (bool,),
    Kind.LIST: (list,),
    Kind.OBJECT: (dict,),
}


class Grain(StrEnum):
    """What a format has one record of."""

    CLAIM = "claim"
    INCIDENT = "incident"


class Beside(Protocol):
    """What a pack of evidence asks of a ledger."""

    def history(self, incident: str) -> Sequence[Mapping[str, object]]:
        """What changed in an incident, by moment."""

    def original(self, report: Report) -> bytes | None:
        """The bytes that a report was read from, if they were kept."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asked for beyond formats and filters.

    `with_descriptors` lets out the words by which a report describes an anonymous informant; `hxl` adds a row of HXL tags to CSV;
    `counts` is the rule of `summary.RULES` for formats that have none of their own. `beside` is what a ledger knows of an incident
    beyond its claims.
    """

    with_descriptors: bool = False
    hxl: bool = False
    counts: str = "range"
    beside: Beside | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column, or one key of an object: `of` gives the cell of a row, None where nothing is known."""

    name: str
    about: str
    of: Callable[[Any], object] = lambda _: None
    kind: Kind = Kind.TEXT
    unit: str | None = None
    hxl: str | None = None
    required: bool = False


class Sink:
    """Where a file is written: hears of every claim and every incident of the one traversal, and is closed at its end."""

    def claim(self, one: Told) -> None:
        """One claim, in the order of the ledger."""

    def incident(self, event: Event) -> None:
        """One incident, the last changed first."""

    def close(self) -> None:
        """Nothing more comes: the file is complete."""

    def abandon(self) -> None:
        """The export ends before its end: lets go of the file, which nobody will see."""
        self.close()


@dataclass(frozen=True, slots=True)
class File:
    """One file of a format. `open` makes what writes it; `dialect` is what a reader of a table must know."""

    name: str
    media: str
    about: str
    columns: tuple[Column, ...]
    open: Callable[[File, Path, Options], Sink]
    dialect: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Format:
    """One format. `lost` says sentence by sentence what does not survive in it; `count_rule` how it makes one number of several."""

    name: str
    title: str
    about: str
    grain: Grain
    files: tuple[File, ...]
    lost: tuple[str, ...]
    terms: str
    count_rule: str | None = None
    needs: str | None = None  # the extra of Sayso that it needs
    one_incident: bool = False  # whether it is made of a single incident

    @property
    def grains(self) -> frozenset[Grain]:
        """What it has to hear of."""
        return frozenset({self.grain})


def cells(columns: Sequence[Column], row: Any) -> list[object]:
    """The cells of a row, in the order of the columns."""
    return [column.of(row) for column in columns]
