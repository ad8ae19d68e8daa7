"""The one module that knows the order: ingest, read, resolve, and reconcile in the ledger.

`read_report` takes a report through all stages; `read_sources` does so for whatever a user names, one report at a time, on one or
several processes. A report that cannot be had or read becomes a `Failure` and never stops the others. Each function imports its
stages: who opens a ledger does not wait for the reader.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import re
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from sayso import ingest
from sayso.errors import ConfigError, InputError
from sayso.ingest import Failure, Options
from sayso.ingest.reports import build
from sayso.ledger.grouping.rules import Rules
from sayso.model import Claim, Report, Span
from sayso.reader import sentences

if TYPE_CHECKING:
    from sayso.ledger import Ledger
    from sayso.reader.network import Network
    from sayso.reader.reader import Reader
    from sayso.reconcile.evidence import Pool
    from sayso.reconcile.marked import MarkedText

LANGUAGES = frozenset({"en"})  # what the weights that ship were trained on
ENDINGS = frozenset(
    {".txt", ".md", ".markdown", ".html", ".htm", ".json", ".jsonl", ".ndjson", ".gz", ".warc", ".xml", ".rss", ".atom"}
)
LONGEST_PATH = 1000
AHEAD = 4  # reports a worker may have waiting: enough to stay busy, few enough to keep memory flat


@cache
def _reader(weights: Path | None) -> Reader:
    from sayso.reader.network import Network  # noqa: PLC0415
    from sayso.reader.reader import Reader  # noqa: PLC0415
    from sayso.resolve import dates  # noqa: PLC0415

    return Reader(Network(weights) if weights else None, find_days=dates.find)


def read_report(report: Report, *, weights: Path | None = None, min_confidence: float = 0.0) -> Report:
    """`report` with its mentions, attributions and resolved claims. In a language that the reader cannot read, an issue says so.

    `weights` is a folder that `python -m training` has written; None reads with those that ship. Raises `DataError` where
    weights or gazetteer are missing or damaged. Claims below `min_confidence`, from 0 to 1, are left out.
    """
    if not 0 <= min_confidence <= 1:
        raise ConfigError(f"least confidence {min_confidence} is no probability; give a number from 0 to 1")
    if report.language is not None and report.language not in LANGUAGES:
        said = f"the text is in {report.language!r}; the reader knows {', '.join(sorted(LANGUAGES))} only, and no claims were read"
        return replace(report, issues=(*report.issues, said))
    from sayso.resolve.claims import resolve  # noqa: PLC0415

    found = _reader(weights).read(report)
    return resolve(replace(found, claims=tuple(one for one in found.claims if one.confidence >= min_confidence)))


def events_together(texts: Iterable[MarkedText], *, weights: Path | None = None) -> list[list[str]]:
    """The names of events that people marked, those judged to be one event in one group, each sorted.

    `texts` are on one topic; their order changes nothing. `weights` is a folder that `python -m training` has written; None sees
    triggers with those that ship.
    """
    from sayso.reader.network import Network  # noqa: PLC0415
    from sayso.reader.reader import default_network  # noqa: PLC0415
    from sayso.reconcile.pooling import together  # noqa: PLC0415

    return together(pool_of(texts, Network(weights) if weights else default_network()))


def pool_of(texts: Iterable[MarkedText], network: Network) -> Pool:
    """The events marked in texts as they are compared with one another."""
    from sayso.reader.views import views  # noqa: PLC0415
    from sayso.reconcile.evidence import Pool  # noqa: PLC0415
    from sayso.reconcile.marked import Mark, marks_of, text_of  # noqa: PLC0415

    known, marks = [], list[Mark]()
    for one in texts:
        seen = views(network, one.text, [spans[0] for spans in one.events.values()])
        known.append(text_of(one.id, one.text))
        marks += marks_of(one if one.sentences else replace(one, sentences=sentences.split(one.text)), seen)
    return Pool(known, marks)


def resolve_claim(report: Report, claim: Claim) -> Claim:
    """`claim` of `report` with its sentence found and its words resolved: for what people add or correct."""
    from sayso.resolve.claims import resolve  # noqa: PLC0415

    around = next((s for s in sentences.split(report.text) if s.overlaps(claim.trigger)), claim.trigger)
    placed = replace(claim, sentence=Span(min(around.start, claim.trigger.start), max(around.end, claim.trigger.end)))
    return resolve(replace(report, claims=(placed,))).claims[0]


def read_sources(
    sources: Iterable[str | Path],
    options: Options | None = None,
    *,
    jobs: int = 1,
    weights: Path | None = None,
    min_confidence: float = 0.0,
) -> Iterator[Report | Failure]:
    """Reports of all `sources` read, in their order. `jobs` processes read at once; ingest stays in this one.

    `weights` and `min_confidence` are those of `read_report`.
    """
    outcomes = ingest.read(sources, options)
    if jobs > 1:
        yield from in_parallel(outcomes, jobs, weights, min_confidence)
        return
    for outcome in outcomes:
        yield (
            read_report(outcome, weights=weights, min_confidence=min_confidence)
            if isinstance(outcome, Report)
            else outcome
        )


def in_parallel(
    outcomes: Iterator[Report | Failure], jobs: int, weights: Path | None, min_confidence: float = 0.0
) -> Iterator[Report | Failure]:
    """Results in the order of `outcomes`, with a bounded number of them under way."""
    work = partial(read_report, weights=weights, min_confidence=min_confidence)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context) as workers:
        waiting: deque[Future[Report] | Failure] = deque()
        for outcome in outcomes:
            waiting.append(outcome if isinstance(outcome, Failure) else workers.submit(work, outcome))
            while len(waiting) >= AHEAD * jobs:
                yield _settled(waiting.popleft())
        while waiting:
            yield _settled(waiting.popleft())


def _settled(item: Future[Report] | Failure) -> Report | Failure:
    return item if isinstance(item, Failure) else item.result()


def read(
    source: str | Path,
    *,
    outlet: str | None = None,
    published: str | None = None,
    title: str | None = None,
    min_confidence: float = 0.0,
) -> Report:
    """One report read: from its text, or from the one file or address that `source` names.

    `published` is an ISO date. Claims below `min_confidence` are left out. Raises `InputError` where there is no text, and
    where a file holds more than one report (`read_sources` reads those).
    """
    options = Options(outlet=outlet, title=title, published=day(published) if published else None)
    if isinstance(source, str) and not _names_a_source(source):
        return read_report(build(Report(id="", text=source), options), min_confidence=min_confidence)
    found = list(ingest.read([source], options))
    failures = [outcome for outcome in found if isinstance(outcome, Failure) and not outcome.skipped]
    reports = [outcome for outcome in found if isinstance(outcome, Report)]
    if failures:
        raise InputError(failures[0].message, source=failures[0].source)
    if len(reports) != 1:
        raise InputError(f"holds {len(reports)} reports; read them with sayso.read_sources([...])", source=str(source))
    return read_report(reports[0], min_confidence=min_confidence)


def rules() -> Rules:
    """How claims are compared and brought together, as a ledger is given it."""
    from sayso import __version__  # noqa: PLC0415 - the package is whole only when this module is
    from sayso.reconcile import blocks, compare, facts, levels, partition  # noqa: PLC0415

    return Rules(
        facts_of=facts.facts_of,
        load=facts.Facts.from_bytes,
        blocks=blocks.blocks,
        scores=compare.scores,
        compare=compare.compare,
        partition=partition.partition,
        link=partition.LINK,
        version=f"{compare.weights().version}.{levels.VERSION}+{__version__}",
    )


def open_ledger(where: str | Path, *, create: bool = False) -> Ledger:
    """A ledger that brings claims together: what is added to it finds its incidents, and these can be merged and split.

    Raises as `sayso.ledger.open_ledger` does.
    """
    from sayso.ledger import connect  # noqa: PLC0415

    return connect.open_ledger(where, create=create, rules=rules())


def day(words: str) -> dt.date:
    """A day given by the user, as ISO 8601. Raises `ConfigError` for anything else."""
    try:
        return dt.date.fromisoformat(words)
    except ValueError as exc:
        raise ConfigError(f"{words!r} is no day; write it as 2025-08-10") from exc


def _names_a_source(words: str) -> bool:
    """Whether a string is an address, or a path: to what exists, or by its ending; anything else is the text of a report."""
    if not words.strip() or "\n" in words or len(words) > LONGEST_PATH:
        return False
    if re.fullmatch(r"[a-z][a-z0-9+.-]*://\S+", words):
        return True
    path = Path(words)
    try:
        exists = path.exists()
    except OSError:  # too long a name for this file system
        return False
    return exists or (" " not in words and path.suffix.lower() in ENDINGS)
