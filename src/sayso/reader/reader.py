"""The reader: a report's text in, mentions, attributions and claims with spans out.

One pass of the encoder over overlapping windows; each piece is judged in the window where it stands farthest from the edges.
Then the trigger heads read each trigger once, in the window where it stands most central.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from sayso.model import Argument, Claim, Mention, MentionKind, Report, Span, Status
from sayso.reader import attribution, cues, labels, sentences, slots, tokens
from sayso.reader.calibration import Calibration
from sayso.reader.decode import Floats, Tagged, softmax, tagged
from sayso.reader.network import Network, Seen
from sayso.reader.speakers import Said, Speakers
from sayso.reader.spelling import Speller
from sayso.reader.tokens import Window

WINDOW = 190  # pieces; nine in ten arguments stand within 200 characters of their trigger, nearly all within 400
OVERLAP = 64
STRETCH = 20_000  # pieces seen before they are judged, some 15,000 words: hidden states of a book would fill the memory
LIKELY_DAY = 0.06  # probability from which a day named in its sentence is taken for an event that no tag dates
LIKELY_DAY_ELSEWHERE = 0.15  # and in other sentences of the window: below, one in ten was the event's
BACKGROUND = 0.3  # chance of background from which a claim is one: +1.7 points on gold dev, +0.9 on gold train
JOINED = (
    12  # characters between two triggers of one type that name one event; typed_f1 +1.1 on gold dev, +1.2 on gold train
)
_LEADS = re.compile(
    r"\b(?:to|must|should|can|cannot|will|would|not|never|and)\Z"
)  # "need to" release: the first word tells the act
_PARTS = re.compile(r"[,.;!?]|\b(?:and|or)\b")  # "arrested and beaten": two events
WHOLE_PARTS = (
    0.0,
    0.0,
    1.0,
)  # contents in fewer and longer pieces: exact F1 on PolNeAR 0.60 -> 0.61 (train 0.575 -> 0.59)
UNLIKELY = 0.05  # below it no words are taken for the source of a claim that somebody else is said to make
_NAMES = (MentionKind.PERSON, MentionKind.ORGANIZATION, MentionKind.LOCATION)


@cache
def default_network() -> Network:
    """The weights that ship with Sayso."""
    with resources.as_file(resources.files("sayso.data") / "weights") as folder:
        return Network(Path(folder))


class Reader:
    """Reads reports with one set of weights; the same text always gives the same reading."""

    def __init__(
        self,
        network: Network | None = None,
        *,
        find_days: Callable[[str], Sequence[Span]] = lambda _: (),
        stretch: int = STRETCH,
    ) -> None:
        """`find_days` gives the time expressions of a text, for events that no sure tag dates."""
        self.network = network or default_network()
        self.keenness: dict[str, float] = self.network.card["keenness"]
        self.least: float = self.network.card["least_confidence"]
        self.calibration = Calibration(self.network.card.get("calibration", {}))
        self.find_days = find_days
        self.stretch = stretch

    def read(self, report: Report) -> Report:
        """`report` with its mentions, attributions and claims, in the order of its text."""
        text = report.text
        pieces = tokens.encode(self.network.tokenizer, text)
        if len(pieces) == 0:
            return report
        split = sentences.split(text)
        spell = Speller(text, pieces)
        days = [day for span in self.find_days(text) if (day := pieces.cover(span))]
        whole = _Place(Window(0, len(pieces)), spell, split, days)
        named: list[Tagged] = []
        said: list[Tagged] = []
        drafts: list[_Draft] = []
        for stretch in tokens.stretches(pieces, split, size=self.stretch):
            windows = tokens.windows(pieces, split, size=WINDOW, overlap=OVERLAP, within=stretch)
            seen = [self.network.see(pieces.ids[w.start : w.end], pieces.shapes[w.start : w.end]) for w in windows]
            named += self._tagged("mentions", windows, seen, stretch)
            said += self._tagged("attribution", windows, seen, stretch, whole=WHOLE_PARTS)
            drafts += self._judge(self._tagged("events", windows, seen, stretch), windows, seen, whole)
        mentions = [Mention(span, labels.MENTIONS[item.part]) for item, span in spell.spans(named)]
        parts = spell.parts(said, labels.ATTRIBUTION_PARTS)
        attributions = attribution.group(text, parts, split)
        speakers = Speakers(text, attributions, mentions)
        names = sorted(mention.span for mention in mentions if mention.kind in _NAMES)
        known = _Read(report, split, speakers, names, self.network.version)
        claims = tuple(self.calibration.claim(known.claim(draft)) for draft in _joined_drafts(text, drafts))
        return replace(report, mentions=tuple(mentions), attributions=attributions, claims=claims)

    def _tagged(
        self, layer: str, windows: Sequence[Window], seen: Sequence[Seen], stretch: Window, whole: Sequence[float] = ()
    ) -> list[Tagged]:
        """What one layer of tags finds in a stretch, counted in the whole text."""
        scores = _joined(windows, [getattr(part, layer) for part in seen], stretch)
        by = stretch.start
        return [
            replace(item, window=Window(item.window.start + by, item.window.end + by))
            for item in tagged(scores[None], keenness=self.keenness[layer], whole=whole)[0]
        ]

    def _judge(
        self, triggers: Sequence[Tagged], windows: Sequence[Window], seen: Sequence[Seen], whole: _Place
    ) -> list[_Draft]:
        by_window: dict[int, list[Tagged]] = defaultdict(list)
        for trigger in triggers:
            by_window[most_central(trigger.window, windows)].append(trigger)
        drafts: list[_Draft] = []
        for index in sorted(by_window):
            window, found = windows[index], by_window[index]
            pooling, distances = trigger_inputs([t.window for t in found], window)
            scores = self.network.judge(seen[index].hidden, pooling, distances)
            at = whole.within(window)
            filled = self._slots(scores["roles"])
            vectors = self.network.vectors(pooling @ seen[index].hidden)
            for row, trigger in enumerate(found):
                own = {name: values[row] for name, values in scores.items()}
                draft = self._draft(at, trigger, own, filled[row], vectors[row])
                if draft and draft.confidence >= self.least:
                    drafts.append(draft)
        return drafts

    def _slots(self, scores: Floats) -> list[list[list[Tagged]]]:
        """Tagged stretches by trigger and role, from scores (triggers, n, roles, 3)."""
        count, length = scores.shape[:2]
        keenness = np.tile(np.asarray([self.keenness[role] for role in labels.ROLES], dtype=np.float32), count)
        flat = tagged(scores.transpose(0, 2, 1, 3).reshape(-1, length, 3), keenness=keenness)
        return [flat[at : at + len(labels.ROLES)] for at in range(0, len(flat), len(labels.ROLES))]

    def _draft(
        self, at: _Place, trigger: Tagged, scores: dict[str, Floats], filled: list[list[Tagged]], vector: bytes
    ) -> _Draft | None:
        span = at.spell(trigger.window)
        if span is None:
            return None
        kind_chances = softmax(scores["kind"])
        kind = labels.TYPES[int(kind_chances.argmax())]
        filling = {role: _filling(scores["roles"][:, index]) for index, role in enumerate(labels.ROLES)}
        roles = {
            role: _arguments(found, at, nameless=role == "source")
            for role, found in zip(labels.ROLES, filled, strict=True)
        }
        roles["date"] = _dates(roles["date"], filling["date"], at, _sentence_of(span, at.sentences))
        return _Draft(
            trigger=span,
            kind=kind,
            mode=_mode(scores["mode"], kind),
            status=labels.STATUSES[int(scores["status"].argmax())],
            historical=bool(softmax(scores["historical"])[1] > BACKGROUND),
            said=_said(softmax(scores["source_kind"]), roles["source"], filling["source"], at),
            roles=roles,
            confidence=round(trigger.confidence * float(kind_chances.max()), 3),
            vector=vector,
        )


@dataclass(frozen=True, slots=True)
class _Draft:
    """One claim before its sentence and id."""

    trigger: Span
    kind: str
    mode: str | None
    status: Status
    historical: bool
    said: Said
    roles: dict[str, list[Argument[Any]]]
    confidence: float
    vector: bytes


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a trigger is read: its window, the speller and sentences of its text, and the days named in the window."""

    window: Window
    spell: Speller
    sentences: Sequence[Span]
    days: Sequence[Window]

    def within(self, window: Window) -> _Place:
        """The same text seen through another window."""
        days = [day for day in self.days if window.start <= day.start and day.end <= window.end]
        return replace(self, window=window, days=days)


