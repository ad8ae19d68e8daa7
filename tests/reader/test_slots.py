"""Actors and recipients: the surest phrase and those joined to it, each whole and bare."""

from __future__ import annotations

import pytest

from sayso.model import Argument, Span
from sayso.reader import slots

TEXT = "The army, the police and Ivo Sanca met vice-president Ana Lima and Rui Dias in a court in Bissau on Sunday."


def span(words: str) -> Span:
    return Span(TEXT.index(words), TEXT.index(words) + len(words))


@pytest.mark.parametrize(
    ("tagged", "kept"),
    [
        pytest.param({"Ivo Sanca": 0.9, "Bissau": 0.8}, ["Ivo Sanca"], id="a phrase elsewhere is left out"),
        pytest.param(
            {"The army": 0.5, "police": 0.6, "Ivo Sanca": 0.9},
            ["The army", "police", "Ivo Sanca"],
            id="a list is kept whole",
        ),
        pytest.param({"The army": 0.2, "police": 0.6}, ["police"], id="an unlikely phrase is left out"),
        pytest.param({"a court in": 0.9}, ["a court"], id="small words at the end are no part of it"),
        pytest.param({"in a court": 0.9}, ["a court"], id="small words at the start are no part of it"),
        pytest.param({"president Ana Lima": 0.9}, ["vice-president Ana Lima"], id="hyphens hold words together"),
        pytest.param({"vice": 0.9}, ["vice-president"], id="hyphens hold words together at the end"),
        pytest.param(
            {"vice-president Ana Lima and Rui Dias": 0.9},
            ["vice-president Ana Lima", "Rui Dias"],
            id="two names are two",
        ),
        pytest.param({"the police and Ivo Sanca": 0.9}, ["the police and Ivo Sanca"], id="one name is not split off"),
        pytest.param({"Ivo Sanca": 0.9, "Sanca met": 0.8}, ["Ivo Sanca"], id="no word is in two phrases"),
        pytest.param({"in": 0.9}, ["in"], id="nothing is left of a small word alone, so it stays"),
        pytest.param({}, [], id="nothing"),
    ],
)
def test_a_slot_holds_the_surest_phrase_and_its_list(tagged: dict[str, float], kept: list[str]) -> None:
    names = sorted(span(name) for name in ("Ivo Sanca", "Ana Lima", "Rui Dias", "Bissau"))
    found: list[Argument[object]] = [Argument(span(words), confidence=sure) for words, sure in tagged.items()]

    assert [one.span.of(TEXT) for one in slots.settled(TEXT, found, names)] == kept
