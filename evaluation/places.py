"""Toponym resolution on gold spans: LGL, TR-News and GeoWebNews (open halves), as right id or within 161 km.

`python -m evaluation.places CORPORA_FOLDER` prints the figures.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from sayso.model import Mention, MentionKind, Place, Precision, Span
from sayso.resolve import gazetteer
from sayso.resolve.places import Places, distance_km

CORPORA = {"LGL": "lgl", "TR-News": "tr-news", "GWN": "gwn"}
WITHIN_KM = 161.0


def score(path: Path) -> dict[str, float]:
    """Shares of the linked gold toponyms: `exact` id, `within` 161 km or exact, `coverage` (an answer with coordinates)."""
    total = exact = within = covered = 0
    for report in map(json.loads, path.open(encoding="utf-8")):
        mentions = [Mention(Span(*toponym["span"]), MentionKind.LOCATION) for toponym in report["toponyms"]]
        places = Places(report["text"], mentions, gazetteer.default())
        for toponym in report["toponyms"]:
            if toponym["lat"] is None:
                continue
            total += 1
            place, _ = places.resolve(Span(*toponym["span"]))
            same = place is not None and place.geonameid == toponym["geonameid"]
            exact += same
            covered += place is not None
            within += same or (place is not None and distance_km(place, _gold(toponym)) <= WITHIN_KM)
    return {"toponyms": total, "exact": exact / total, "within": within / total, "coverage": covered / total}


def _gold(toponym: dict[str, Any]) -> Place:
    return Place(0, "", None, None, toponym["lat"], toponym["lon"], Precision.TOWN, "")


def main(corpora: Path) -> None:
    """Print the figures of each corpus."""
    for name, file in CORPORA.items():
        figures = score(corpora / "places" / f"{file}.jsonl")
        print(f"{name:8}", "  ".join(f"{key} {value:.3f}" for key, value in figures.items()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