def trigger_inputs(triggers: Sequence[Window], window: Window) -> tuple[Floats, tokens.Ints]:
    """`pooling` and `distances` (triggers, n) for triggers counted in the whole text, within `window`."""
    length = window.end - window.start
    pooling = np.zeros((len(triggers), length), dtype=np.float32)
    positions = np.arange(window.start, window.end)
    distances = np.zeros((len(triggers), length), dtype=np.int64)
    for row, (start, end) in enumerate(triggers):
        first, last = (
            max(start, window.start),
            min(end, window.end),
        )  # a stretch longer than the overlap lies in no window whole
        pooling[row, first - window.start : last - window.start] = 1 / (last - first)
        away = np.where(positions < start, positions - start, np.maximum(positions - end + 1, 0))
        distances[row] = labels.distance_buckets(away)
    return pooling, distances


def _joined(windows: Sequence[Window], scores: Sequence[Floats], stretch: Window) -> Floats:
    """Each piece's scores from the window in which it stands farthest from an edge that is not the stretch's own."""
    total, first = stretch.end - stretch.start, stretch.start
    best = np.full(total, -1, dtype=np.int64)
    joined = np.empty((total, scores[0].shape[-1]), dtype=np.float32)
    for (start, end), own in zip(windows, scores, strict=True):
        at = np.arange(start, end)
        left = at - start if start > first else np.full(end - start, total)
        right = end - 1 - at if end < stretch.end else np.full(end - start, total)
        room = np.minimum(left, right)
        inside = slice(start - first, end - first)
        better = room > best[inside]
        best[inside][better] = room[better]
        joined[inside][better] = own[better]
    return joined


