"""Slots as people correct them: checked, resolved where only words are given, and the same again from their JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.ledger import invented
from tests.ledger.kati import REPORT, TEXT, arrest

from sayso import pipeline
from sayso.errors import ConfigError
from sayso.ledger.judgements import slots
from sayso.ledger.judgements.slots import Correction
from sayso.model import Actor, Argument, Claim, Count, Counted, Date, Report, Source, SourceKind, Span
from tests import factory


def at(words: str) -> tuple[Span, ...]:
    return (factory.span(TEXT, words),)


@pytest.mark.parametrize(
    ("field", "asked", "expected"),
    [
        ("type", Correction(value="sanction"), {"type": "SANCTION", "mode": None}),
        ("mode", Correction(value="seize"), {"mode": "seize"}),
        ("mode", Correction(), {"mode": None}),
        ("status", Correction(value="alleged"), {"status": "alleged"}),
        ("historical", Correction(value=True), {"historical": True}),
        ("country", Correction(value="ne"), {"country": "NE", "country_how": "set by a reviewer"}),
        ("country", Correction(), {"country": None, "country_how": "set by a reviewer"}),
        ("actor", Correction(), {"actor": ()}),
        (
            "recipient",
            Correction(at("20 officers"), {"sector": "MIL", "country": "ML"}),
            {
                "recipient": (
                    Argument(at("20 officers")[0], Actor("20 officers", "ML", "MIL", "set by a reviewer"), None, 1.0),
                )
            },
        ),
        ("place", Correction(), {"place": None}),
        (
            "date",
            Correction(value="2025-08-09/2025-08-10"),
            {"date": Argument(at("Sunday")[0], Date("2025-08-09/2025-08-10", "set by a reviewer"), None, 1.0)},
        ),
        (
            "count",
            Correction(at("50"), {"low": "50", "high": None, "what": "arrested"}),
            {"count": Argument(at("50")[0], Count(50, None, Counted.ARRESTED), None, 1.0)},
        ),
        (
            "source",
            Correction(at("A lawmaker"), {"kind": "anonymous"}),
            {"source": Source(SourceKind.ANONYMOUS, at("A lawmaker")[0], 1.0)},
        ),
        ("source", Correction(value="report"), {"source": Source(SourceKind.REPORT, None, 1.0)}),
    ],
)
def test_corrects_every_slot(field: str, asked: Correction, expected: dict[str, object]) -> None:
    found, written = slots.corrected(REPORT, arrest(), field, asked, pipeline.resolve_claim)

    assert {name: getattr(found, name) for name in expected} == expected
    assert slots.put(arrest(), field, json.loads(slots.dumps(written))) == found


@pytest.mark.parametrize(
    ("field", "asked", "said"),
    [
        ("colour", Correction(value="red"), "no slot 'colour'"),
        ("type", Correction(value="WAR"), "no event type"),
        ("type", Correction(at("Sunday"), "COUP"), "chosen, not read from words"),
        ("mode", Correction(value="march"), "no mode of COERCE"),
        ("status", Correction(value="sure"), "no status"),
        ("country", Correction(value="Mali"), "no country"),
        ("place", Correction((Span(5, 5),)), "hold no words"),
        ("place", Correction((Span(0, 9999),)), "hold no words"),
        ("place", Correction((Span(0, 4), Span(9, 12))), "select one"),
        ("recipient", Correction(value={"country": "ML"}), "select those"),
        ("recipient", Correction(at("20 officers"), {"sector": "SHOES"}), "no sector"),
        ("date", Correction(at("Sunday"), "yesterday"), "no day"),
        ("date", Correction(at("Sunday"), "2025-08-10/2025-08-09"), "ends before it begins"),
        ("count", Correction(at("20"), {"low": 5, "high": 4}), "no range"),
        ("count", Correction(at("20"), {"low": "-1"}), "no number"),
        ("count", Correction(at("20"), {"low": 1, "what": "shoes"}), "nothing that is counted"),
        ("count", Correction(at("20"), {}), "lowest number"),
        ("source", Correction(value="rumour"), "no kind of source"),
        ("place", Correction(at("Kati"), {"latitude": 91, "longitude": 0}), "no degrees"),
        ("place", Correction(at("Kati"), {"latitude": 1}), "both latitude and longitude"),
    ],
)
def test_refuses_what_cannot_stand_in_a_slot(field: str, asked: Correction, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        slots.corrected(REPORT, arrest(), field, asked, pipeline.resolve_claim)


@pytest.mark.parametrize("number", range(20))
def test_writes_whole_claims_as_json_and_reads_them_back(number: int) -> None:
    for claim in invented.read(invented.report(number)).claims:
        sure = _without_confidence(claim)

        assert slots.from_whole(json.loads(slots.dumps(slots.whole(claim)))) == sure


def _without_confidence(claim: Claim) -> Claim:
    """What people say is said without a probability, and without what the encoder makes of it."""
    return replace(
        claim,
        vector=b"",
        confidence=1.0,
        source=replace(claim.source, confidence=1.0),
        actor=tuple(replace(one, confidence=1.0) for one in claim.actor),
        recipient=tuple(replace(one, confidence=1.0) for one in claim.recipient),
        place=replace(claim.place, confidence=1.0) if claim.place else None,
        date=replace(claim.date, confidence=1.0) if claim.date else None,
        count=replace(claim.count, confidence=1.0) if claim.count else None,
    )


def test_leaves_words_open_that_nobody_can_resolve() -> None:
    def nobody(_: Report, claim: Claim) -> Claim:
        return claim

    found, _ = slots.corrected(REPORT, arrest(), "place", Correction(at("Bamako")), nobody)

    assert found.place == Argument(at("Bamako")[0], None, "not resolved", 1.0)
