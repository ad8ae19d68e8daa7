"""Claims as Web Annotations (W3C): each points to its words by quotation and by position."""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from sayso.export.declared import Column, File, Format, Grain, Kind, Options, Sink
from sayso.export.rows import TERMS
from sayso.export.told import Told

_AROUND = 40  # characters of prefix and suffix: enough to find a trigger again in a text that was edited
_CONTEXT = "http://www.w3.org/ns/anno.jsonld"


def annotation(one: Told) -> dict[str, Any]:
    """One claim: its words as the target, its fields as the body. Words that stay here are not quoted, only counted."""
    claim, report = one.claim, one.report
    position = {"type": "TextPositionSelector", "start": claim.trigger.start, "end": claim.trigger.end}
    selectors = [position] if one.hides(claim.trigger) else [_quotation(one), position]
    return {
        "id": f"urn:sayso:claim:{claim.id}",
        "type": "Annotation",
        "motivation": "classifying",
        "body": [
            *({"type": "TextualBody", "purpose": "tagging", "value": tag} for tag in (claim.type, claim.mode) if tag),
            {
                "type": "TextualBody",
                "purpose": "describing",
                "format": "application/json",
                "value": json.dumps(one.row, ensure_ascii=False),
            },
        ],
        "target": {"source": report.url or f"urn:sayso:report:{quote(report.id, safe='')}", "selector": selectors},
    }


def _quotation(one: Told) -> dict[str, str]:
    prefix, suffix = one.around(one.claim.trigger, _AROUND)
    exact = one.claim.trigger.of(one.report.text)
    return {"type": "TextQuoteSelector", "exact": exact, "prefix": prefix, "suffix": suffix}


class Annotations(Sink):
    """An AnnotationPage, an annotation a line."""

    def __init__(self, path: Path) -> None:
        self._stream: IO[str] = path.open("w", encoding="utf-8", newline="")
        self._stream.write(
            f'{{"@context": "{_CONTEXT}", "id": "urn:sayso:claims", "type": "AnnotationPage", "items": ['
        )
        self._between = "\n"

    def claim(self, one: Told) -> None:
        """One line."""
        self._stream.write(self._between + json.dumps(annotation(one), ensure_ascii=False))
        self._between = ",\n"

    def close(self) -> None:
        """Finishes the file."""
        self._stream.write("\n]}\n")
        self._stream.close()


def _opened(_: File, path: Path, __: Options) -> Sink:
    return Annotations(path)


KEYS = (
    Column("id", "urn:sayso:claim: and the id of the claim", required=True),
    Column("type", "Annotation", required=True),
    Column("motivation", "classifying"),
    Column("body", "type and mode as tags; the columns of claims as JSON text", kind=Kind.LIST),
    Column(
        "target",
        (
            "source: address of the report, or urn:sayso:report: and its id; selector: TextQuoteSelector (exact, "
            "prefix, suffix) and TextPositionSelector (start, end) of the trigger"
        ),
        kind=Kind.OBJECT,
        unit="characters of the report's text",
    ),
)
FORMAT = Format(
    "annotations",
    "Web Annotation, JSON-LD",
    (
        "Every claim as an annotation of its report after the W3C model, for readers such as Hypothesis and for "
        "anchoring it again in a text that changed."
    ),
    Grain.CLAIM,
    (File("annotations.jsonld", "application/ld+json", "one annotation a claim", KEYS, _opened),),
    (
        (
            "Words by which a report describes an informant it does not name are left out of prefix and suffix; a "
            "trigger that holds them is told by position alone."
        ),
        "Which claims tell of one incident.",
    ),
    TERMS,
)