def most_central(trigger: Window, windows: Sequence[Window]) -> int:
    """The window that holds the whole trigger with most room on its tighter side; the one that holds most of it otherwise."""
    last = bisect_right(windows, trigger.start, key=lambda window: window.start)
    first = bisect_left(windows, trigger.end - WINDOW, hi=last, key=lambda window: window.start)

    def room(index: int) -> int:
        window = windows[index]
        return min(trigger.start - window.start, window.end - trigger.end)

    return max(range(max(min(first, last - 1), 0), last), key=room)


def _mode(scores: Floats, kind: str) -> str | None:
    own = [index for index, (owner, _) in enumerate(labels.MODES) if owner == kind]
    return labels.MODES[max(own, key=lambda index: float(scores[index]))][1]


def _arguments(found: Iterable[Tagged], at: _Place, *, nameless: bool = False) -> list[Argument[Any]]:
    """Tagged stretches of a window as slots, in characters of the whole text; `nameless` lets pronouns through."""
    return [
        Argument(span, confidence=round(item.confidence, 3))
        for item, span in at.spell.spans(found, at.window.start)
        if nameless or at.spell.names(span)
    ]


def _filling(scores: Floats) -> Floats:
    """The probability of each piece (n,) that it fills a role, from scores (n, 3) of O, B, I."""
    chances: Floats = 1 - softmax(scores)[:, 0]
    return chances


def _dates(tagged_: Sequence[Argument[Any]], filling: Floats, at: _Place, sentence: Span) -> list[Argument[Any]]:
    """Tagged words with the whole of their time expression; where no tag meets one, the likeliest day of the window."""
    spans = [span for day in at.days if (span := at.spell(day))]
    days = [replace(one, span=day) for one in tagged_ for day in spans if day.overlaps(one.span)]
    return days or _arguments(_likely_day(filling, at, sentence), at) or list(tagged_)


def _likely_day(filling: Floats, at: _Place, sentence: Span) -> list[Tagged]:
    """The named day that most probably is the event's: sure tags are rare where the date stands in another clause."""
    first = at.window.start
    rated = []
    for day in at.days:
        inside = sentence.start <= at.spell.pieces.starts[day.start] < sentence.end
        chance = float(filling[day.start - first : day.end - first].mean())
        if chance >= (LIKELY_DAY if inside else LIKELY_DAY_ELSEWHERE):
            rated.append(Tagged(Window(day.start - first, day.end - first), 0, chance))
    best = max(rated, key=lambda day: day.confidence, default=None)
    return [best] if best else []


