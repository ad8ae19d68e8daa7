"""Texts with marked events, written with brackets: "[e1 Police] ..." would be a nuisance, so marks are words of the text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sayso.model import Span
from sayso.reconcile.marked import Mark, MarkedText, marks_of


def span(text: str, words: str) -> Span:
    """Where `words` first stand in `text`."""
    start = text.index(words)
    return Span(start, start + len(words))


def marked(name: str, text: str, events: Sequence[str], **arguments: Sequence[str]) -> MarkedText:
    """A text, one sentence a line, whose events are named "name:trigger"; `arguments` by kind, as words."""
    lines = text.split("\n")
    starts = [sum(len(line) + 1 for line in lines[:at]) for at in range(len(lines))]
    return MarkedText(
        name,
        text,
        {f"{name}:{trigger}": [span(text, trigger)] for trigger in events},
        {kind: [span(text, said) for said in words] for kind, words in arguments.items()},
        sentences=[Span(start, start + len(line)) for start, line in zip(starts, lines, strict=True)],
    )


def marks(one: MarkedText) -> Mapping[str, Mark]:
    """Its marks by their triggers, without vectors."""
    found = marks_of(one, [b""] * len(one.events))
    return {mark.key.partition(":")[2]: mark for mark in found}


QUAKE = marked(
    "quake",
    "A strong earthquake hit Padang on Monday.\nThe tremor killed 40 people in Padang, officials said.",
    ["earthquake", "tremor", "killed", "said"],
    parties=["40 people", "officials"],
    times=["Monday"],
    places=["Padang"],
)
AGAIN = marked(
    "again",
    "At least 44 people died after a quake near Padang.\nOfficials in Padang said the quake came on Monday.",
    ["died", "quake", "said"],
    parties=["44 people", "Officials"],
    places=["Padang"],
)
DEAL = marked(
    "deal",
    "Acme agreed to buy Bolt for 2 billion dollars.\nAnalysts said the takeover was dear.",
    ["agreed", "buy", "said", "takeover"],
    parties=["Acme", "Bolt", "Analysts"],
)
MORE = marked(
    "more",
    "Bolt is bought by Acme.\nThe takeover of Bolt was announced by Acme in London.",
    ["bought", "takeover", "announced"],
    parties=["Bolt", "Acme"],
    places=["London"],
)
TOPIC = (QUAKE, AGAIN, DEAL, MORE)
