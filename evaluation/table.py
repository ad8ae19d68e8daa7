"""The one table of figures, as Markdown for readers and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evaluation.bench import Outcome
from evaluation.gate import MAX, Pins


def as_json(
    outcomes: Sequence[Outcome], left_out: Mapping[str, Sequence[str]], versions: Mapping[str, str]
) -> dict[str, Any]:
    """Figures by task with the digest of the data; the same run gives the same bytes but for the measured times."""
    tasks = {
        outcome.task.name: {
            "data": outcome.data,
            "figures": {name: round(value, 4) for name, value in outcome.figures.items()},
        }
        for outcome in outcomes
    }
    return {
        "versions": dict(versions),
        "tasks": tasks,
        "not_run": {name: list(reasons) for name, reasons in left_out.items()},
    }


def as_markdown(
    outcomes: Sequence[Outcome], left_out: Mapping[str, Sequence[str]], versions: Mapping[str, str], pins: Pins
) -> str:
    """The table, what each task measures below it, and which tasks were not run."""
    lines = ["# What Sayso reaches", "", ", ".join(f"{name} {version}" for name, version in versions.items()) + ".", ""]
    lines += ["| task | figure | value | floor | others |", "|---|---|---:|---:|---|"]
    lines += [line for outcome in outcomes for line in _rows(outcome, pins)]
    lines += ["", *(f"- **{outcome.task.name}**: {outcome.task.about}" for outcome in outcomes)]
    if left_out:
        lines += ["", "Not run:", "", *(f"- {name}: {', '.join(reasons)}" for name, reasons in left_out.items())]
    return "\n".join(lines) + "\n"


def _rows(outcome: Outcome, pins: Pins) -> Iterator[str]:
    pin = pins.get(outcome.task.name)
    floors = pin.floors if pin else {}
    for name, value in outcome.figures.items():
        floor = (
            f"{floors[name]:.3f}"
            if name in floors
            else f"at most {floors[MAX + name]:.3f}"
            if MAX + name in floors
            else ""
        )
        number = f"{value:.0f}" if value == int(value) and abs(value) > 1 else f"{value:.3f}"
        yield f"| {outcome.task.name} | {name} | {number} | {floor} | {outcome.task.beside.get(name, '')} |"
