"""Actors over many reports: met by name only, never by what anonymous people say, in every claim that stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from sayso import pipeline
from sayso.errors import ConfigError
from sayso.ledger import Ledger, Writer, actors, coups, filters, incidents, values
from sayso.ledger.grouping import settling
from sayso.ledger.judgements import merging
from sayso.ledger.judgements.review import Reviewer
from sayso.model import Actor, Claim, Date, Mention, MentionKind, Report, Source, SourceKind, Status
from tests import factory

EVERYTHING = filters.wanted({})
KEITA = Actor("Abu Keita", "ML", "MIL", "in its own words")
SOLDIERS = Actor("soldiers", "ML", "MIL", "in its own words")
UNION = Actor("Union of Teachers", "ML", "LAB", "in its own words")


def report(text: str, day: int, *claims: Claim, outlet: str = "Harbour Wire") -> Report:
    names = {"Abu Keita": MentionKind.PERSON, "Union of Teachers": MentionKind.ORGANIZATION}
    mentions = tuple(Mention(factory.span(text, name), kind) for name, kind in names.items() if name in text)
    published = dt.date(2025, 8, day)
    return factory.report(
        text, *claims, id=f"r{day}{outlet}", outlet=outlet, published=published, language="en", mentions=mentions
    )


ARREST = "Soldiers arrested Colonel Abu Keita."
PRAISE = "Abu Keita praised the Union of Teachers, whose members soldiers had arrested."
TALK = "An aide of Abu Keita accused the Union of Teachers."
COUP = "Abu Keita led a failed coup in 2024 and plotted another."


@pytest.fixture
def told(book: Ledger) -> Ledger:
    """Four reports in which one man is arrested, praises, and plots, and his unnamed aide accuses."""
    arrested = factory.claim(
        ARREST,
        "arrested",
        "COERCE",
        mode="arrest",
        actor={"Soldiers": SOLDIERS},
        recipient={"Colonel Abu Keita": KEITA},
    )
    praised = factory.claim(
        PRAISE, "praised", "SUPPORT", actor={"Abu Keita": KEITA}, recipient={"the Union of Teachers": UNION}
    )
    aide = factory.span(TALK, "An aide of Abu Keita")
    accused = factory.claim(
        TALK,
        "accused",
        "ACCUSE",
        actor={"An aide of Abu Keita": Actor("aide of Abu Keita", "ML", None, "in its own words")},
        recipient={"the Union of Teachers": UNION},
        source=Source(SourceKind.ANONYMOUS, aide),
    )
    coup = factory.claim(
        COUP, "coup", "COUP", mode="attempt", actor={"Abu Keita": KEITA}, date=("2024", Date("2024", "as written")), country="ML"
    )  # fmt: skip
    plot = factory.claim(COUP, "plotted", "COUP", mode="conspiracy", country="ML", status="alleged")
    writer = Writer(book, "1")
    for one in (
        report(ARREST, 1, arrested),
        report(PRAISE, 2, praised),
        report(TALK, 3, accused),
        report(COUP, 4, coup, plot),
    ):
        writer.add(one)
    return book


def test_lists_who_is_named_by_how_often(told: Ledger) -> None:
    found, looked_at = actors.listed(told, EVERYTHING)

    assert [(one.name, one.acts, one.suffers) for one in found] == [("Abu Keita", 2, 1), ("Union of Teachers", 0, 2)]
    assert (found[0].countries, found[0].sectors, looked_at) == (("ML",), ("MIL",), 5)
    assert [one.name for one in actors.listed(told, filters.wanted({"type": "ACCUSE"}))[0]] == ["Union of Teachers"]


def test_finds_actors_by_the_beginning_of_their_name(told: Ledger) -> None:
    assert [one.key for one in actors.beginning(told, "ÁBU")] == ["abu keita"]
    assert actors.beginning(told, "Zo") == ()
    with pytest.raises(ConfigError, match="no word"):
        actors.beginning(told, "?")


def test_tells_what_an_actor_did_and_what_was_done_to_it_as_written(told: Ledger) -> None:
    found = actors.actor(told, "Abu Keita")

    assert found is not None
    assert [telling.claim.type for telling in found.did] == ["COUP", "SUPPORT"]
    assert [telling.claim.type for telling in found.suffered] == ["COERCE"]
    assert [(one.words, one.claims, one.first, one.last) for one in found.written] == [
        ("Abu Keita", 2, "2025-08-02", "2025-08-04"),
        ("Colonel Abu Keita", 1, "2025-08-01", "2025-08-01"),
    ]


def test_has_no_page_for_those_who_are_described_or_anonymous(told: Ledger) -> None:
    assert actors.actor(told, "soldiers") is None
    assert actors.actor(told, "aide of Abu Keita") is None


def test_forgets_claims_that_were_rejected(told: Ledger) -> None:
    found = actors.actor(told, "Abu Keita")
    assert found is not None
    claim = found.suffered[0]
    Reviewer(told, "ana", pipeline.resolve_claim).reject(values.report_key(claim.report), claim.claim.id)

    again = actors.actor(told, "Abu Keita")
    assert again is not None
    assert again.suffered == ()


def test_draws_who_stands_how_to_whom_with_described_people_as_a_kind(told: Ledger) -> None:
    found = actors.network(told, EVERYTHING)

    edges = {(edge.one, edge.relation, edge.other) for edge in found.edges}
    assert edges == {
        ("kind ML MIL", "arrested", "name abu keita"),
        ("name abu keita", "allied with", "name union of teachers"),
    }
    assert found.nodes["kind ML MIL"].named is False
    assert found.nodes["name abu keita"].name == "Abu Keita"
    assert found.looked_at == 3


def test_counts_prints_of_one_text_once_between_actors(told: Ledger) -> None:
    writer = Writer(told, "1")
    arrested = factory.claim(
        ARREST,
        "arrested",
        "COERCE",
        mode="arrest",
        actor={"Soldiers": SOLDIERS},
        recipient={"Colonel Abu Keita": KEITA},
    )
    alleged = replace(arrested, status=Status.ALLEGED)
    writer.add(report(ARREST, 9, alleged, outlet="Daily Sahel"))

    (edge,) = [edge for edge in actors.network(told, EVERYTHING).edges if edge.relation == "arrested"]
    assert (edge.claims, edge.told_as_fact) == (2, 1)


def test_counts_coups_by_country_and_year_of_the_event(told: Ledger) -> None:
    found, looked_at = coups.by_year(told, EVERYTHING)

    assert [(one.country, one.year, dict(one.incidents), one.denied, one.claims) for one in found] == [
        ("ML", "2025", {"conspiracy": 1}, 0, 1),
        ("ML", "2024", {"attempt": 1}, 0, 1),
    ]
    assert looked_at == 2
    assert [telling.claim.mode for telling in coups.of_year(told, "ML", "2024")] == ["attempt"]
    assert [telling.claim.mode for telling in coups.of_year(told, "ML", "2025")] == ["conspiracy"]
    assert coups.of_year(told, "NE", "2025") == ()
    assert coups.of_year(told, "ML", None) == ()


PLOT = "Officers plotted a coup, the ministry said."
DENIAL = "Colonel Garba denied that officers had plotted a coup."


@pytest.fixture
def disputed(where: str) -> Iterator[Ledger]:
    """Two plots in Niger, one of them denied without a word of where, and one in Mali of which there is a denial alone."""
    garba = Source(SourceKind.PERSON, factory.span(DENIAL, "Colonel Garba"))

    def plot(text: str, **fields: Any) -> Claim:
        return factory.claim(text, "plotted", "COUP", mode="conspiracy", **fields)

    with pipeline.open_ledger(where, create=True) as book:
        for number, claim in enumerate(
            (
                plot(PLOT, country="NE", id="told"),
                plot(DENIAL, status="negated", source=garba, id="denied"),
                plot(PLOT, country="NE", id="undisputed"),
                plot(DENIAL, status="negated", source=garba, country="ML", id="only denied"),
            ),
            1,
        ):
            text = PLOT if claim.status == "actual" else DENIAL
            Writer(book, "1").add(report(text, number, claim, outlet=f"Outlet {number}"))
        settling.settle(book)
        _apart(book)
        yield book


def _apart(book: Ledger) -> None:
    """Has the first denial stand with the first plot, and every other claim by itself."""
    for one in list(incidents.find(book)):
        for other in one.tellings[1:]:
            merging.split(book, one.id, [other.claim.id], by="ana")
    by_claim = {found.tellings[0].claim.id: found.id for found in incidents.find(book)}
    merging.merge(book, by_claim["told"], by_claim["denied"], by="ana")


def test_counts_denials_apart_and_no_denied_coup_as_one(disputed: Ledger) -> None:
    found, looked_at = coups.by_year(disputed, EVERYTHING)

    assert [(one.country, dict(one.incidents), one.denied, one.claims) for one in found] == [
        ("ML", {}, 1, 1),
        ("NE", {"conspiracy": 2}, 1, 2),
        (None, {}, 1, 1),
    ]
    assert looked_at == 4


def test_gives_denials_with_the_coups_that_they_deny(disputed: Ledger) -> None:
    def listed(country: str, *, denials: bool) -> list[str]:
        return [one.claim.id for one in coups.of_year(disputed, country, "2025", denials=denials)]

    assert listed("NE", denials=False) == ["undisputed", "told"]
    assert sorted(listed("NE", denials=True)) == ["denied", "told", "undisputed"]
    assert listed("ML", denials=True) == ["only denied"]
