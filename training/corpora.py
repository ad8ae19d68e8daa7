"""Corpora as `Document`s: word pieces with the labels that each corpus has, and None where it has none.

A label that a corpus does not give is masked in training, never taken for "no": PolNeAR knows nothing of events, gold
reports nothing of attribution cues.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from sayso.errors import DataError
from sayso.model import Span
from sayso.reader import labels, sentences, tokens
from sayso.reader.tokens import Ints, Pieces, Window
from sayso.resolve import dates

DATE_REACH = 600  # characters between a trigger and the words of its date; farther ones are chance
IGNORED = -100  # PyTorch's own default for targets that do not count
Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Trigger:
    """One claim as the trigger heads see it. `roles`: role -> windows that fill it, or None where the corpus does not say.

    `mode`, `status`, ... are indices into `labels`; IGNORED where unknown.
    """

    window: Window
    kind: int = IGNORED
    mode: int = IGNORED
    status: int = IGNORED
    historical: int = IGNORED
    source_kind: int = IGNORED
    counted: int = IGNORED
    roles: Mapping[str, tuple[Window, ...] | None] | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One text with its labels. Tag arrays are (n,) over its pieces, or None. `contents`: attributed words -> their sources."""

    corpus: str
    id: str
    pieces: Pieces
    sentence_starts: tuple[int, ...]
    mentions: Ints | None = None
    attribution: Ints | None = None
    events: Ints | None = None
    triggers: tuple[Trigger, ...] = ()
    contents: tuple[tuple[Window, tuple[Window, ...]], ...] | None = None


def read_lines(path: Path) -> Iterator[Record]:
    """The JSON objects of a JSON Lines file."""
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _tags(pieces: Pieces, spans: Iterable[tuple[Span, str]], names: tuple[str, ...]) -> Ints:
    tags = np.zeros(len(pieces), dtype=np.int64)
    for span, name in spans:
        window = pieces.cover(span)
        if window is None or tags[window.start : window.end].any():
            continue  # an inner mention, or two corpora's spans on one word: the first stays
        tags[window.start] = names.index(f"B-{name}")
        tags[window.start + 1 : window.end] = names.index(f"I-{name}")
    return tags


def _document(corpus: str, record: Record, tokenizer: Tokenizer) -> tuple[Pieces, dict[str, Any]]:
    text = record["text"]
    pieces = tokens.encode(tokenizer, text)
    starts = {window.start for sentence in sentences.split(text) if (window := pieces.cover(sentence))}
    return pieces, {"corpus": corpus, "id": record["id"], "pieces": pieces, "sentence_starts": tuple(sorted(starts))}


def worldwide(record: Record, tokenizer: Tokenizer) -> Document:
    """Worldwide English Newswire: nine types of named mentions, outermost layer."""
    pieces, known = _document("worldwide", record, tokenizer)
    spans = [(Span(*mention["span"]), mention["type"]) for mention in record["mentions"]]
    return Document(**known, mentions=_tags(pieces, spans, labels.MENTION_TAGS))


def named(record: Record, tokenizer: Tokenizer, *, corpus: str, kinds: Mapping[str, str]) -> Document:
    """Mentions of a corpus with other types, as `kinds` maps them. What it calls otherwise, and dates it leaves out, is masked."""
    pieces, known = _document(corpus, record, tokenizer)
    spans = sorted((Span(*mention["span"]), mention["type"]) for mention in record["mentions"])
    tags = _tags(pieces, [(span, kinds[kind]) for span, kind in spans if kind in kinds], labels.MENTION_TAGS)
    unsure = [span for span, kind in spans if kind not in kinds]
    for window in map(pieces.cover, [*unsure, *dates.find(record["text"])]):
        if window is not None and not tags[window.start : window.end].any():
            tags[window.start : window.end] = IGNORED
    return Document(**known, mentions=tags)


