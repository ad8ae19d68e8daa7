"""Claims against Sayso's own gold: whole reports through every stage, scored by the gold's own script."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from evaluation.bench import Bench, Figures
from sayso.layout import report_json

GOLD, SCORER = "gold/dev.jsonl", "gold/score.py"
_FIGURE = re.compile(r"^(\w+) +(\d\.\d+) \(", re.MULTILINE)
_TYPE = re.compile(r"^  ([A-Z]+) +f1 (\d\.\d+) \(", re.MULTILINE)


def run(bench: Bench) -> Figures:
    """Gold texts ingested, read, resolved and written as JSON, then scored by the gold's script: its figures, then F1 by type."""
    reports = bench.readings.read(bench.rows(GOLD))
    with tempfile.TemporaryDirectory() as folder:
        predicted = Path(folder) / "read.jsonl"
        predicted.write_text("".join(json.dumps(report_json(report)) + "\n" for report in reports), "utf-8")
        command = [sys.executable, str(bench.shared / SCORER), str(bench.shared / GOLD), str(predicted), "--by-type"]
        return parsed(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # noqa: S603 - our own script


def parsed(printed: str) -> Figures:
    """What the script prints as figures; F1 of a type under its name.

    Example: "event_f1       0.690 (3 paired, 4 gold, 5 predicted)" -> {"event_f1": 0.69}
    """
    return {name: float(value) for name, value in [*_FIGURE.findall(printed), *_TYPE.findall(printed)]}
