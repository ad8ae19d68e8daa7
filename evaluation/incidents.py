"""Whether claims of one event are put together: annotated mentions, three outlets on one event, and a world whose events are known.

What is measured is what ships: facts, keys under which claims meet, the table of weights, the partition.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from evaluation.bench import Bench, Figures
from evaluation.reading import Row
from evaluation.world import World
from sayso.model import Actor, Argument, Claim, Report, Source, SourceKind, Span, Status, Telling
from sayso.pipeline import events_together
from sayso.reader.network import Network
from sayso.reader.views import views
from sayso.reconcile.blocks import blocks
from sayso.reconcile.compare import scores
from sayso.reconcile.facts import Facts, about, facts_of, lemma_of
from sayso.reconcile.marked import PARTIES, PLACES, TIMES, MarkedText
from sayso.reconcile.partition import partition

ECB_TRAIN, ECB_DEV = "corpora/coref/ecbplus-train.jsonl", "corpora/coref/ecbplus-dev.jsonl"
MEANTIME, BASIL = "corpora/events/meantime.jsonl", "corpora/coref/basil-dev.jsonl"
WORLD_SEED, WORLD_EVENTS, WORLD_DAYS = 7, 4_000, 180
_UNRESOLVED = "not looked up"
_MANY = 1 << 31  # more claims than are ever compared
Pairs = npt.NDArray[np.int64]  # (pairs, 2) places of claims


@dataclass(frozen=True, slots=True)
class Labelled:
    """A claim with its event. Only claims of one `pool` are compared with one another."""

    pool: str
    facts: Facts
    event: str


# --- annotated mentions ---


def mentions(rows: Iterable[Row], network: Network, *, pool: str) -> list[Labelled]:
    """The events that annotators marked, as claims: trigger, sentence, report; participants of the sentence before and after it.

    `pool` names the field whose documents are pooled. Types, days and places stay unknown: annotators marked none in this form.
    """
    found = []
    for row in rows:
        events = [event for event in row["events"] if event.get("validated", True)]
        if events:
            vectors = views(network, row["text"], [Span(*event["spans"][0]) for event in events])
            found += [
                Labelled(row[pool], _mention(row, event, vector), event["cluster"])
                for event, vector in zip(events, vectors, strict=True)
            ]
    return found


def _mention(row: Row, event: Row, vector: bytes) -> Facts:
    text, start = row["text"], event["spans"][0][0]
    sentence = _sentence(row, start)
    told = [text[first:last] for *_, first, last in row["sentences"] if "http" not in text[first:last]]
    title = row.get("title") or next(
        (line for line in told if len(line) > 15), None
    )  # ECB+ has none: the first words told
    near = [Span(*said["spans"][0]) for said in row.get("participants") or row.get("entities") or []]
    parties: list[Argument[Actor]] = [Argument(span, None, _UNRESOLVED) for span in near if span.overlaps(sentence)]
    claim = Claim(
        id=event["id"],
        trigger=Span(*event["spans"][0]),
        sentence=sentence,
        type="",
        mode=None,
        status=Status.NEGATED if (event["class"] or "").startswith("NEG") else Status.ACTUAL,
        historical=False,
        source=Source(SourceKind.REPORT),
        actor=tuple(party for party in parties if party.span.start < start),
        recipient=tuple(party for party in parties if party.span.start >= start),
        vector=vector,
    )
    facts = facts_of(Telling(Report(row["id"], text, title), claim), row["id"])
    spelt = " ".join(text[first:last] for first, last in event["spans"])
    return replace(facts, key=f"{row['id']}:{event['id']}", lemma=lemma_of(spelt), **about("\n".join(told), None))


def _sentence(row: Row, at: int) -> Span:
    """The sentence at a character."""
    spans = [Span(first, last) for *_, first, last in row["sentences"]]
    return next((span for span in spans if span.start <= at < span.end), Span(at, at))


def pairs_within(found: Sequence[Labelled]) -> Pairs:
    """All pairs of a pool, by their places."""
    pools: dict[str, list[int]] = defaultdict(list)
    for at, one in enumerate(found):
        pools[one.pool].append(at)
    return _pairs(pools.values())


def pairs_met(facts: Sequence[Facts]) -> Pairs:
    """The pairs that share a key."""
    waiting: dict[str, list[int]] = defaultdict(list)
    for at, one in enumerate(facts):
        for key in blocks(one):
            waiting[key].append(at)
    return _pairs(waiting.values())


def _pairs(gathered: Iterable[list[int]]) -> Pairs:
    """All pairs of places that stand together somewhere, each once."""
    by_size: dict[int, list[list[int]]] = defaultdict(list)
    for places in gathered:
        by_size[len(places)].append(places)
    found = [np.empty((0, 2), dtype=np.int64)]
    for size, rows in by_size.items():
        found.append(np.array(rows)[:, np.stack(np.triu_indices(size, 1), axis=1)].reshape(-1, 2))
    one, other = np.concatenate(found).T
    return np.stack(np.divmod(np.unique(one * _MANY + other), _MANY), axis=1)


Edge = tuple[str, str, float]


def edges(facts: Sequence[Facts], pairs: Pairs) -> list[Edge]:
    """The pairs with their scores."""
    keys = [one.key for one in facts]
    columns = (column.tolist() for column in pairs.T)
    return [(keys[a], keys[b], value) for a, b, value in zip(*columns, scores(facts, pairs), strict=True)]


def grouped(facts: Sequence[Facts], scored: Iterable[Edge], shift: float = 0.0) -> list[list[str]]:
    """The keys of claims judged to tell of one event, all scores moved by `shift`."""
    return partition([one.key for one in facts], ((one, other, value + shift) for one, other, value in scored))


def by_event(found: Iterable[Labelled]) -> list[set[str]]:
    """The keys of claims that tell of one event, by what is known of them."""
    groups: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in found:
        groups[one.pool, one.event].add(one.facts.key)
    return list(groups.values())


def conll(truth: Sequence[set[str]], groups: Sequence[Iterable[str]]) -> Figures:
    """MUC, B-cubed and CEAFe F1 and their mean, as CoNLL scores coreference."""
    from scorch import scores  # noqa: PLC0415 - not among Sayso's own packages

    made = [set(group) for group in groups]
    figures = {
        "muc": float(scores.muc(truth, made)[2]),
        "b_cubed": float(scores.b_cubed(truth, made)[2]),
        "ceaf_e": float(scores.ceaf_e(truth, made)[2]),
    }
    return {"conll": sum(figures.values()) / 3, **figures}


def marked_texts(rows: Iterable[Row], pool: str) -> dict[str, list[MarkedText]]:
    """Reports with the events that annotators marked, by pool; `pool` names the field whose reports are pooled.

    Events are named report:id. No cluster of anything is handed over, of participants neither.
    """
    found: dict[str, list[MarkedText]] = defaultdict(list)
    for row in rows:
        events = {name: [Span(*span) for span in event["spans"]] for name, event in _events(row)}
        if events:
            denied = frozenset(name for name, event in _events(row) if (event["class"] or "").startswith("NEG"))
            split = [Span(*numbers[-2:]) for numbers in row["sentences"]]
            found[row[pool]].append(MarkedText(row["id"], row["text"], events, _arguments(row), denied, split))
    return dict(found)


def _events(row: Row) -> list[tuple[str, Row]]:
    return [(f"{row['id']}:{event['id']}", event) for event in row["events"] if event.get("validated", True)]


def _arguments(row: Row) -> dict[str, list[Span]]:
    fields = {
        PARTIES: row.get("participants") or row.get("entities"), TIMES: row.get("times"), PLACES: row.get("places"),
    }  # fmt: skip
    return {
        kind: [Span(*said["spans"][0]) for said in marked or [] if said.get("validated", True)]
        for kind, marked in fields.items()
    }


def events_known(rows: Iterable[Row], pool: str) -> dict[str, tuple[str, str]]:
    """The event of each marked one, by its name: pool and cluster."""
    return {name: (row[pool], event["cluster"]) for row in rows for name, event in _events(row)}


def sets_of(labels: Mapping[str, Hashable]) -> list[set[str]]:
    """Names with one label, as sets."""
    found: dict[Hashable, set[str]] = defaultdict(set)
    for name, label in labels.items():
        found[label].add(name)
    return list(found.values())


def _of_mentions(bench: Bench, file: str, pool: str) -> Figures:
    rows = bench.rows(file)
    pools = marked_texts(rows, pool)
    groups = [group for texts in pools.values() for group in events_together(texts, weights=bench.readings.weights)]
    lemmas = {
        name: (topic, lemma_of(" ".join(span.of(one.text) for span in spans)))
        for topic, texts in pools.items()
        for one in texts
        for name, spans in one.events.items()
    }
    truth = sets_of(events_known(rows, pool))
    return {**conll(truth, groups), "lemma_conll": conll(truth, sets_of(lemmas))["conll"]}


def ecb(bench: Bench) -> Figures:
    """ECB+ dev, mentions given, documents pooled by topic, as usual; `lemma_conll` joins all mentions of one lemma."""
    return _of_mentions(bench, ECB_DEV, "topic")


def meantime(bench: Bench) -> Figures:
    """MEANTIME, mentions given, documents pooled by corpus."""
    return _of_mentions(bench, MEANTIME, "corpus")


# --- three outlets on one event ---


def outlets(bench: Bench) -> Figures:
    """BASIL: sixty events told by three outlets each, read by the whole pipeline, all in one ledger.

    A lead claim stands in the first three sentences of its report. `together`: triplets of which one incident holds a claim of
    every report, in the lead of one at least; `lead_together`: in the lead of every one; `two_of_three`: in the lead of two.
    `wrong`: pairs of claims of one incident whose reports tell of different events, among all pairs of one incident.
    """
    rows = bench.rows(BASIL)
    reports = bench.readings.read(rows)
    return of_outlets([(row["event"], report) for row, report in zip(rows, reports, strict=True)])


def of_outlets(told: Sequence[tuple[str, Report]]) -> Figures:
    """The figures of `outlets` for reports with the names of their events."""
    facts: list[Facts] = []
    leads: set[str] = set()
    for _, report in told:
        for claim in report.claims:
            facts.append(facts_of(Telling(replace(report, claims=()), claim), report.id))
            if claim.trigger.start < _lead(report.text):
                leads.add(facts[-1].key)
    report_of = {one.key: one.report for one in facts}
    groups = grouped(facts, edges(facts, pairs_met(facts)))
    held = [({report_of[key] for key in group}, {report_of[key] for key in group if key in leads}) for group in groups]
    events: dict[str, set[str]] = defaultdict(set)
    for event, report in told:
        events[event].add(report.id)
    return {
        "together": _share(events, lambda reports: any(reports <= whole and lead for whole, lead in held)),
        "lead_together": _share(events, lambda reports: any(reports <= lead for _, lead in held)),
        "two_of_three": _share(events, lambda reports: any(len(reports & lead) > 1 for _, lead in held)),
        "wrong": _wrong(groups, {report: event for event, reports in events.items() for report in reports}, report_of),
        "largest": float(max(map(len, groups))),
    }


def _share(events: Mapping[str, set[str]], holds: Callable[[set[str]], bool]) -> float:
    return sum(map(holds, events.values())) / len(events)


def _wrong(groups: Sequence[Sequence[str]], event_of: Mapping[str, str], report_of: Mapping[str, str]) -> float:
    """The share of pairs of claims put together whose reports tell of different events."""
    pairs = right = 0
    for group in groups:
        counted = Counter(event_of[report_of[key]] for key in group)
        pairs += len(group) * (len(group) - 1) // 2
        right += sum(count * (count - 1) // 2 for count in counted.values())
    return 1 - right / max(pairs, 1)


def _lead(text: str) -> int:
    """The end of the first three lines, sentences of BASIL."""
    return len("\n".join(text.split("\n")[:3]))


# --- a world whose events are known ---


def generated(seed: int, events: int = WORLD_EVENTS, days: int = WORLD_DAYS) -> list[Labelled]:
    """The claims of a generated world."""
    told = World(seed, events, days).tellings()
    return [Labelled("world", facts_of(telling, telling.report.id), str(number)) for number, telling in told]


def world(_: Bench) -> Figures:
    """Thousands of generated incidents retold with noise: how well they are recovered, and claims a second of processor time."""
    found = generated(WORLD_SEED)
    facts = [one.facts for one in found]
    start = time.process_time()
    pairs = pairs_met(facts)
    groups = grouped(facts, edges(facts, pairs))
    seconds = time.process_time() - start
    truth = by_event(found)
    precision, recall = b_cubed(truth, groups)
    return {
        "b_cubed": 2 * precision * recall / (precision + recall),
        "precision": precision,
        "recall": recall,
        "largest_ratio": max(map(len, groups)) / max(map(len, truth)),
        "claims": float(len(facts)),
        "pairs_a_claim": len(pairs) / len(facts),
        "claims_per_s": len(facts) / seconds,
    }


def b_cubed(truth: Sequence[Iterable[str]], groups: Sequence[Iterable[str]]) -> tuple[float, float]:
    """B-cubed precision and recall, in time that grows with the number of claims."""
    event_of = {key: number for number, group in enumerate(truth) for key in group}
    group_of = {key: number for number, group in enumerate(groups) for key in group}
    both = Counter((event_of[key], group_of[key]) for key in event_of)
    events, made = Counter(event_of.values()), Counter(group_of.values())
    precision = sum(count * count / made[group] for (_, group), count in both.items()) / len(event_of)
    recall = sum(count * count / events[event] for (event, _), count in both.items()) / len(event_of)
    return precision, recall
