"""Measure the thresholds for reports of one origin on copies made of real news, and list likely copies among the texts themselves.

    python -m evaluation.origins CORPUS.jsonl... [--texts 600] [--seed 1] [--ledger | --real]

Each original of 200 words and more gives copies of several kinds, and things that look like copies and are none: a round-up
of five stories, a report of its own with a fifth of another in it (a statement both quote), the next day's report that
repeats the old one's background. Printed are precision and recall over all pairs, recall by kind, false verdicts by kind,
how often the keys of the sketch bring a pair together, and the same at other thresholds. `--ledger` adds all of them to a
ledger, in an order of chance, and judges the pairs by the origins found there: what one pair says then reaches all copies of both.
`--real` lists pairs of the texts as they are.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import re
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from sayso.ingest import origins
from sayso.ingest.origins import Origins, Signature, same_origin, signature
from sayso.ledger import Copies, Writer, open_ledger
from sayso.ledger import reports as ledger_reports
from sayso.model import Report

DAY = dt.date(2025, 8, 10)
FEWEST_WORDS = 200
_SENTENCE = re.compile(r"(?<=[.!?”\"])\s+(?=[A-Z“\"])")


class Pair(NamedTuple):
    """Two reports, how the second was made from the first, whether they share an origin, and what text the second is a print of."""

    kind: str
    one: Report
    other: Report
    same: bool
    text: str


def texts(paths: list[Path], most: int, seed: int) -> list[str]:
    """Texts of at least `FEWEST_WORDS` words, no two of them near-copies, so that a pair of two is no pair."""
    found = {row["text"] for path in paths for row in rows(path) if len(row.get("text", "").split()) >= FEWEST_WORDS}
    chosen = random.Random(seed).sample(sorted(found), min(len(found), 2 * most))
    index, kept = Origins(), []
    for number, text in enumerate(chosen):
        sketch = signature(Report(id="", text=text))
        if all(same_origin(sketch, index._signatures[other]).contained < 0.1 for other in index.candidates(sketch)):
            index.add(str(number), sketch)
            kept.append(text)
    return kept[:most]


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Objects of a JSON Lines file."""
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def sentences(text: str) -> list[str]:
    """Sentences, roughly."""
    return [sentence for sentence in _SENTENCE.split(text) if sentence.strip()]


def cut(text: str, share: float) -> str:
    """The first sentences of a text, until they make up `share` of its words."""
    wanted, kept = share * len(text.split()), []
    for sentence in sentences(text):
        kept.append(sentence)
        if sum(len(one.split()) for one in kept) >= wanted:
            break
    return " ".join(kept)


def thinned(text: str, share: float, chance: random.Random) -> str:
    """Some sentences of a text, in order, that make up about `share` of it; the first always."""
    all_of_them = sentences(text)
    drawn = (
        set(chance.sample(range(1, len(all_of_them)), max(0, round(share * len(all_of_them)) - 1)))
        if len(all_of_them) > 1
        else set()
    )
    return " ".join(sentence for number, sentence in enumerate(all_of_them) if number == 0 or number in drawn)


def edited(text: str, share: float, chance: random.Random) -> str:
    """A text with `share` of its words replaced, dropped or doubled by others."""
    words = text.split()
    out: list[str] = []
    for word in words:
        if chance.random() >= share:
            out.append(word)
            continue
        out += chance.choice(([chance.choice(words)], [], [word, chance.choice(words)]))
    return " ".join(out)


def pairs(originals: list[str], seed: int) -> Iterator[Pair]:
    """Copies of each original, and what only looks like one."""
    chance = random.Random(seed)
    for text in originals:
        one = Report(id="", text=text, published=DAY)
        for kind, copy in COPIES.items():
            made = Report(id="", text=copy(text, chance), published=DAY + dt.timedelta(chance.randrange(8)))
            yield Pair(kind, one, made, same=True, text=text)
        others = chance.sample([other for other in originals if other != text], 5)
        for kind, (wrong, whole) in OTHERS.items():
            made = Report(id="", text=wrong(text, others, chance), published=DAY)
            yield Pair(kind, one, made, same=False, text=made.text if whole is None else others[whole])
        later = replace(one, published=DAY + dt.timedelta(30))
        yield Pair("the same a month later", one, later, same=False, text=f"{text}, a month later")


