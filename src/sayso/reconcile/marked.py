"""Events that people marked in texts: what of each is compared with the others of its pool.

A claim knows its day, its place and its kind; a bare mark knows only words. What it has instead is company: all that was marked
beside it. So marks are compared within a pool, the reports of a topic or of a project, and words that every report of the pool
uses count for little there. Who says so is no evidence here either.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sayso.model import Span
from sayso.reconcile import words

PARTIES, TIMES, PLACES = "parties", "times", "places"
AROUND = 5  # words on either side of a trigger that stand close to it
_SMALL = frozenset(
    "the a an of to in on at for by with and or from his her their its that this is was were be been has have had not as it he "
    "she they who which".split()
)
_ADDRESS = re.compile(r"https?://\S+")
Bag = Counter[str]  # stems with how often they were said


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text in which somebody marked events: under each name, given once in all texts, the spans of its trigger in order.

    `arguments` are the spans marked as `PARTIES`, `TIMES` and `PLACES`: of them those count that begin in the sentence of a
    trigger. `denied` are the names of events that did not happen. Without `sentences` the pipeline finds them.
    """

    id: str
    text: str
    events: Mapping[str, Sequence[Span]]
    arguments: Mapping[str, Sequence[Span]] = field(default_factory=dict)
    denied: frozenset[str] = frozenset()
    sentences: Sequence[Span] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """What a report says, in stems: `said` those that say something, `marks` its names and figures, `all` every one of them."""

    id: str
    said: Bag
    marks: Bag
    all: frozenset[str]


@dataclass(frozen=True, slots=True)
class Mark:
    """One marked event. `text` is the id of its report, `sentence` the number of its sentence there.

    `trigger` are its stems in their order; the bags hold stems of its sentence without it: of all words (`said`), of names, of
    figures, of the words close by, of the parties marked before and after the trigger and of the nearest of either, of times,
    of places, of the other triggers. `vector` is the encoder's own view of the trigger, empty where there is none.
    """

    key: str
    text: str
    sentence: int
    trigger: tuple[str, ...]
    denied: bool
    said: Bag
    names: Bag
    figures: Bag
    around: Bag
    before: Bag
    after: Bag
    nearest_before: Bag
    nearest_after: Bag
    times: Bag
    places: Bag
    others: Bag
    vector: bytes = b""


def text_of(key: str, text: str) -> Text:
    """A report as it is compared, without addresses of pages."""
    text = _ADDRESS.sub(" ", text)
    return Text(key, Counter(words.content(text)), words.marks(text), frozenset(_stems(text)))


def marks_of(one: MarkedText, vectors: Sequence[bytes]) -> list[Mark]:
    """The events marked in a text, in their order, with the vectors of their triggers."""
    return [_mark(one, name, vector) for name, vector in zip(one.events, vectors, strict=True)]


def _mark(one: MarkedText, name: str, vector: bytes) -> Mark:
    text, trigger = one.text, one.events[name]
    first = trigger[0].start
    number = next((at for at, span in enumerate(one.sentences) if span.start <= first < span.end), None)
    sentence = trigger[0] if number is None else one.sentences[number]
    said = sentence.of(text)
    own = [stem for span in trigger for stem in _stems(span.of(text))]
    others = (spans[0] for key, spans in one.events.items() if key != name)
    parties = _within(one.arguments.get(PARTIES, ()), sentence)
    before = [_bag(span, text) for span in parties if span.start < first]
    after = [_bag(span, text) for span in parties if span.start >= first]
    return Mark(
        key=name,
        text=one.id,
        sentence=number or 0,
        trigger=tuple(own),
        denied=name in one.denied,
        said=Counter(stem for stem in words.content(said) if stem not in own),
        names=Counter(words.names(said)),
        figures=words.figures(said),
        around=_around(text, sentence, trigger),
        before=_sum(before),
        after=_sum(after),
        nearest_before=next((bag for bag in reversed(before) if bag), Counter()),
        nearest_after=next((bag for bag in after if bag), Counter()),
        times=_sum(_bag(span, text) for span in _within(one.arguments.get(TIMES, ()), sentence)),
        places=_sum(_bag(span, text) for span in _within(one.arguments.get(PLACES, ()), sentence)),
        others=Counter(stem for span in _within(others, sentence) for stem in _stems(span.of(text))),
        vector=vector,
    )


def _within(spans: Iterable[Span], sentence: Span) -> list[Span]:
    """The spans that begin in a sentence, in their order."""
    return sorted(span for span in spans if sentence.start <= span.start < sentence.end)


def _stems(text: str) -> list[str]:
    return [words.stem(words.fold(word)) for word in words.WORD.findall(text)]


def _bag(span: Span, text: str) -> Bag:
    return Counter(stem for stem in _stems(span.of(text)) if stem not in _SMALL)


def _sum(bags: Iterable[Bag]) -> Bag:
    total: Bag = Counter()
    for bag in bags:
        total.update(bag)
    return total


def _around(text: str, sentence: Span, trigger: Sequence[Span]) -> Bag:
    """The stems right before and right after a trigger."""
    before = _stems(text[sentence.start : trigger[0].start])[-AROUND:]
    return Counter(before + _stems(text[trigger[-1].end : sentence.end])[:AROUND])