def polnear(record: Record, tokenizer: Tokenizer) -> Document:
    """PolNeAR: source, cue, content. Contents with their sources also teach the pointer from an event to its source."""
    pieces, known = _document("polnear", record, tokenizer)
    spans, contents = [], []
    for attribution in record["attributions"]:
        spans += [(Span(*span), part) for part in labels.ATTRIBUTION_PARTS for span in attribution[part]]
        sources = tuple(w for span in attribution["source"] if (w := pieces.cover(Span(*span))))
        contents += [(w, sources) for span in attribution["content"] if (w := pieces.cover(Span(*span)))]
    spans.sort()
    return Document(**known, attribution=_tags(pieces, spans, labels.ATTRIBUTION_TAGS), contents=tuple(contents))


DateFinder = Callable[[str, Span, str, dt.date | None], Span | None]
"""(text, trigger, ISO value, published) -> the words from which that value was worked out, if any do."""


def gold(
    record: Record, tokenizer: Tokenizer, *, find_date: DateFinder | None = None, corpus: str = "gold"
) -> Document:
    """A report annotated with claims (GUIDELINES.md). Minor claims teach the trigger heads; as triggers they are masked."""
    pieces, known = _document(corpus, record, tokenizer)
    events = np.zeros(len(pieces), dtype=np.int64)
    triggers = []
    for claim in sorted(record["claims"], key=lambda claim: bool(claim.get("minor"))):
        window = pieces.cover(Span(*claim["trigger"]))
        if window is None:
            continue
        free = not events[window.start : window.end].any()
        if free and claim.get("minor"):
            events[window.start : window.end] = IGNORED
        elif free:
            events[window.start] = labels.EVENT_TAGS.index("B-event")
            events[window.start + 1 : window.end] = labels.EVENT_TAGS.index("I-event")
        triggers.append(_trigger(record, claim, pieces, window, find_date))
    return Document(**known, events=events, triggers=tuple(triggers))


def _trigger(record: Record, claim: Record, pieces: Pieces, window: Window, find_date: DateFinder | None) -> Trigger:
    count, source = claim.get("count"), claim["source"]
    spans: dict[str, list[list[int]]] = {
        "actor": claim["actor"],
        "recipient": claim["recipient"],
        "place": [claim["place"]] if claim["place"] else [],
        "count": [count["span"]] if count else [],
        "source": [source["span"]] if source["span"] else [],
    }
    roles: dict[str, tuple[Window, ...] | None] = {
        role: tuple(w for span in found if (w := pieces.cover(Span(*span)))) for role, found in spans.items()
    }
    roles["date"] = _date_role(record, claim, pieces, find_date)
    return Trigger(
        window=window,
        kind=labels.TYPES.index(claim["type"]),
        mode=labels.MODES.index((claim["type"], claim["mode"])),
        status=labels.STATUSES.index(claim["status"]),
        historical=int(claim["historical"]),
        source_kind=labels.SOURCE_KINDS.index(source["kind"]),
        counted=labels.COUNTED.index(count["what"]) if count else IGNORED,
        roles=roles,
    )


def _date_role(
    record: Record, claim: Record, pieces: Pieces, find_date: DateFinder | None
) -> tuple[Window, ...] | None:
    if claim["date"] is None:
        return ()
    if find_date is None:
        return None
    published = dt.date.fromisoformat(record["published"]) if record["published"] else None
    span = find_date(record["text"], Span(*claim["trigger"]), claim["date"], published)
    window = pieces.cover(span) if span else None
    return (window,) if window else None


def find_date(text: str, trigger: Span, value: str, published: dt.date | None) -> Span | None:
    """The time expression nearest to `trigger` that `sayso.resolve.dates` works out to `value`; annotation gives values only."""
    near = [
        span
        for span, found in _dated(text, published)
        if abs(span.start - trigger.start) < DATE_REACH and found == value
    ]
    return min(near, key=trigger.gap, default=None)


@lru_cache(maxsize=4)  # a report's claims come one after the other
def _dated(text: str, published: dt.date | None) -> list[tuple[Span, str]]:
    split = sentences.split(text)
    resolved = (
        (span, dates.resolve(span.of(text), published, context=_sentence(text, span, split))[0])
        for span in dates.find(text)
    )
    return [(span, found.value) for span, found in resolved if found]


def _sentence(text: str, span: Span, split: list[Span]) -> str:
    return max(split, key=lambda sentence: -sentence.gap(span)).of(text)


