"""Attacks on rights defenders and others, a report at a time: HRDsAttack."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from evaluation.bench import Bench, Figures
from evaluation.reading import Row
from evaluation.scores import Matches, same, total
from sayso.model import Claim, MentionKind, Report, Status
from sayso.resolve import countries

HRDS = "corpora/coding/hrdsattack-dev.jsonl"
ATTACKS = frozenset(("ASSAULT", "COERCE", "THREATEN"))
_TOLD = frozenset((Status.ACTUAL, Status.ALLEGED))


def hrds(bench: Bench) -> Figures:
    """Slots of a report's attack, taken from its claims of `ATTACKS` that are told as actual or alleged.

    - `perpetrator_f1`: a perpetrator is mentioned where one of them names an actor.
    - `victims_f1`: the persons named in their recipients under their fullest names in the report, against the names of the key.
      `victims_fuzzy_f1` lets two names match that share a word of three letters or more. Unnamed victims are left out.
    - `country`: most frequent among them, against keys that name one country. `year`: most frequent among their dates.
      Both are shares right of the keys that have a value; no answer is a wrong one.
    """
    rows = bench.rows(HRDS)
    pairs = list(zip(bench.readings.read(rows), rows, strict=True))
    names = [(victims(report), _key_names(row)) for report, row in pairs]
    return {
        "perpetrator_f1": total(_perpetrator(report, row) for report, row in pairs).f1,
        "victims_f1": total(same(given, wanted) for given, wanted in names).f1,
        "victims_fuzzy_f1": total(fuzzy(given, wanted) for given, wanted in names).f1,
        "country": _share((country(report), countries.lookup(row["country"] or "")) for report, row in pairs),
        "year": _share((year(report), _key_year(row)) for report, row in pairs),
    }


def attacks(report: Report) -> Iterator[Claim]:
    """The claims that tell of an attack."""
    return (claim for claim in report.claims if claim.type in ATTACKS and claim.status in _TOLD)


def _perpetrator(report: Report, row: Row) -> Matches:
    given, wanted = any(claim.actor for claim in attacks(report)), bool(row["perpetrator_mentioned"])
    return Matches(int(given and wanted), int(given), int(wanted))


def victims(report: Report) -> set[str]:
    """Persons named in recipients of attacks, folded, each under the longest name in the report that holds all words of theirs."""
    named = [mention.span for mention in report.mentions if mention.kind == MentionKind.PERSON]
    persons = {span: _folded(span.of(report.text)) for span in named}
    spans = [argument.span for claim in attacks(report) for argument in claim.recipient]
    hit = {name for span, name in persons.items() if any(span.overlaps(other) for other in spans)}
    return {_fullest(name, persons.values()) for name in hit if name}


def _fullest(name: str, others: Iterable[str]) -> str:
    words = set(name.split())
    return max((other for other in others if words <= set(other.split())), key=len, default=name)


def _folded(name: str) -> str:
    """Lower-cased words without marks and the possessive s."""
    return " ".join(re.findall(r"\w+", re.sub(r"['’]s\b", "", name.lower())))


def _key_names(row: Row) -> set[str]:
    return {_folded(victim["name"]) for victim in row["victims"] if victim["name"]}


def fuzzy(given: set[str], wanted: set[str]) -> Matches:
    """Names matched one to one where they share a word of three letters or more."""
    left, right = sorted(given), 0
    for name in sorted(wanted):
        words = {word for word in name.split() if len(word) > 2}
        hit = next((other for other in left if words & set(other.split())), None)
        if hit is not None:
            left.remove(hit)
            right += 1
    return Matches(right, len(given), len(wanted))


def country(report: Report) -> str | None:
    """Where most attacks of the report happened."""
    return _commonest(claim.country for claim in attacks(report))


def year(report: Report) -> str | None:
    """The year of most dated attacks of the report."""
    return _commonest(claim.date.value.value[:4] for claim in attacks(report) if claim.date and claim.date.value)


def _commonest(values: Iterable[str | None]) -> str | None:
    """The most frequent value, the first among equals."""
    counted = Counter(value for value in values if value)
    return counted.most_common(1)[0][0] if counted else None


def _key_year(row: Row) -> str | None:
    year = row["year"] or ""
    return year if re.fullmatch(r"\d{4}", year) else None


def _share(pairs: Iterable[tuple[str | None, str | None]]) -> float:
    judged = [given == wanted for given, wanted in pairs if wanted is not None]
    return sum(judged) / len(judged) if judged else 0.0
