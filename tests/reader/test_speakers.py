"""The words that name a speaker: whole names, the noun phrase alone, and pronouns for who was quoted or named before."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from sayso.model import Argument, Attribution, Mention, MentionKind, Source, SourceKind, Span
from sayso.reader.speakers import Said, Speakers

PERSON, ORGANISATION = MentionKind.PERSON, MentionKind.ORGANIZATION
BY_A_PERSON = {SourceKind.PERSON: 0.9, SourceKind.ORGANISATION: 0.08, SourceKind.REPORT: 0.02}
BY_THE_OUTLET = {SourceKind.PERSON: 0.1, SourceKind.ORGANISATION: 0.2, SourceKind.REPORT: 0.7}


def span(text: str, words: str) -> Span:
    return Span(text.index(words), text.index(words) + len(words))


def told(
    text: str,
    pointed: str | None,
    *,
    names: Sequence[tuple[str, MentionKind]] = (),
    quoted: tuple[str, str] | None = None,
    trigger: str = "",
) -> tuple[SourceKind, str | None]:
    """Kind and words of the source where the network points at `pointed`; `quoted` is the source and content of an attribution."""
    mentions = [Mention(span(text, name), kind) for name, kind in names if name in text]
    source, content = quoted or ("", "")
    attributions = [Attribution((span(text, source),), (), (span(text, content),))] if quoted else []
    said = Said(BY_A_PERSON, Argument(span(text, pointed), confidence=0.8) if pointed else None)
    found = Speakers(text, attributions, mentions).source(span(text, trigger or text[0]), said)
    return found.kind, found.span and found.span.of(text)


SANCA = [("Ivo Sanca", PERSON)]


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        pytest.param("Spokesman Ivo Sanca denied it.", "Sanca", "Ivo Sanca", id="whole name"),
        pytest.param("Ivo Sanca denied it. He left.", "He", "Ivo Sanca", id="pronoun"),
        pytest.param("Ivo Sanca left. A source said so.", "A source", "A source", id="unnamed stays unnamed"),
        pytest.param("He denied it.", "He", "He", id="pronoun before any name"),
        pytest.param("Ivo Sanca, a lawyer, denied it.", "Ivo Sanca, a lawyer", "Ivo Sanca", id="without apposition"),
        pytest.param("A man who fled said so.", "A man who fled", "A man", id="without relative clause"),
        pytest.param("The front (FPL) said so.", "The front (FPL)", "The front (FPL)", id="with its short form"),
    ],
)
def test_names_a_speaker_in_full_and_never_another(text: str, words: str, expected: str) -> None:
    assert told(text, words, names=SANCA)[1] == expected


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Ivo Sanca", SourceKind.PERSON),
        ("Harbour Watch", SourceKind.ORGANISATION),
        ("The national army", SourceKind.ORGANISATION),
        ("A separate source within the army", SourceKind.ANONYMOUS),
        ("local residents", SourceKind.ANONYMOUS),
        ("a minister of the government", SourceKind.ANONYMOUS),  # a person, the network said; without a name
    ],
)
def test_words_that_say_their_kind_decide_it(words: str, kind: SourceKind) -> None:
    assert told(f"{words} said so.", words, names=[*SANCA, ("Harbour Watch", ORGANISATION)]) == (kind, words)


def test_an_event_inside_quoted_words_has_their_source_where_the_network_points_at_nobody() -> None:
    text = "The mayor said that two men were shot. Ivo Sanca left."
    quoted = ("The mayor", "that two men were shot")

    assert told(text, None, quoted=quoted, trigger="shot") == (SourceKind.PERSON, "The mayor")
    assert told(text, None, quoted=quoted, trigger="left") == (SourceKind.PERSON, None)
    assert told(text, "Ivo Sanca", names=SANCA, quoted=quoted, trigger="shot") == (SourceKind.PERSON, "Ivo Sanca")


def test_the_outlets_own_voice_gets_no_words() -> None:
    text = "Ivo Sanca left."

    assert Speakers(text, [], [Mention(span(text, "Ivo Sanca"), PERSON)]).source(Span(10, 14), Said(BY_THE_OUTLET)) == (
        Source(SourceKind.REPORT, None, 0.7)
    )


def test_words_surer_than_the_outlets_voice_are_the_source() -> None:
    text = "It was the front, it is said."
    front = span(text, "the front")

    assert Speakers(text, [], []).source(Span(3, 6), Said(BY_THE_OUTLET, Argument(front, confidence=0.8))) == (
        Source(SourceKind.ORGANISATION, front, 0.2)
    )
