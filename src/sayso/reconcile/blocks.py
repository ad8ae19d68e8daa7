"""Under which keys a claim waits for others: two claims are compared if they share one.

Every key is made of one claim alone, so that who meets whom never depends on what else is in a ledger. What keeps the numbers
bounded is that keys are composed: a city that is in the news every day is no key, that city within four days and one family of
events is.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from sayso.reconcile import words
from sayso.reconcile.facts import Facts, Party

FAMILIES = {
    "ASSAULT": "force", "COERCE": "force", "MOBILIZE": "force", "COUP": "force", "RETREAT": "force", "PROTEST": "protest",
    "ACCUSE": "words", "SANCTION": "words", "THREATEN": "words", "REJECT": "words", "REQUEST": "words", "SUPPORT": "words",
    "CONCEDE": "words", "AGREE": "deal", "CONSULT": "deal", "COOPERATE": "deal", "AID": "deal",
}  # fmt: skip
NEAR = 2  # days: events whose days lie as far apart still meet
RAREST = 3  # rare words of a sentence that make keys
_SEASON = 45  # days: an event known by month or year only is looked for in steps of as many
_LONGEST = 9  # such steps: beyond them an interval says too little to be a key


def family(kind: str) -> str:
    """Kinds of events that reports may take for one another: an arrest for an assault, an offer for an agreement."""
    return FAMILIES.get(kind, kind)


def blocks(facts: Facts) -> tuple[str, ...]:
    """The keys of a claim, sorted."""
    return tuple(sorted(set(_exact(facts)) | set(_recalled(facts))))


def _exact(facts: Facts) -> Iterator[str]:
    """Keys of events of known days, or of the days of the report."""
    told = _buckets([facts.told] if facts.told is not None and not _recalls(facts) else [])
    days = set(told)
    if facts.first is not None and facts.last is not None and facts.last - facts.first <= NEAR:
        days |= _buckets([facts.first, facts.last])
    subjects = list(_subjects(facts))
    for day in days:
        for what in subjects:
            yield f"{day}|{what}"
    for day in told:
        for one, other in itertools.combinations(facts.heads, 2):
            yield f"{day}|heads {one} {other} {family(facts.type)}"


def _buckets(days: Iterable[int]) -> set[str]:
    """Two buckets a day, of four days each, shifted by two: days no more than two apart share one."""
    return {bucket for day in days for bucket in (f"a{day // 4}", f"b{(day + NEAR) // 4}")}


def _recalls(facts: Facts) -> bool:
    """Whether a claim is of a past that the day of its report says nothing of."""
    past = facts.last is not None and facts.told is not None and facts.told - facts.last > 30
    return facts.historical or past


def _subjects(facts: Facts) -> Iterator[str]:
    """What two claims of near days must share: family and place, or actor, or rare word, or two names that reports are about."""
    kin = family(facts.type)
    if facts.geonameid is not None and facts.precision in ("town", "admin2"):
        yield f"place {facts.geonameid} {kin}"
    if facts.country:
        yield f"lemma {facts.country} {facts.lemma}"
        if facts.admin1:
            yield f"admin1 {facts.country} {facts.admin1} {facts.type}"
        for name in _named(facts.actors + facts.recipients):
            yield f"party {facts.country} {name} {kin}"
    for word in rarest(facts):
        yield f"word {word} {kin}"


def _named(parties: Iterable[Party]) -> set[str]:
    return {party.name for party in parties if party.name}


def rarest(facts: Facts) -> list[str]:
    """The rarest words of the sentence."""
    rare = [word for word in facts.words if words.share(word) < words.RARE]
    return sorted(rare, key=lambda word: (words.share(word), word))[:RAREST]


def _recalled(facts: Facts) -> Iterator[str]:
    """Keys over months for what is recalled, and for what may be recalled later: coups, and named parties in a country."""
    if facts.first is None or facts.last is None:
        return
    steps = range(facts.first // _SEASON, facts.last // _SEASON + 1)
    if len(steps) > _LONGEST:
        return
    subjects = [f"coup {facts.country}"] if facts.type == "COUP" and facts.country else []
    if facts.geonameid is not None and facts.precision in ("town", "admin2"):
        subjects += [f"{facts.type} {facts.geonameid} {name}" for name in _named(facts.actors + facts.recipients)]
    for step in steps:
        for subject in subjects:
            yield f"s{step}|{subject}"
