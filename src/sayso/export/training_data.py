"""What reviewers judged, as data to train and to score with: the layout of the annotation guidelines, one report a line.

A report leaves with the claims that people accepted, corrected or added, as they now stand. One in which every claim was judged is
marked as reviewed in all; in others `unreviewed` holds the triggers that nobody has judged, lest they be taken for no events.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sayso import layout
from sayso.ledger import Ledger
from sayso.ledger.judgements import review
from sayso.ledger.judgements.review import Reviewed
from sayso.model import Claim

ALL, PART = "all", "part"


def lines(ledger: Ledger) -> Iterator[str]:
    """Every report with a judgement, as a line of JSON, in the order of the ledger. Raises `LedgerError`."""
    for key in review.reviewed_reports(ledger):
        yield json.dumps(annotated(review.reviewed(ledger, key)), ensure_ascii=False) + "\n"


def annotated(state: Reviewed) -> dict[str, Any]:
    """One reviewed report in the layout of the guidelines."""
    report, decided = state.report, state.decided
    open_still = [claim for claim in report.claims if claim.id not in decided]
    return {
        "id": report.id,
        "title": report.title,
        "published": report.published.isoformat() if report.published else None,
        "outlet": report.outlet,
        "text": report.text,
        "claims": [_claim(claim) for claim in report.claims if claim.id in decided],
        "reviewed": PART if open_still else ALL,
        "unreviewed": [list(claim.trigger) for claim in open_still],
        "reviewers": sorted({decision.by for decision in state.decisions}),
    }


def _claim(claim: Claim) -> dict[str, Any]:
    """The fields of the guidelines, under their names."""
    found = layout.claim_json(claim)
    plain = (
        "trigger",
        "type",
        "mode",
        "status",
        "historical",
        "actor",
        "recipient",
        "place",
        "country",
        "date",
        "count",
    )
    source = {name: found["source"][name] for name in ("kind", "span")}
    return {**{name: found[name] for name in plain}, "source": source, "minor": False}
