"""How likely two claims tell of one event, and why: a table of features whose weights were learnt from annotated data.

Each feature looks at one thing and says at which of its levels a pair stands, or nothing where either claim is silent: what is
missing is no evidence. The weight of a level is its part of the log-odds. The weights are read from `data/likeness.toml`, which
the fitting writes (`python -m evaluation.likeness`); zero is the boundary.
"""

from __future__ import annotations

import math
import tomllib
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from sayso.errors import DataError
from sayso.reconcile import words
from sayso.reconcile.facts import Facts, Party
from sayso.reconcile.partition import LINK
from sayso.reconcile.reasons import reason

TABLE = "likeness.toml"
LevelOf = Callable[[Facts, Facts], str | None]


class Feature(NamedTuple):
    """One reason for or against: what was looked at, what was found, in words, and its part of the log-odds."""

    name: str
    value: str
    weight: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """How alike two claims are: `score` in log-odds, and the features that make it up, heaviest first."""

    score: float
    same: bool
    features: tuple[Feature, ...]


def score(one: Facts, other: Facts) -> float:
    """The log-odds that two claims tell of one event, rounded to thousandths; the same either way round."""
    table = weights()
    total = table.base
    for level_of, weight_of in table.rows:
        level = level_of(one, other)
        if level is not None:
            total += weight_of[level]
    return round(total, 3)


def compare(one: Facts, other: Facts) -> Comparison:
    """The score with its reasons in words; the same either way round."""
    if (other.key, other.report) < (one.key, one.report):
        one, other = other, one
    table = weights()
    found = [Feature("at the outset", "two claims that share a day, a place, an actor or a rare word", table.base)]
    for name, level_of in _LEVELS:
        level = level_of(one, other)
        if level is not None:
            found.append(Feature(name, reason(name, level, one, other), table.levels[name][level]))
    total = score(one, other)
    return Comparison(total, total >= LINK, tuple(sorted(found, key=lambda feature: -abs(feature.weight))))


# --- weights ---


@dataclass(frozen=True, slots=True)
class Weights:
    """`base` and, for each feature, the weight of each level; `version` changes whenever one of them does.

    `rows` are the same weights beside what finds their levels.
    """

    base: float
    levels: Mapping[str, Mapping[str, float]]
    version: str
    rows: tuple[tuple[LevelOf, dict[str, float]], ...]


@cache
def weights() -> Weights:
    """The table that ships."""
    try:
        raw: dict[str, Any] = tomllib.loads(resources.files("sayso.data").joinpath(TABLE).read_text("utf-8"))
        levels = {name: {level: float(raw[name][level]) for level in LEVELS[name]} for name in LEVELS}
        rows = tuple((level_of, levels[name]) for name, level_of in _LEVELS)
        return Weights(float(raw["base"]), MappingProxyType(levels), str(raw["version"]), rows)
    except (OSError, ValueError, KeyError) as exc:
        raise DataError(f"{TABLE} of the package cannot be read: {exc!r}; reinstall sayso") from exc


# --- levels ---


def _day(one: Facts, other: Facts) -> str | None:
    if one.first is None or one.last is None or other.first is None or other.last is None:
        return None
    gap = max(one.first, other.first) - min(one.last, other.last)
    length = max(one.last - one.first, other.last - other.first)
    if length > 2:
        if gap > 0:
            return "outside" if gap > 3 else "at its edge"
        return "within a month" if length < 32 else "within a year" if length < 367 else "within years"
    if gap <= 0:
        return "same"
    return "next" if gap == 1 else "near" if gap <= 3 else "week" if gap <= 8 else "far"


def _told(one: Facts, other: Facts) -> str | None:
    """By the days of the reports, where either event has no day: news is told within days. One report has one day."""
    if one.report == other.report or (one.first is not None and other.first is not None):
        return None
    days = [_about(one), _about(other)]
    if days[0] is None or days[1] is None:
        return None
    gap = abs(days[0] - days[1])
    return "same" if gap <= 1 else "near" if gap <= 3 else "week" if gap <= 10 else "far"


def _about(facts: Facts) -> int | None:
    if facts.first is not None and facts.last is not None:
        return facts.last if facts.last - facts.first <= 31 else None
    return None if facts.historical else facts.told


_NEARBY = 25.0  # km: the town and its suburb, or two names of one place
_EXACT = frozenset({"town", "admin2"})


