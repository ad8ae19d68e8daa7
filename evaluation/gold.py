"""Claims against Sayso's own gold: whole reports through every stage, scored by the gold's own script."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from evaluation.bench import Bench, Figures
from evaluation.reading import Row
from sayso.layout import report_json
from training import corpora

GOLD, SCORER = "gold/dev.jsonl", "gold/score.py"
NEWSWIRE = corpora.OWN / "newswire_dev.jsonl"
_FIGURE = re.compile(r"^(\w+) +(\d\.\d+) \(", re.MULTILINE)
_TYPE = re.compile(r"^  ([A-Z]+) +f1 (\d\.\d+) \(", re.MULTILINE)


def run(bench: Bench) -> Figures:
    """The figures on gold dev: those of the gold's script, then F1 by type."""
    return _scored(bench, bench.rows(GOLD))


def newswire(bench: Bench) -> Figures:
    """The same on our own annotation of newswire that is kept from training."""
    annotated = corpora.annotated(NEWSWIRE, corpora.texts_of(bench.shared, *corpora.NEWSWIRE))
    return _scored(bench, [dict(row) for row in annotated])


def _scored(bench: Bench, annotated: list[Row]) -> Figures:
    """Texts ingested, read, resolved and written as JSON, then scored by the gold's script."""
    reports = bench.readings.read(annotated)
    with tempfile.TemporaryDirectory() as folder:
        gold, predicted = Path(folder) / "gold.jsonl", Path(folder) / "read.jsonl"
        gold.write_text("".join(json.dumps(row) + "\n" for row in annotated), "utf-8")
        predicted.write_text("".join(json.dumps(report_json(report)) + "\n" for report in reports), "utf-8")
        command = [sys.executable, str(bench.shared / SCORER), str(gold), str(predicted), "--by-type"]
        return parsed(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # noqa: S603 - our own script


def parsed(printed: str) -> Figures:
    """What the script prints as figures; F1 of a type under its name.

    Example: "event_f1       0.690 (3 paired, 4 gold, 5 predicted)" -> {"event_f1": 0.69}
    """
    return {name: float(value) for name, value in [*_FIGURE.findall(printed), *_TYPE.findall(printed)]}
