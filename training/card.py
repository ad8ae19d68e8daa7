"""What the card beside the weights says of them: data, terms, recipe, cost. Scores are added by `python -m evaluation`."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from training.corpora import Document
from training.train import Stage

# name -> (what it is, its terms as its makers state them, who is to be cited)
DATA: Mapping[str, tuple[str, str, str]] = {
    "gold": (
        "130 reports of Voice of America and worldwide newswire, annotated with claims for this project",
        "annotation by the project; VOA text public domain, other texts belong to their outlets",
        "Sayso",
    ),
    "newswire": (
        "reports of worldwide newswire, HRDsAttack and M2E2, annotated with claims by this project (stand-off)",
        "annotation by the project, Apache-2.0; texts belong to their outlets",
        "Sayso; Shan et al. 2023; Ran et al. 2023; Li et al. 2020",
    ),
    "own": ("300 short invented reports written and annotated by this project", "Apache-2.0", "Sayso"),
    "polnear": (
        "PolNeAR 1.0, attributions in US political news",
        "none stated; texts belong to their outlets",
        "Newell, Margolin, Ruths: LREC 2018",
    ),
    "worldwide": (
        "Worldwide English Newswire, named mentions",
        "none stated; texts belong to their outlets",
        "Shan, Bauer, Carlson, Manning: Findings of EMNLP 2023",
    ),
}
OPEN = ("own",)  # data whose text and annotation may be used and passed on by anybody


def describe(
    build: str, documents: Mapping[str, Sequence[Document]], stages: Sequence[Stage], log: Path, encoder: Path
) -> dict[str, Any]:
    """The card but for its digests, labels and keenness, which the export adds."""
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    return {
        "build": build,
        "made": dt.datetime.now(dt.UTC).date().isoformat(),
        "encoder": {"name": encoder.parent.name, "sha256": _digest(encoder)},
        "data": {
            name: {
                "what": DATA[name][0],
                "terms": DATA[name][1],
                "cite": DATA[name][2],
                "documents": len(found),
                "pieces": sum(len(document.pieces) for document in found),
                "claims": sum(len(document.triggers) for document in found),
            }
            for name, found in sorted(documents.items())
        },
        "stages": [asdict(stage) for stage in stages],
        "cost": {
            "machine": platform.processor() or platform.machine(),
            "pieces": _pieces(lines),
            "hours": round(_hours(lines), 2),
        },
    }


def _digest(folder: Path) -> str:
    path = next(path for name in ("model.safetensors", "pytorch_model.bin") if (path := folder / name).is_file())
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _last_of_each_run(lines: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """A run counts its pieces from zero; its last line is the one before the count falls."""
    return [
        line
        for line, after in zip(lines, [*lines[1:], {"pieces": -1}], strict=True)
        if after["pieces"] < line["pieces"]
    ]


def _pieces(lines: Sequence[Mapping[str, Any]]) -> int:
    return sum(int(line["pieces"]) for line in _last_of_each_run(lines))


def _hours(lines: Sequence[Mapping[str, Any]]) -> float:
    return sum(line["pieces"] / line["per_second"] / 3600 for line in _last_of_each_run(lines))
