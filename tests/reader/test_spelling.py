"""Where spans start and end: bare names, and parts of attributions with their own marks."""

from __future__ import annotations

import pytest

from sayso.model import Span
from sayso.reader.decode import Tagged
from sayso.reader.labels import ATTRIBUTION_PARTS
from sayso.reader.network import Network
from sayso.reader.spelling import Speller, is_open
from sayso.reader.tokens import Pieces, Window, encode


def tag(pieces: Pieces, text: str, words: str, part: str = "content") -> Tagged:
    """`words` of `text` as the network would tag them."""
    start = text.index(words)
    window = pieces.cover(Span(start, start + len(words)))
    assert window is not None
    return Tagged(window, ATTRIBUTION_PARTS.index(part), 1.0)


def parts(network: Network, text: str, *tagged: tuple[str, str]) -> list[tuple[str, str]]:
    pieces = encode(network.tokenizer, text)
    found = [tag(pieces, text, words, part) for words, part in tagged]
    return [(name, span.of(text)) for name, span in Speller(text, pieces).parts(found, ATTRIBUTION_PARTS)]


@pytest.mark.parametrize(
    ("text", "tagged", "kept"),
    [
        ("“We won,” he said.", "We won", "“We won,”"),
        ('He said: "We won."', "We won.", '"We won."'),
        ("He said that they won, and left.", "that they won,", "that they won"),
        ("He said they ‘won’ it.", "they ‘won’ it", "they ‘won’ it"),
        ("He said (and meant) it.", "(and meant) it", "(and meant) it"),
        ("''We won,'' he said.", "We won,", "''We won,''"),
        ("The “winner” was told they lost.” She left.", "they lost", "they lost"),
    ],
)
def test_a_content_keeps_its_own_quotation_marks(toy_network: Network, text: str, tagged: str, kept: str) -> None:
    assert parts(toy_network, text, (tagged, "content")) == [("content", kept)]


def test_a_bound_is_never_cut_in_half(toy_network: Network) -> None:
    text = "They held at least 20 soldiers."
    pieces = encode(toy_network.tokenizer, text)
    found = Speller(text, pieces)(tag(pieces, text, "least 20 soldiers").window)

    assert found is not None
    assert found.of(text) == "at least 20 soldiers"


def test_each_part_has_the_marks_its_annotators_gave_it(toy_network: Network) -> None:
    text = "Ndiaye, a lawyer, said: they lied."
    tagged = [("Ndiaye, a lawyer,", "source"), ("said:", "cue"), ("they lied.", "content")]

    assert parts(toy_network, text, *tagged) == [
        ("source", "Ndiaye, a lawyer,"), ("cue", "said:"), ("content", "they lied.")
    ]  # fmt: skip


def test_neighbours_within_a_line_are_one_part(toy_network: Network) -> None:
    text = "We won. They lost.\nWe left."

    assert parts(toy_network, text, ("We won.", "content"), ("They lost.", "content"), ("We left.", "content")) == [
        ("content", "We won. They lost."),
        ("content", "We left."),
    ]


def test_names_are_bare_and_whole(toy_network: Network) -> None:
    text = "The “Red-Greens”, he said"
    pieces = encode(toy_network.tokenizer, text)
    speller = Speller(text, pieces)
    name = pieces.cover(Span(4, 15))
    assert name is not None

    assert speller(name) == Span(5, 15)
    assert speller(Window(name.start, name.start + 1)) is None


@pytest.mark.parametrize(
    ("text", "open_"),
    [("“We", True), ("“We”", False), ("«We", True), ('"We', True), ('"We" "', True), ("''We", True), ("it's", False)],
)
def test_a_quotation_is_open_until_its_closing_mark(text: str, open_: bool) -> None:
    assert is_open(text) is open_
