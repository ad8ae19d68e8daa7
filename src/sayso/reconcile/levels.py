"""At which level of each feature pairs of claims stand, many pairs at once.

A feature looks at one thing and answers with the place of a level in `LEVELS`, or `SILENT` where either claim does not say: what is
missing is no evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from sayso.reconcile.columns import NO_DAY, NONE, Bags, Bools, Claims, Floats, Ints, Sides
from sayso.reconcile.facts import Facts

VERSION = "2"  # of how levels are found; raised with every change to that, so that ledgers compare anew
SILENT = -1
_NEARBY = 25.0  # km: the town and its suburb, or two names of one place

_KINSHIP = (
    "same name",
    "shared word",
    "same kind",
    "same country",
    "unlike",
    "other country",
)  # as `Sides.closest` counts
_SENSES = ("none", "hardly", "weak", "fair", "fairly close", "close", "very close", "nearly one")
_SENSE_BOUNDS = (0.0, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8)  # cosines from which on each but the lowest holds
_SHARES = ("none", "hardly any", "little", "some", "a good part", "much", "most")
_SHARE_BOUNDS = (0.001, 0.05, 0.1, 0.2, 0.3, 0.5)

# Each feature with its levels; the order is that of explanations with equal weights.
LEVELS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "day": ("same", "next", "near", "week", "far", "within a month", "within a year", "within years", "at its edge", "outside"),
        "told": ("same", "near", "week", "far"),
        "place": ("same town", "nearby", "same division", "same country", "same country, inferred", "other town, same division",
                  "other town", "other division", "other country, inferred", "other country"),
        "kind": ("same type and mode", "same type", "other mode", "other type"),
        "actors": _KINSHIP,
        "recipients": _KINSHIP,
        "count": ("agree", "agree on one or two", "near", "apart", "far apart"),
        "trigger": ("same rare word", "same word", "same common word", "shared word", "other word"),
        "deed": ("same word, same party", "same word, other parties", "other word, same party", "other word, other parties"),
        "meaning": _SENSES[::-1],
        "sentence": _SHARES[::-1],
        "names": ("more", "two", "one", "none"),
        "title": _SHARES[::-1],
        "topic": _SHARES[::-1],
        "marks": _SHARES[::-1],
        "report": ("copy", "same report", "same sentence"),
        "status": ("differs", "recalled"),
    }
)  # fmt: skip


def levels(facts: Sequence[Facts], one: Ints, other: Ints) -> dict[str, Ints]:
    """The level of every feature for the pairs of `facts` at the places `one` and `other`: (pairs,) each, as `LEVELS` has them.

    The same either way round, and for each pair the same whatever others are asked with it.
    """
    claims = Claims(facts)
    return {name: measure(claims, one, other) for name, measure in _MEASURES.items()}


def _choose(feature: str, *cases: tuple[Bools, str], default: str) -> Ints:
    """The level of the first case that holds."""
    names = LEVELS[feature]
    return np.select([holds for holds, _ in cases], [names.index(name) for _, name in cases], names.index(default))


def _where(said: Bools, found: Ints) -> Ints:
    return np.where(said, found, SILENT)


def _graded(bounds: Sequence[float], values: Ints | Floats) -> Ints:
    """How many of the bounds each value has reached."""
    return np.searchsorted(bounds, values, side="right")


def _day(claims: Claims, one: Ints, other: Ints) -> Ints:
    first, last = claims.first, claims.last
    gap = np.maximum(first[one], first[other]) - np.minimum(last[one], last[other])
    length = np.maximum(last[one] - first[one], last[other] - first[other])
    found = _choose(
        "day",
        ((length > 2) & (gap > 3), "outside"),
        ((length > 2) & (gap > 0), "at its edge"),
        ((length > 2) & (length < 32), "within a month"),
        ((length > 2) & (length < 367), "within a year"),
        (length > 2, "within years"),
        (gap <= 0, "same"),
        (gap == 1, "next"),
        (gap <= 3, "near"),
        (gap <= 8, "week"),
        default="far",
    )
    return _where((first[one] != NO_DAY) & (first[other] != NO_DAY), found)


def _told(claims: Claims, one: Ints, other: Ints) -> Ints:
    """By the days of the reports, where either event has no day: news is told within days. One report has one day."""
    about, first = claims.about, claims.first
    gap = np.abs(about[one] - about[other])
    both = (about[one] != NO_DAY) & (about[other] != NO_DAY) & (claims.report[one] != claims.report[other])
    return _where(both & ((first[one] == NO_DAY) | (first[other] == NO_DAY)), _graded((2, 4, 11), gap))


def _place(claims: Claims, one: Ints, other: Ints) -> Ints:
    country, admin1, geonameid = claims.country, claims.admin1, claims.geonameid
    stated = claims.stated[one] & claims.stated[other]
    exact = claims.exact[one] & claims.exact[other]
    divisions = (admin1[one] != NONE) & (admin1[other] != NONE)
    division = divisions & (admin1[one] == admin1[other])
    found = _choose(
        "place",
        ((country[one] != country[other]) & stated, "other country"),
        (country[one] != country[other], "other country, inferred"),
        (exact & (geonameid[one] == geonameid[other]), "same town"),
        (exact & (_kilometres(claims, one, other) <= _NEARBY), "nearby"),
        (exact & division, "other town, same division"),
        (exact, "other town"),
        (division, "same division"),
        (divisions, "other division"),
        (stated, "same country"),
        default="same country, inferred",
    )
    return _where((country[one] != NONE) & (country[other] != NONE), found)


def _kilometres(claims: Claims, one: Ints, other: Ints) -> Floats:
    """NaN where either place has no coordinates."""
    latitude, longitude = claims.latitude, claims.longitude
    north = latitude[one] - latitude[other]
    east = (longitude[one] - longitude[other]) * np.cos(np.radians((latitude[one] + latitude[other]) / 2))
    found: Floats = 111.2 * np.hypot(north, east)
    return found


def _kind(claims: Claims, one: Ints, other: Ints) -> Ints:
    kind, mode = claims.type, claims.mode
    found = _choose(
        "kind",
        (kind[one] != kind[other], "other type"),
        ((mode[one] == NONE) | (mode[other] == NONE), "same type"),
        (mode[one] == mode[other], "same type and mode"),
        default="other mode",
    )
    return _where((kind[one] != NONE) & (kind[other] != NONE), found)


def _parties(side_of: Callable[[Claims], Sides]) -> Measure:
    def measure(claims: Claims, one: Ints, other: Ints) -> Ints:
        side = side_of(claims)
        found = np.full(len(one), SILENT, dtype=np.int64)
        both = np.flatnonzero(side.said[one] & side.said[other])
        if len(both):
            found[both] = side.closest(one[both], other[both])
        return found

    return measure


def _count(claims: Claims, one: Ints, other: Ints) -> Ints:
    counted = claims.counted
    low = np.maximum(claims.least[one], claims.least[other])
    high = np.minimum(claims.most[one], claims.most[other])
    ratio = low / np.maximum(high, 1)
    found = _choose(
        "count",
        ((low <= high) & (low > 2), "agree"),
        (low <= high, "agree on one or two"),
        (ratio <= 1.5, "near"),
        (ratio <= 3, "apart"),
        default="far apart",
    )
    return _where((counted[one] != NONE) & (counted[one] == counted[other]), found)


def _trigger(claims: Claims, one: Ints, other: Ints) -> Ints:
    """Reports of one thing seldom share a rare word by chance; "say" and "make" they all share."""
    same, rarity = claims.lemma[one] == claims.lemma[other], claims.rarity[one]
    return _choose(
        "trigger",
        (same & (rarity < 15), "same rare word"),
        (same & (rarity < 150), "same word"),
        (same, "same common word"),
        (claims.lemma_words.shared(one, other) > 0, "shared word"),
        default="other word",
    )


def _deed(claims: Claims, one: Ints, other: Ints) -> Ints:
    """Word and parties at once: two arrests tell of one event where somebody is in both."""
    same, somebody = claims.lemma[one] == claims.lemma[other], claims.everybody.shared(one, other) > 0
    found = _choose(
        "deed",
        (same & somebody, "same word, same party"),
        (same, "same word, other parties"),
        (somebody, "other word, same party"),
        default="other word, other parties",
    )
    return _where(claims.everybody.said[one] & claims.everybody.said[other], found)


def _meaning(claims: Claims, one: Ints, other: Ints) -> Ints:
    views = claims.views
    grades = _graded(_SENSE_BOUNDS, views.cosines(one, other))
    both = (views.width[one] > 0) & (views.width[one] == views.width[other])
    return _where(both, len(_SENSES) - 1 - grades)


def _overlap(bags_of: Callable[[Claims], Bags]) -> Measure:
    """How much of what either says is said by both, weighed by rarity."""

    def measure(claims: Claims, one: Ints, other: Ints) -> Ints:
        bags = bags_of(claims)
        whole = np.maximum(np.sqrt(bags.mass[one] * bags.mass[other]), 1000.0)
        grades = _graded(_SHARE_BOUNDS, bags.shared(one, other) / whole)
        return _where(bags.said[one] & bags.said[other], len(_SHARES) - 1 - grades)

    return measure


def _across(measure: Measure) -> Measure:
    """What is the same throughout a report says nothing of two claims in one."""
    return lambda claims, one, other: _where(claims.report[one] != claims.report[other], measure(claims, one, other))


def _names(claims: Claims, one: Ints, other: Ints) -> Ints:
    names = claims.names
    return _where(names.said[one] & names.said[other], 3 - np.minimum(names.shared(one, other), 3))


def _report(claims: Claims, one: Ints, other: Ints) -> Ints:
    report, origin, sentence = claims.report, claims.origin, claims.sentence.number
    apart = report[one] != report[other]
    found = _choose(
        "report", (apart, "copy"), (sentence[one] == sentence[other], "same sentence"), default="same report"
    )
    return _where(~apart | ((origin[one] != NONE) & (origin[one] == origin[other])), found)


def _status(claims: Claims, one: Ints, other: Ints) -> Ints:
    recalled = claims.historical[one] != claims.historical[other]
    found = _choose("status", (recalled, "recalled"), default="differs")
    return _where(recalled | (claims.status[one] != claims.status[other]), found)


Measure = Callable[[Claims, Ints, Ints], Ints]
_MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        "day": _day,
        "told": _told,
        "place": _place,
        "kind": _kind,
        "actors": _parties(lambda claims: claims.actors),
        "recipients": _parties(lambda claims: claims.recipients),
        "count": _count,
        "trigger": _trigger,
        "deed": _deed,
        "meaning": _meaning,
        "sentence": _overlap(lambda claims: claims.sentence),
        "names": _names,
        "title": _across(_overlap(lambda claims: claims.title)),
        "topic": _across(_overlap(lambda claims: claims.topic)),
        "marks": _across(_overlap(lambda claims: claims.marks)),
        "report": _report,
        "status": _status,
    }
)