def annotated(annotation: Path, texts: Mapping[str, Record], *, only: Container[str] | None = None) -> Iterator[Record]:
    """Stand-off annotation joined with its texts by id (`only` some of them); a text that is not the one annotated is refused."""
    for record in read_lines(annotation):
        if only is not None and record["id"] not in only:
            continue
        source = texts.get(record["id"])
        if source is None:
            raise DataError(f"{annotation}: no text for report {record['id']}; is the folder of corpora complete?")
        if hashlib.sha256(source["text"].encode()).hexdigest() != record["sha256"]:
            raise DataError(f"{annotation}: the text of report {record['id']} is not the one that was annotated")
        yield {**record, "text": source["text"], "title": source.get("title"), "outlet": source.get("outlet")}


OWN = Path(__file__).parent / "annotation"
# Texts of newswire.jsonl.
NEWSWIRE = ("mentions/worldwide-train", "events/m2e2-train", "coding/hrdsattack-train", "places/gwn", "places/tr-news")


def load(shared: Path, tokenizer: Tokenizer, *, build: str = "all", own: Path = OWN) -> dict[str, list[Document]]:
    """The corpora of a build, from the folder of corpora and gold, and from our own annotation in `own`."""
    made = {"all": _all, "open": _open}[build](shared, own, tokenizer)
    return {name: list(documents) for name, documents in made.items()}


def _claims(records: Iterable[Record], tokenizer: Tokenizer, corpus: str) -> Iterator[Document]:
    return (gold(record, tokenizer, find_date=find_date, corpus=corpus) for record in records)


def texts_of(shared: Path, *names: str) -> dict[str, Record]:
    """Id -> record of these files of the corpora."""
    return {record["id"]: record for name in names for record in read_lines(shared / f"corpora/{name}.jsonl")}


def _all(shared: Path, own: Path, tokenizer: Tokenizer) -> dict[str, Iterable[Document]]:
    attributions = read_lines(shared / "corpora/attribution/polnear-train.jsonl")
    names = read_lines(shared / "corpora/mentions/worldwide-train.jsonl")
    newswire = annotated(own / "newswire.jsonl", texts_of(shared, *NEWSWIRE))
    return {
        "gold": _claims(read_lines(shared / "gold/train.jsonl"), tokenizer, "gold"),
        "newswire": _claims(newswire, tokenizer, "newswire"),
        "own": _claims(read_lines(own / "own.jsonl"), tokenizer, "own"),
        "polnear": (polnear(record, tokenizer) for record in attributions),
        "worldwide": (worldwide(record, tokenizer) for record in names),
    }


# What other corpora call a mention -> what Sayso calls it. What is not named here is masked.
POLITICS = {"politician": "Person", "person": "Person", "politicalparty": "Organization", "organisation": "Organization",
            "country": "Location", "location": "Location", "election": "Misc", "event": "Misc", "misc": "Misc"}  # fmt: skip
DEFENCE = {"Person": "Person", "Organisation": "Organization", "Location": "Location", "Temporal": "Date",
           "Money": "Money", "Nationality": "NORP"}  # fmt: skip
VOICE = ("VOA", "voanews.com")
AGENCIES = ("Associated Press", "AP)", "Reuters", "AFP", "Agence France")


def _open(shared: Path, own: Path, tokenizer: Tokenizer) -> dict[str, Iterable[Document]]:
    """Data whose text and annotation anybody may use and pass on; `card.DATA` has the terms of each."""
    texts = texts_of(shared, "events/m2e2-train")
    voice = [record for record in read_lines(shared / "gold/train.jsonl") if record["outlet"] in VOICE]
    voice += annotated(own / "newswire.jsonl", texts, only=texts)
    own_copy = (record for record in voice if not any(agency in record["text"] for agency in AGENCIES))
    politics = read_lines(shared / "corpora/mentions/crossner-politics-train.jsonl")
    defence = read_lines(shared / "corpora/mentions/re3d.jsonl")
    return {
        "own": _claims(read_lines(own / "own.jsonl"), tokenizer, "own"),
        "voa": _claims(own_copy, tokenizer, "voa"),
        "crossner": (named(record, tokenizer, corpus="crossner", kinds=POLITICS) for record in politics),
        "re3d": (named(record, tokenizer, corpus="re3d", kinds=DEFENCE) for record in defence),
    }
