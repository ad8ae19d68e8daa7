"""What the card beside the weights says of them: data, terms, recipe, cost. Scores are added by `python -m evaluation`."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import platform
from collections.abc import Iterable, Mapping, Sequence
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
        "reports of worldwide newswire, HRDsAttack, M2E2, TR-News and GeoWebNews, annotated by this project (stand-off)",
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
    "voa": (
        "reports of Voice of America without agency copy, from gold train and newswire, annotated with claims by this project",
        "text public domain (work of the US government); annotation by the project",
        "Sayso; Li et al. 2020",
    ),
    "crossner": (
        "CrossNER politics, train: sentences of Wikipedia with named mentions",
        "annotation MIT; text CC BY-SA",
        "Liu et al.: CrossNER, AAAI 2021",
    ),
    "re3d": (
        "re3d: press releases and reports on Syria and Iraq with named mentions",
        "by source: public domain, OGL v3, CC BY-SA 3.0, CC BY 3.0 AU, EU reuse notice",
        "Dstl: Relationship and Entity Extraction Evaluation Dataset, 2017",
    ),
}
WATTS = 10.0  # of a busy processor core with its share of memory: assumed, for no meter is at hand


def describe(
    build: str,
    documents: Mapping[str, Sequence[Document]],
    stages: Sequence[Stage],
    log: Path,
    encoder: Path,
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
        "cost": cost(lines),
    }


def before(card: Mapping[str, Any]) -> dict[str, Any]:
    """What the card of weights that go on from others keeps of the others' card, and of those before them."""
    return {"before": {name: card[name] for name in ("version", "stages", "cost", "before") if name in card}}


def cost(lines: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What a log tells: each stage counts on where it was interrupted, so its last line has the whole of it."""
    last = {line["stage"]: line for line in lines}.values()
    processor = sum(line["processor"] for line in last)
    return {
        "machine": platform.processor() or platform.machine(),
        "steps": sum(line["step"] for line in last),
        "pieces": sum(line["pieces"] for line in last),
        "hours": round(sum(line["pieces"] / line["per_second"] for line in last) / 3600, 2),
        "processor_hours": round(processor / 3600, 2),
        "watt_hours": round(processor / 3600 * WATTS, 1),
        "watts_assumed": WATTS,
    }


def _digest(folder: Path) -> str:
    path = next(path for name in ("model.safetensors", "pytorch_model.bin") if (path := folder / name).is_file())
    return hashlib.sha256(path.read_bytes()).hexdigest()
