"""Who may be met under one name in several reports: those who are named, and never an anonymous source."""

from __future__ import annotations

import pytest

from sayso.ledger.naming import Names
from sayso.model import Actor, Argument, Mention, MentionKind, Report, Source, SourceKind
from tests import factory

TEXT = (
    "Soldiers led by Colonel Abu Keita, a source close to Mayor Sow and the bloc ECOWAS met. "
    "Lawyers for Sow objected. Malian police watched."
)
NAMES = {
    "Abu Keita": MentionKind.PERSON,
    "Sow": MentionKind.PERSON,
    "ECOWAS": MentionKind.ORGANIZATION,
    "Malian": MentionKind.NORP,
}
MENTIONS = tuple(Mention(factory.span(TEXT, words), kind) for words, kind in NAMES.items())


def named(words: str, name: str, *, by: SourceKind = SourceKind.REPORT, said_by: str | None = None) -> str | None:
    source = Source(by, factory.span(TEXT, said_by) if said_by else None)
    report = factory.report(TEXT, factory.claim(TEXT, "met", source=source), mentions=MENTIONS)
    return Names(report).named(Argument(factory.span(TEXT, words), Actor(name, None, None, "said")))


@pytest.mark.parametrize(
    ("words", "name", "expected"),
    [
        ("Colonel Abu Keita", "Colonel Abu Keita", "colonel abu keita"),
        ("the bloc ECOWAS", "bloc ECOWAS", "bloc ecowas"),
        ("Soldiers", "Soldiers", None),
        ("a source close to Mayor Sow", "source close to Mayor Sow", None),
        ("Malian police", "Malian police", None),
    ],
)
def test_names_people_and_bodies_and_nobody_who_is_only_described(words: str, name: str, expected: str | None) -> None:
    assert named(words, name) == expected


def test_never_names_the_words_of_an_anonymous_source() -> None:
    kind = SourceKind.ANONYMOUS

    assert named("Colonel Abu Keita", "Abu Keita", by=kind, said_by="Soldiers led by Colonel Abu Keita") is None
    assert named("the bloc ECOWAS", "ECOWAS", by=kind, said_by="Soldiers led by Colonel Abu Keita") == "ecowas"


def test_leaves_the_unresolved_without_a_name() -> None:
    report = Report(id="r", text=TEXT, mentions=MENTIONS)

    assert Names(report).named(Argument(factory.span(TEXT, "Sow"), None, "not known")) is None