def _said(chances: Floats, found: Sequence[Argument[Any]], filling: Floats, at: _Place) -> Said:
    """What the heads say of the speaker; the likeliest words there are where no tag is sure."""
    kinds = {kind: float(chance) for kind, chance in zip(labels.SOURCE_KINDS, chances, strict=True)}
    likely = _best(_arguments(_likeliest_stretch(filling), at, nameless=True))
    return Said(kinds, _best(found), likely)


def _likeliest_stretch(filling: Floats) -> list[Tagged]:
    """The pieces around the one likeliest to fill a role that are at least half as likely; none where all are unlikely."""
    peak = int(filling.argmax())
    if filling[peak] < UNLIKELY:
        return []
    start = end = peak
    while start > 0 and filling[start - 1] >= filling[peak] / 2:
        start -= 1
    while end + 1 < len(filling) and filling[end + 1] >= filling[peak] / 2:
        end += 1
    return [Tagged(Window(start, end + 1), 0, float(filling[start : end + 1].mean()))]


def _best(found: Sequence[Argument[Any]]) -> Argument[Any] | None:
    return max(found, key=lambda argument: argument.confidence, default=None)


@dataclass(frozen=True, slots=True)
class _Read:
    """What is known of a report once all of it was tagged: what its claims are finished with."""

    report: Report
    sentences: Sequence[Span]
    speakers: Speakers
    names: Sequence[Span]
    version: str

    def claim(self, draft: _Draft) -> Claim:
        """A draft with what its sentence and its report say of it."""
        text, sentence = self.report.text, _sentence_of(draft.trigger, self.sentences)
        return Claim(
            id=_claim_id(self.report.id, draft, self.version),
            trigger=draft.trigger,
            sentence=sentence,
            type=draft.kind,
            mode=draft.mode,
            status=cues.status(text, sentence, draft.trigger) or draft.status,
            historical=draft.historical,
            source=self.speakers.source(draft.trigger, draft.said),
            actor=tuple(slots.settled(text, draft.roles["actor"], self.names)),
            recipient=tuple(slots.settled(text, draft.roles["recipient"], self.names)),
            place=_best(draft.roles["place"]),
            date=_best(draft.roles["date"]),
            count=_best(draft.roles["count"]),
            confidence=draft.confidence,
            vector=draft.vector,
        )


def _joined_drafts(text: str, drafts: Iterable[_Draft]) -> list[_Draft]:
    """Drafts in order, one for each event: "plotting to overthrow" is one conspiracy, told by its surer word."""
    found: list[_Draft] = []
    for draft in sorted(drafts, key=lambda draft: draft.trigger):
        last = found[-1] if found else None
        if last and last.trigger.overlaps(draft.trigger):
            continue  # two windows spelt out to the same word
        if last and (one := _one_event(text, last, draft)):
            found[-1] = one
            continue
        found.append(draft)
    return found


def _one_event(text: str, last: _Draft, draft: _Draft) -> _Draft | None:
    """What two triggers in a row come to where they name one event: "deadly unrest", "held talks at the meeting"."""
    between = text[last.trigger.end : draft.trigger.start]
    surer = max(last, draft, key=lambda one: one.confidence)
    if last.kind == draft.kind:
        surer = replace(surer, mode=surer.mode or last.mode or draft.mode)
    if "\n" in between:
        return None
    if len(between) <= 1:
        led = last if _LEADS.search(last.trigger.of(text)) else surer
        return replace(led, trigger=Span(last.trigger.start, draft.trigger.end))
    if last.kind == draft.kind and len(between) <= JOINED and not _PARTS.search(between):
        return surer
    return None


def _sentence_of(span: Span, split: Sequence[Span]) -> Span:
    at = bisect_right(split, span.start, key=lambda sentence: sentence.start) - 1
    return split[max(at, 0)]


def _claim_id(report_id: str, draft: _Draft, version: str) -> str:
    key = f"{report_id}\n{draft.trigger.start}\n{draft.trigger.end}\n{draft.kind}\n{version}"
    return hashlib.sha256(key.encode()).hexdigest()[:16]