def _place(one: Facts, other: Facts) -> str | None:
    if one.country is None or other.country is None:
        return None
    if one.country != other.country:
        return "other country" if one.stated and other.stated else "other country, inferred"
    if one.precision in _EXACT and other.precision in _EXACT:
        return _spots(one, other)
    if one.admin1 and other.admin1:
        return "same division" if one.admin1 == other.admin1 else "other division"
    return "same country" if one.stated and other.stated else "same country, inferred"


def _spots(one: Facts, other: Facts) -> str:
    if one.geonameid == other.geonameid:
        return "same town"
    apart = _kilometres(one, other)
    if apart is not None and apart <= _NEARBY:
        return "nearby"
    return "other town, same division" if one.admin1 and one.admin1 == other.admin1 else "other town"


def _kilometres(one: Facts, other: Facts) -> float | None:
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return None
    north = one.latitude - other.latitude
    east = (one.longitude - other.longitude) * math.cos(math.radians((one.latitude + other.latitude) / 2))
    return 111.2 * math.hypot(north, east)


def _kind(one: Facts, other: Facts) -> str | None:
    if not one.type or not other.type:
        return None
    if one.type != other.type:
        return "other type"
    if one.mode == other.mode:
        return "same type and mode" if one.mode else "same type"
    return "same type" if one.mode is None or other.mode is None else "other mode"


def _actors(one: Facts, other: Facts) -> str | None:
    return _parties(one.actors, other.actors)


def _recipients(one: Facts, other: Facts) -> str | None:
    return _parties(one.recipients, other.recipients)


def _parties(one: tuple[Party, ...], other: tuple[Party, ...]) -> str | None:
    if not one or not other:
        return None
    if len(one) == len(other) == 1:
        return _KINSHIP[_kinship(one[0], other[0])]
    return _KINSHIP[max(_kinship(a, b) for a in one for b in other)]


_KINSHIP = ("other country", "unlike", "same country", "same kind", "shared word", "same name")


def _kinship(one: Party, other: Party) -> int:
    if one.name == other.name and one.name:
        return 5
    if one.country and other.country and one.country != other.country:
        return 0
    if _stems(one.name) & _stems(other.name):
        return 4
    if one.sector and one.sector == other.sector:
        return 3
    return 2 if one.country and one.country == other.country else 1


@lru_cache(1 << 16)
def _stems(name: str) -> frozenset[str]:
    """The stems of a name that tell it from others: "police" is shared by too many."""
    found = map(words.stem, name.split())
    return frozenset(stemmed for stemmed in found if words.share(stemmed) < words.STOP)


def _count(one: Facts, other: Facts) -> str | None:
    if one.counted is None or one.counted != other.counted or not (_most(one) and _most(other)):
        return None
    low = max(
        one.low if one.low is not None else one.high or 0, other.low if other.low is not None else other.high or 0
    )
    high = min(
        one.high if one.high is not None else one.low or 0, other.high if other.high is not None else other.low or 0
    )
    if low <= high:
        return "agree" if low > 2 else "agree on one or two"
    ratio = low / max(high, 1)
    return "near" if ratio <= 1.5 else "apart" if ratio <= 3 else "far apart"


def _least(facts: Facts) -> int:
    return (facts.low if facts.low is not None else facts.high) or 0


def _most(facts: Facts) -> int:
    return (facts.high if facts.high is not None else facts.low) or 0


def _trigger(one: Facts, other: Facts) -> str | None:
    if one.lemma == other.lemma:
        return _rarity(one.lemma)
    return "shared word" if _stems(one.lemma) & _stems(other.lemma) else "other word"


@lru_cache(1 << 14)
def _rarity(lemma: str) -> str:
    """Reports of one thing seldom share a rare word by chance; "say" and "make" they all share."""
    rarest = min(map(words.share, lemma.split()), default=1000.0)
    return "same rare word" if rarest < 15 else "same word" if rarest < 150 else "same common word"


def _deed(one: Facts, other: Facts) -> str | None:
    """Word and parties at once: two arrests tell of one event where somebody is in both."""
    mine, theirs = _everybody(one.actors, one.recipients), _everybody(other.actors, other.recipients)
    if not mine or not theirs:
        return None
    word = "same word" if one.lemma == other.lemma else "other word"
    return f"{word}, same party" if mine & theirs else f"{word}, other parties"


@lru_cache(1 << 16)
def _everybody(actors: tuple[Party, ...], recipients: tuple[Party, ...]) -> frozenset[str]:
    return frozenset[str]().union(*(_stems(party.name) for party in (*actors, *recipients)))