COPIES: dict[str, Callable[[str, random.Random], str]] = {
    "exact": lambda text, _: text,
    "set anew": lambda text, _: text.replace("\n", " ").replace("'", "’").upper(),
    "with a credit": lambda text, _: f"PARIS, Aug 10 (AFP) - {text}\n© 2025 AFP",
    "cut to 70 %": lambda text, _: cut(text, 0.7),
    "cut to 40 %": lambda text, _: cut(text, 0.4),
    "40 % of sentences": lambda text, chance: thinned(text, 0.4, chance),
    "5 % edited": lambda text, chance: edited(text, 0.05, chance),
    "10 % edited": lambda text, chance: edited(text, 0.10, chance),
    "cut to 40 %, 5 % edited": lambda text, chance: edited(cut(text, 0.4), 0.05, chance),
    "cut to 60 %, credit, 5 % edited": lambda text, chance: f"{edited(cut(text, 0.6), 0.05, chance)} (Reuters)",
    "new beginning": lambda text, _: "Our staff reports from the capital. " + " ".join(sentences(text)[2:]),
}
# How they are made of a text and five others, and which of those stands whole in it, so that it is a print of that one.
OTHERS: dict[str, tuple[Callable[[str, list[str], random.Random], str], int | None]] = {
    "another story": (lambda _, others, __: others[0], 0),
    "round-up of six": (lambda text, others, _: "\n".join([*others, text]), None),
    "quotes a fifth": (lambda text, others, _: f"{others[1]} {cut(' '.join(sentences(text)[3:]) or text, 0.2)}", 1),
    "repeats a third as background": (
        lambda text, others, _: f"{others[2]} {' '.join(sentences(text)[-len(sentences(text)) // 3 :])}",
        2,
    ),
}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("--texts", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--real", action="store_true")
    parser.add_argument("--ledger", action="store_true")
    arguments = parser.parse_args()
    if arguments.real:
        return real(arguments.corpora)
    originals = texts(arguments.corpora, arguments.texts, arguments.seed)
    if arguments.ledger:
        return through_a_ledger(originals, arguments.seed)
    made = [(pair, signature(pair.one), signature(pair.other)) for pair in pairs(originals, arguments.seed)]
    print(f"{len(originals)} texts, {len(made)} pairs, {sum(pair.same for pair, _, _ in made)} of them copies")
    by_kind(made)
    print("\ncontained at least   precision   recall")
    for threshold in (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8):
        origins.CONTAINED = threshold
        print(f"{threshold:18.2f}   {'   '.join(f'{figure:9.4f}' for figure in scores(made))}")
    return None


def through_a_ledger(originals: list[str], seed: int) -> None:
    """Print precision and recall by the origins that a ledger finds: of each pair, and of each report's whole group (B-cubed)."""
    made = list(pairs(originals, seed))
    outlets = {id(report): f"Outlet {number}" for number, report in enumerate(_each(made))}
    named = [replace(report, outlet=outlets[id(report)]) for report in _each(made)]
    random.Random(seed).shuffle(named)
    began = time.process_time()
    with tempfile.TemporaryDirectory() as folder, open_ledger(Path(folder) / "copies.db", create=True) as book:
        writer = Writer(book, "1", copies=Copies(origins.sign, origins.alike, origins.DAYS_APART))
        for report in named:
            writer.add(report)
        found = {stored.report.outlet: stored.origin for stored in ledger_reports(book)}
    origin = {report: found[outlet] for report, outlet in outlets.items()}
    said = [(pair, origin[id(pair.one)] == origin[id(pair.other)]) for pair in made]
    right = sum(pair.same and same for pair, same in said)
    print(f"{len(named)} reports added in {time.process_time() - began:.0f} s of processor time")
    print(
        f"pairs:   precision {right / sum(same for _, same in said):.3f}, recall {right / sum(p.same for p in made):.3f}"
    )
    for kind in Counter(pair.kind for pair in made):
        print(f"         {kind:36} {statistics.mean(same for pair, same in said if pair.kind == kind):.3f}")
    precision, recall = b_cubed(
        origin, {id(pair.other): pair.text for pair in made} | {id(pair.one): pair.text for pair in made if pair.same}
    )
    print(f"B-cubed: precision {precision:.3f}, recall {recall:.3f}")


def _each(made: list[Pair]) -> list[Report]:
    """Every report of the pairs, once."""
    return list({id(report): report for pair in made for report in (pair.one, pair.other)}.values())


def b_cubed(found: Mapping[int, object], truth: Mapping[int, object]) -> tuple[float, float]:
    """For each report, how much of its group belongs there, and how much of what belongs there is in its group: the means."""
    sizes, wanted = Counter(found.values()), Counter(truth.values())
    both = Counter((found[key], truth[key]) for key in found)
    shared = [(both[found[key], truth[key]], sizes[found[key]], wanted[truth[key]]) for key in found]
    return statistics.mean(a / b for a, b, _ in shared), statistics.mean(a / c for a, _, c in shared)


Made = list[tuple[Pair, Signature, Signature]]


def scores(made: Made) -> tuple[float, float]:
    """Precision and recall of verdicts, where a pair that no key brings together counts as not the same."""
    said = [
        (pair.same, bool(set(one.keys) & set(other.keys)) and same_origin(one, other).same) for pair, one, other in made
    ]
    right = sum(same and verdict for same, verdict in said)
    return right / max(1, sum(verdict for _, verdict in said)), right / sum(same for same, _ in said)


def by_kind(made: Made) -> None:
    """Shares of each kind: met under a key, called the same."""
    total, met, same = Counter[str](), Counter[str](), Counter[str]()
    for pair, one, other in made:
        total[pair.kind] += 1
        meets = bool(set(one.keys) & set(other.keys))
        met[pair.kind] += meets
        same[pair.kind] += meets and same_origin(one, other).same
    print(f"{'kind':36} candidates  same")
    for kind, number in total.items():
        print(f"{kind:36} {met[kind] / number:10.3f} {same[kind] / number:5.3f}")


def real(paths: list[Path]) -> None:
    """Pairs of different texts of which a tenth and more is the same, as found through the keys."""
    index: Origins = Origins()
    read: dict[str, str] = {}
    for path in paths:
        for row in rows(path):
            report = Report(
                id=f"{path.stem}/{row.get('id') or row.get('doc')}", text=row["text"], outlet=row.get("outlet")
            )
            if len(report.text.split()) < 100 or report.id in read:
                continue
            sketch = signature(report)
            for other in index.candidates(sketch):
                verdict = same_origin(sketch, index._signatures[other])
                if verdict.contained >= 0.1 and report.text != read[other]:
                    print(
                        f"{verdict.contained:.2f} {'same ' if verdict.same else 'other'} {report.id} | {other}: {verdict.reason}"
                    )
            index.add(report.id, sketch)
            read[report.id] = report.text
    print(f"{len(read)} texts, {len(index.groups())} origins")


if __name__ == "__main__":
    main()
