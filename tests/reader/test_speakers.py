"""The words that name a speaker: whole names, and pronouns for the nearest name before."""

from __future__ import annotations

import pytest

from sayso.model import Claim, Mention, MentionKind, Source, SourceKind, Span, Status
from sayso.reader.speakers import Speakers

SPEAKERS = [
    ("whole name", "Spokesman Ivo Sanca denied it.", "Sanca", "Ivo Sanca"),
    ("pronoun", "Ivo Sanca denied it. He left.", "He", "Ivo Sanca"),
    ("unnamed stays unnamed", "Ivo Sanca left. A source said so.", "A source", "A source"),
    ("pronoun before any name", "He denied it.", "He", "He"),
]


@pytest.mark.parametrize(("text", "words", "expected"), [case[1:] for case in SPEAKERS], ids=[c[0] for c in SPEAKERS])
def test_names_a_speaker_in_full_and_never_another(text: str, words: str, expected: str) -> None:
    at = text.index("Ivo Sanca") if "Ivo Sanca" in text else None
    mentions = [Mention(Span(at, at + 9), MentionKind.PERSON)] if at is not None else []
    start = text.index(words)
    claim = Claim(
        id="c", trigger=Span(0, 1), sentence=Span(0, len(text)), type="REJECT", mode=None, status=Status.ACTUAL,
        historical=False, source=Source(SourceKind.PERSON, Span(start, start + len(words))),
    )  # fmt: skip

    settled = Speakers(text, [], mentions).settle(claim).source.span

    assert settled is not None
    assert settled.of(text) == expected


def test_the_outlets_own_voice_gets_no_words() -> None:
    claim = Claim(
        id="c", trigger=Span(0, 1), sentence=Span(0, 9), type="REJECT", mode=None, status=Status.ACTUAL,
        historical=False, source=Source(SourceKind.REPORT),
    )  # fmt: skip

    assert Speakers("Ivo Sanca", [], [Mention(Span(0, 9), MentionKind.PERSON)]).settle(claim) == claim
