"""The gate: pinned floors that a change of the code cannot lower by accident.

`floors.json` holds for each task the digest of its data, the weights that it was pinned with, and a floor a figure; a figure under
``max:`` has a ceiling instead. The idea is that of trafilatura's eval gate: data that changed stops the build as a broken floor
does, because a score on other data says nothing; and an update re-pins data and raises floors, but lowers none unless told to.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evaluation.bench import Outcome, Task

MAX = "max:"
UNPINNED = "unpinned"
_ABOUT = "Floors of `python -m evaluation`; `max:` marks a ceiling. Written by --update, never by hand."


@dataclass(frozen=True, slots=True)
class Pin:
    """What one task must hold: `floors` by figure, ceilings among them as ``max:figure``."""

    data: str
    weights: str
    floors: Mapping[str, float]


Pins = dict[str, Pin]


def load(path: Path) -> Pins:
    """The pins of a file; none where there is no file. Raises `ValueError` if it is malformed."""
    if not path.is_file():
        return {}
    try:
        tasks: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8"))["tasks"]
        return {
            name: Pin(
                str(pin["data"]), str(pin["weights"]), {key: float(value) for key, value in pin["floors"].items()}
            )
            for name, pin in tasks.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise ValueError(f"{path}: not a file of floors ({exc!r}); take it from version control") from exc


def save(path: Path, pins: Pins) -> None:
    """Write `pins` in the order of their names, so that a change shows as one line."""
    tasks = {
        name: {"data": pin.data, "weights": pin.weights, "floors": dict(pin.floors)}
        for name, pin in sorted(pins.items())
    }
    path.write_text(json.dumps({"about": _ABOUT, "tasks": tasks}, indent=1) + "\n", "utf-8")


def faults(pins: Pins, outcomes: Sequence[Outcome], known: Iterable[str]) -> list[str]:
    """Why the gate does not open, one line each; empty if it does. `known` names all tasks there are."""
    found = [f"{name}: has floors but is no task any more" for name in sorted(set(pins) - set(known))]
    for outcome in outcomes:
        pin = pins.get(outcome.task.name)
        own = _faults(pin, outcome) if pin else ["has no floors; pin them with --update"]
        found += [f"{outcome.task.name}: {fault}" for fault in own]
    return found


def _faults(pin: Pin, outcome: Outcome) -> Iterator[str]:
    if pin.data != outcome.data:
        yield f"its data changed (SHA-256 is {outcome.data[:12]}, pinned {pin.data[:12]}); --update pins it anew"
    for key, limit in pin.floors.items():
        name = key.removeprefix(MAX)
        value = outcome.figures.get(name)
        if value is None:
            yield f"{name} is no longer measured"
        elif _broken(key, value, limit):
            yield f"{name} is {value:.4f}, {'above its ceiling' if key.startswith(MAX) else 'below its floor'} {limit:.4f}"
    for key in _keys(outcome.task):
        if key not in pin.floors:
            yield f"{key.removeprefix(MAX)} has no floor; pin it with --update"


def _broken(key: str, value: float, limit: float) -> bool:
    return value > limit if key.startswith(MAX) else value < limit


def _keys(task: Task) -> list[str]:
    return [*task.floors, *(MAX + name for name in task.ceilings)]


def update(pins: Pins, outcomes: Sequence[Outcome], *, weights: str, allow_regression: bool) -> tuple[Pins, list[str]]:
    """Pins with the data and the better floors of `outcomes`, and what was refused: unless that is empty, save nothing.

    Example: 0.700 measured with a margin of 1 % -> floor 0.693; a later 0.697 leaves it there, 0.690 is refused.
    """
    renewed, refused = dict(pins), []
    for outcome in outcomes:
        pin = pins.get(outcome.task.name) or Pin("", UNPINNED, {})
        limits = {key: _limit(key, outcome) for key in _keys(outcome.task)}
        if not allow_regression:
            refused += [f"{outcome.task.name}: {fault}" for fault in _lowered(pin, outcome, limits)]
        kept = {key: _kept(key, pin, outcome, limit) for key, limit in limits.items()}
        renewed[outcome.task.name] = replace(pin, data=outcome.data, weights=weights, floors=kept)
    return renewed, refused


def _limit(key: str, outcome: Outcome) -> float:
    """The measured value less its margin (more, for a ceiling), rounded so that the value itself stays on the right side."""
    name, margin, step = key.removeprefix(MAX), outcome.task.margin, 10_000
    value = outcome.figures[name]
    if key.startswith(MAX):
        return math.ceil(round(value * (1 + margin) * step, 6)) / step
    return math.floor(round(value * (1 - margin) * step, 6)) / step


def _kept(key: str, pin: Pin, outcome: Outcome, limit: float) -> float:
    """The stricter of the old and the new limit, unless the old one is broken (which only --allow-regression lets pass)."""
    old = pin.floors.get(key)
    if old is None or _broken(key, outcome.figures[key.removeprefix(MAX)], old):
        return limit
    return min(old, limit) if key.startswith(MAX) else max(old, limit)


def _lowered(pin: Pin, outcome: Outcome, limits: Mapping[str, float]) -> Iterator[str]:
    for key, old in pin.floors.items():
        name = key.removeprefix(MAX)
        if key not in limits:
            yield f"{name} would lose its floor {old:.4f}"
        elif _broken(key, outcome.figures[name], old):
            yield f"{name} would go from {old:.4f} to {limits[key]:.4f}"
