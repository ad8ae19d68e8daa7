"""Event types, modes, statuses, contexts and sectors, from `data/ontology.json` (made from the PLOVER manual, CC BY-SA 4.0)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Mode:
    """A finer kind of an event type; `score` on PLOVER's conflict-cooperation scale from -10 to 10, None for COUP."""

    key: str
    score: float | None
    definition: str


@dataclass(frozen=True, slots=True)
class EventType:
    """A PLOVER event type, or COUP; `boundaries` say where a neighbouring type is the right one."""

    key: str
    definition: str
    quad: str | None
    score: float | None
    modes: Mapping[str, Mode]
    boundaries: tuple[str, ...]
    plover: Mapping[str, tuple[str, str | None]]  # mode -> (type, mode) to write in a file that knows PLOVER only


def _load() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(resources.files("sayso.data").joinpath("ontology.json").read_text("utf-8"))
    return data


def _event_type(key: str, entry: dict[str, Any]) -> EventType:
    modes = {name: Mode(name, mode.get("score"), mode["definition"]) for name, mode in entry["modes"].items()}
    plover = {name: tuple(mode["plover"]) for name, mode in entry["modes"].items() if "plover" in mode}
    return EventType(
        key=key,
        definition=entry["definition"],
        quad=entry.get("quad"),
        score=entry.get("score"),
        modes=MappingProxyType(modes),
        boundaries=tuple(entry.get("boundaries", ())),
        plover=MappingProxyType(plover),
    )


_DATA = _load()
TYPES: Mapping[str, EventType] = MappingProxyType(
    {key: _event_type(key, entry) for key, entry in {**_DATA["types"], **_DATA["extension"]}.items()}
)
SECTORS: Mapping[str, str] = MappingProxyType({**_DATA["sectors"], **_DATA["nonstate_actors"]})
CONTEXTS: tuple[str, ...] = tuple(_DATA["contexts"])
