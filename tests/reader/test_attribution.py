"""Parts to attributions, and the words that name a speaker."""

from __future__ import annotations

import pytest

from sayso.model import Claim, Mention, MentionKind, Source, SourceKind, Span, Status
from sayso.reader import attribution, sentences
from sayso.reader.speakers import Speakers

# text with its parts marked: {s:source} {c:cue} {t:content}; expected: attributions as (source, cue, content) words
GROUPS = [
    ("source first", "{s:The army} {c:said} {t:it fired}.", [("The army", "said", "it fired")]),
    ("source last", '{t:"We fired,"} {c:said} {s:the army}.', [("the army", "said", '"We fired,"')]),
    (
        "quotation goes on",
        '{t:"We fired,"} {s:he} {c:said}. {t:"They fled."}',
        [("he", "said", '"We fired," "They fled."')],
    ),
    (
        "two speakers",
        "{s:Police} {c:said} {t:ten died}. {s:Medics} {c:spoke of} {t:twelve}.",
        [("Police", "said", "ten died"), ("Medics", "spoke of", "twelve")],
    ),
    ("nobody named", "{c:Reportedly} {t:ten died}.", [("", "Reportedly", "ten died")]),
    ("no cue", "{t:Ten died}.", [("", "", "Ten died")]),
]


def parsed(marked: str) -> tuple[str, list[tuple[str, Span]]]:
    names = {"s": "source", "c": "cue", "t": "content"}
    text, parts = "", []
    while marked:
        if marked.startswith("{"):
            words = marked[3 : marked.index("}")]
            parts.append((names[marked[1]], Span(len(text), len(text) + len(words))))
            text, marked = text + words, marked[marked.index("}") + 1 :]
        else:
            text, marked = text + marked[0], marked[1:]
    return text, parts


@pytest.mark.parametrize(("marked", "expected"), [case[1:] for case in GROUPS], ids=[case[0] for case in GROUPS])
def test_groups_parts_by_their_cue(marked: str, expected: list[tuple[str, str, str]]) -> None:
    text, parts = parsed(marked)

    found = attribution.group(text, parts, sentences.split(text))

    words = [
        tuple(" ".join(span.of(text) for span in spans) for spans in (one.source, one.cue, one.content))
        for one in found
    ]
    assert words == expected


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