class _Scale(NamedTuple):
    """Names of grades, lowest first, and from where on each but the lowest holds."""

    bounds: tuple[float, ...]
    names: tuple[str, ...]

    def grade(self, value: float) -> str:
        return self.names[bisect_right(self.bounds, value)]


_SENSES = _Scale(
    (0.0, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8),
    ("none", "hardly", "weak", "fair", "fairly close", "close", "very close", "nearly one"),
)


def _meaning(one: Facts, other: Facts) -> str | None:
    if not one.vector or not other.vector or len(one.vector) != len(other.vector):
        return None
    return _SENSES.grade(float(np.dot(_unit(one.vector), _unit(other.vector))))


@lru_cache(1 << 16)
def _unit(vector: bytes) -> np.ndarray[Any, np.dtype[np.float32]]:
    values = np.frombuffer(vector, dtype=np.int8).astype(np.float32)
    return values / max(float(np.linalg.norm(values)), 1.0)


_SHARES = _Scale(
    (0.001, 0.05, 0.1, 0.2, 0.3, 0.5), ("none", "hardly any", "little", "some", "a good part", "much", "most")
)


def _overlap(one: frozenset[str], other: frozenset[str]) -> str | None:
    """How much of what either says is said by both, weighed by rarity; None where either says nothing."""
    if not one or not other:
        return None
    both = one & other
    if not both:
        return _SHARES.names[0]
    shared = sum(map(words.weight, both))
    return _SHARES.grade(shared / max(math.sqrt(words.mass(one) * words.mass(other)), 1.0))


def _sentence(one: Facts, other: Facts) -> str | None:
    return _overlap(one.words, other.words)


def _names(one: Facts, other: Facts) -> str | None:
    if not one.names or not other.names:
        return None
    return ("none", "one", "two", "more")[min(len(one.names & other.names), 3)]


def _title(one: Facts, other: Facts) -> str | None:
    return _overlap(one.title, other.title) if one.report != other.report else None


def _topic(one: Facts, other: Facts) -> str | None:
    return _overlap(one.topic, other.topic) if one.report != other.report else None


def _marks(one: Facts, other: Facts) -> str | None:
    return _overlap(one.marks, other.marks) if one.report != other.report else None


def _report(one: Facts, other: Facts) -> str | None:
    if one.report != other.report:
        return "copy" if one.origin is not None and one.origin == other.origin else None
    return "same sentence" if one.words == other.words else "same report"


def _status(one: Facts, other: Facts) -> str | None:
    if one.historical != other.historical:
        return "recalled"
    return None if one.status == other.status else "differs"


# Each feature with its levels; the order is that of explanations with equal weights.
LEVELS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "day": ("same", "next", "near", "week", "far", "within a month", "within a year", "within years", "at its edge", "outside"),
        "told": ("same", "near", "week", "far"),
        "place": ("same town", "nearby", "same division", "same country", "same country, inferred", "other town, same division",
                  "other town", "other division", "other country, inferred", "other country"),
        "kind": ("same type and mode", "same type", "other mode", "other type"),
        "actors": tuple(reversed(_KINSHIP)),
        "recipients": tuple(reversed(_KINSHIP)),
        "count": ("agree", "agree on one or two", "near", "apart", "far apart"),
        "trigger": ("same rare word", "same word", "same common word", "shared word", "other word"),
        "deed": ("same word, same party", "same word, other parties", "other word, same party", "other word, other parties"),
        "meaning": _SENSES.names[::-1],
        "sentence": _SHARES.names[::-1],
        "names": ("more", "two", "one", "none"),
        "title": _SHARES.names[::-1],
        "topic": _SHARES.names[::-1],
        "marks": _SHARES.names[::-1],
        "report": ("copy", "same report", "same sentence"),
        "status": ("differs", "recalled"),
    }
)  # fmt: skip
_LEVELS: tuple[tuple[str, LevelOf], ...] = (
    ("day", _day), ("told", _told), ("place", _place), ("kind", _kind), ("actors", _actors), ("recipients", _recipients),
    ("count", _count), ("trigger", _trigger), ("deed", _deed), ("meaning", _meaning), ("sentence", _sentence), ("names", _names),
    ("title", _title), ("topic", _topic), ("marks", _marks), ("report", _report), ("status", _status),
)  # fmt: skip


def levels_of(one: Facts, other: Facts) -> dict[str, str]:
    """The level of each feature that says something of a pair: what weights are learnt from."""
    return {name: level for name, level_of in _LEVELS if (level := level_of(one, other)) is not None}
