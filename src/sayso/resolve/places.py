"""Place names to gazetteer entries, judged together: a report that names Bamako does not mean the Kati in India.

What a name may mean is scored by itself first: size, kind, and what is written beside it ("Paris, Texas", "Syria's Idlib"). Then
the names speak for one another: each counts for the countries and divisions in which it may lie, by how likely that is, and never
for itself. A meaning is taken only if it is likelier than all others together, and a small place only if something else in the
report speaks of its country; otherwise the reason says why there is none.

The weights were chosen on the open halves of LGL, TR-News and GeoWebNews; `evaluation/places.py` measures them again.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from sayso.model import Mention, MentionKind, Place, Precision, Span
from sayso.resolve import countries
from sayso.resolve.gazetteer import Entry, Gazetteer, areas, normal

PRECISION = {
    "country": Precision.COUNTRY,
    "admin1": Precision.ADMIN1,
    "admin2": Precision.ADMIN2,
    "town": Precision.TOWN,
}
# Weight of each ground for a meaning, in tenfold populations.
COUNTRY_SIZE, COUNTY_SIZE = (
    10.0,
    4.0,
)  # a town's is its population, a first-level division's the mean one of its country
NOWHERE = 4.9  # a place that the gazetteer has not: as likely as a town of 15,000 people of which nothing else speaks
OWN_NAME, CAPITAL, KIND_SAID, UNSAID_COUNTY, NAMESAKE = 0.7, 1.5, 2.0, 2.0, 1.5
WRITTEN_BESIDE, HOLDS_BESIDE = 8.0, 4.0
COUNTRY_NAMED, DIVISION_NAMED, NEAR = 3.0, 4.0, 1.5
TEMPERATURE = 0.7  # of the scores on their way to probabilities
ROUNDS = 3  # in which the names hear one another; two are one point of accuracy worse, five no better
NEAR_KM = 150.0
CITY = 10_000  # people; the division around a city of its name is meant only where that is said
GREAT = 100_000  # people; from here on a city speaks less and less for places near it
LARGE = 100_000  # people; a name that the reader did not mark is one of these or lies where the report points to
SPOKEN_OF = 0.3  # of one name: what speaks for a country with less than this does not
SURE = 0.5  # below it a meaning is more likely wrong than right
EARLY = 200  # characters; what a report names first counts double

_LEAD = re.compile(
    r"^(?:(?:the|in|at|near|outside|around|from|greater|downtown|central|northern|southern|eastern|western|north|south|east|west|"
    r"northeastern|northwestern|southeastern|southwestern|northeast|northwest|southeast|southwest|far|occupied|mainland|coastal|"
    r"capital|port|border|old|town|city|village|district|province|region|state|governorate|county|of|restive|troubled)\s+)+",
    re.IGNORECASE,
)
_KINDS = {
    "region": "admin1", "province": "admin1", "state": "admin1", "governorate": "admin1", "oblast": "admin1",
    "prefecture": "admin1",
    "county": "admin2", "parish": "admin2", "district": "admin2", "cercle": "admin2", "department": "admin2",
    "city": "town", "town": "town", "village": "town", "township": "town",
}  # fmt: skip
_TAIL = re.compile(rf"\s+(?:{'|'.join(_KINDS)})s?$", re.IGNORECASE)
_NAME = r"[A-ZÀ-ÖØ-Þ][\w’'\-]*"
_PROPER = re.compile(rf"{_NAME}(?:(?:\s+|-)(?:(?:de|del|la|el|al|of|da|do|du|des|and)\s+)?{_NAME})*")
_JOINT = re.compile(r"['’]s\s+|\s+and\s+")
_WORDS = r"[A-Z][\w.’'-]*(?:\s+(?:of\s+(?:the\s+)?)?[A-Z][\w.’'-]*)*"
# What is written after a name ("Charlotte, North Carolina", "Kati (Mali)", "Rafah, in southern Gaza") and before it
# ("Syria's Idlib", "the Nigerian city of Kano").
_AFTER = re.compile(rf"(?:,\s*(?:in\s+)?|\s*\()(?:the\s+)?(?:(?:north|south|east|west|centr)[a-z]*\s+)?({_WORDS})")
_BEFORE = re.compile(
    rf"({_WORDS}?)"
    rf"(?:['’]s\s+(?:[a-z]+,?\s+){{0,2}}|\s+(?:[a-z]+\s+)?(?:{'|'.join(_KINDS)}|capital|port),?\s+(?:of\s+)?)$"
)
# What follows the last but one of a list and no address: "Cairo, Jordan and Syria".
_LISTED = re.compile(r"\s+(?:and|or)\s|,\s+(?:[A-Z][\w.’'-]*\s?){1,3},?\s+(?:and|or)\s+[A-Z]")
_APPOSED = re.compile(r",\s*|\s*\(")
_STANDS_IN = re.compile(r"\b(?:in|at|near|of|outside|around|across|to|from)\s+(?:the\s+)?$")
_CAPITAL = re.compile(r"(?<!regional )(?<!provincial )(?<!state )(?<!district )\bcapital\b")

_WHOLE = frozenset({"britain"})  # an area by its entry in the table, a country in the news

_Key = tuple[str, str | None]
_Home = tuple[str, str]  # country and GeoNames code of its first-level division, or "" for the country as a whole


@dataclass(frozen=True, slots=True)
class Named:
    """A toponym of the report: its words, the same without what only describes, its kind, and the names around it.

    "Syria's northern Idlib province, Syria" is `words` "northern Idlib province", `bare` "Idlib", `kind` admin1, `before` and
    `after` "Syria"; the names around it may have words too many on their outer side.
    """

    span: Span
    words: str
    bare: str
    kind: str | None
    before: str = ""
    after: str = ""


@dataclass(slots=True)
class _Name:
    """What one name of the report may mean, how well each meaning fits by itself, and how likely each is in this report."""

    bare: str
    read: str
    entries: tuple[Entry, ...]
    homes: frozenset[_Home]
    fits: list[float]
    chances: list[float] = field(default_factory=list)
    meaning: Entry | None = None
    reason: str | None = None

    def likeliest(self) -> Entry:
        """The likeliest meaning; of two that are alike the one with the lower id."""
        return max(zip(self.chances, self.entries, strict=True), key=lambda pair: (pair[0], -pair[1].geonameid))[1]

    def sureness(self) -> float:
        """Probability that the likeliest meaning is right, or the town for its division, or the division for its town."""
        best = self.likeliest()
        same = (
            e is best or ((e.country, e.admin1) == (best.country, best.admin1) and e.kind != best.kind)
            for e in self.entries
        )
        return sum(chance for chance, counts in zip(self.chances, same, strict=True) if counts)


@dataclass(slots=True)
class _Support:
    """How many names speak for each country and each first-level division; a name may count in part for several."""

    countries: Counter[str] = field(default_factory=Counter)
    divisions: Counter[_Home] = field(default_factory=Counter)

    def add(self, name: _Name) -> None:
        """Counts a name by its chances."""
        for chance, entry in zip(name.chances, name.entries, strict=True):
            self.countries[entry.country] += chance  # type: ignore[assignment]
            if entry.kind != "country":
                self.divisions[entry.country, entry.admin1] += chance * _tells(entry)  # type: ignore[assignment]

    def grounds(self, entry: Entry, own: _Support) -> float:
        """What this support without `own` adds to the score of `entry`."""
        total = self.countries.total() - own.countries.total()
        score = 0.0
        if total > 1e-9:
            share = (self.countries[entry.country] - own.countries[entry.country]) / total
            score += COUNTRY_NAMED * min(1.0, 2 * share)
        if entry.kind != "country":
            home = entry.country, entry.admin1
            score += DIVISION_NAMED * min(self.divisions[home] - own.divisions[home], 2) / 2
        return score


class _Points:
    """What the names mean so far on the map, sorted by latitude so that only those in its belt are asked for a place."""

    def __init__(self, points: Iterable[tuple[str, Entry]]) -> None:
        known = [(entry.latitude, bare, entry) for bare, entry in points if entry.latitude is not None]
        self._points = sorted(known, key=lambda point: (point[0], point[2].geonameid))
        self._latitudes = [latitude for latitude, _, _ in self._points]

    def near(self, entry: Entry, bare: str) -> bool:
        """Whether another place, by another name than `bare`, is meant near this one."""
        if entry.latitude is None or entry.kind not in ("town", "admin2"):
            return False
        belt = NEAR_KM / 111.0
        first = bisect_left(self._latitudes, entry.latitude - belt)
        last = bisect_right(self._latitudes, entry.latitude + belt)
        others = (other for _, name, other in self._points[first:last] if name != bare)
        return any(other.geonameid != entry.geonameid and distance_km(entry, other) < NEAR_KM for other in others)


class Places:
    """The toponyms of one report, resolved together."""

    def __init__(
        self, text: str, mentions: Iterable[Mention], gazetteer: Gazetteer, *, outlet_country: str | None = None
    ) -> None:
        self._text, self._gazetteer = text, gazetteer
        ordered = sorted(mentions, key=lambda mention: mention.span)
        kinds = (MentionKind.LOCATION, MentionKind.FACILITY)
        self._named = [_named(text, mention.span) for mention in ordered if mention.kind in kinds]
        self._starts = [named.span.start for named in self._named]
        self._longest = max((named.span.end - named.span.start for named in self._named), default=0)
        self._said = _countries_said(text, ordered, outlet_country)
        self._names = self._gathered()
        for _ in range(ROUNDS):
            self._weigh()
        self._support = self._everything()
        self._settle()
        self.votes = self._country_votes()

    @property
    def main_country(self) -> str | None:
        """The country that the report speaks of most, if one stands out; what it names first counts double."""
        ranked = self.votes.most_common(2)
        if not ranked or (len(ranked) > 1 and ranked[0][1] <= ranked[1][1]):
            return None
        return ranked[0][0]

    def resolve(self, span: Span) -> tuple[Place | None, str | None]:
        """The place that the words at `span` name, or the reason why there is none."""
        inside = self._inside(span)
        known = [named for named in inside if _key(named) in self._names or _area(named) is not None]
        inside += [new for new in self._capitalised(span) if not any(new.span.overlaps(old.span) for old in known)]
        names = [(named, self._names.get(_key(named)) or self._unmarked(named, span)) for named in inside]
        found = [(named.span, name.read, name.meaning) for named, name in names if name and name.meaning]
        if found:
            _, read, entry = min(found, key=lambda one: (_breadth(one[2]), one[0]))
            capital = self._capital_of(span, entry.country) if entry.kind == "country" else None
            return capital or self._place(entry, f'"{read}" in {_grounds(entry)}'), None
        for named in inside:
            code = _area(named)
            if code is not None:
                return _area_place(named.words, code or None), None
        if described := self._described(span):
            return described, None
        reasons = (name.reason for _, name in names if name and name.reason)
        named_there = any(not named.words.islower() for named in inside)
        return None, next(reasons, "not in the gazetteer" if named_there else "described, not named")

    def _inside(self, span: Span) -> list[Named]:
        first = bisect_left(self._starts, span.start - self._longest)
        last = bisect_left(self._starts, span.end)
        return [named for named in self._named[first:last] if named.span.overlaps(span)]

    def _place(self, entry: Entry, how: str) -> Place:
        division = self._gazetteer.division(entry.country, entry.admin1) if entry.kind != "country" else None
        return Place(
            geonameid=entry.geonameid,
            name=entry.name,
            country=entry.country,
            admin1=division.name if division else None,
            latitude=entry.latitude,
            longitude=entry.longitude,
            precision=PRECISION[entry.kind],
            how=how,
        )

    def _described(self, span: Span) -> Place | None:
        """What "the Belgian capital" and "a Syrian base" stand for: a description with one answer."""
        words = span.of(self._text)
        capitalised = [word.strip(".,'’s") for word in words.split() if word[:1].isupper()]
        said = {code for word in capitalised if (code := countries.lookup(word))}
        entry = self._gazetteer.country(said.pop()) if len(said) == 1 else None
        if entry is None:
            return None
        return self._capital_of(span, entry.country) or self._place(entry, f'country named in "{words}"')

    def _capital_of(self, span: Span, country: str) -> Place | None:
        words = span.of(self._text)
        capital = self._gazetteer.capital(country) if _CAPITAL.search(words) else None
        return self._place(capital, f'capital of the country named in "{words}"') if capital else None

    def _capitalised(self, span: Span) -> Iterator[Named]:
        """Names within `span`; "Malabo and Bata" and "Syria's Idlib" are two unless the gazetteer has them as one."""
        for match in _PROPER.finditer(self._text, span.start, span.end):
            whole = _named(self._text, Span(*match.span()))
            if self._candidates(whole)[1]:
                yield whole
                continue
            edges = [(joint.start(), joint.end()) for joint in _JOINT.finditer(self._text, *match.span())]
            starts, ends = [match.start(), *(end for _, end in edges)], [*(start for start, _ in edges), match.end()]
            yield from (_named(self._text, Span(*part)) for part in zip(starts, ends, strict=True))

    def _gathered(self) -> dict[_Key, _Name]:
        """Each name of the report once, with what is written beside it anywhere."""
        together: dict[_Key, list[Named]] = defaultdict(list)
        for named in self._named:
            together[_key(named)].append(named)
        names = {key: name for key, group in together.items() if (name := self._name(group))}
        for left, right in pairwise(self._named):
            inner, outer = names.get(_key(left)), names.get(_key(right))
            if inner and outer and inner is not outer and self._apposed(left.span, right.span):
                held = [any(_holds(entry, other) for other in inner.entries) for entry in outer.entries]
                outer.fits = [fit + HOLDS_BESIDE * holds for fit, holds in zip(outer.fits, held, strict=True)]
        for name in names.values():
            name.chances = _chances(name.fits)
        return names

    def _apposed(self, left: Span, right: Span) -> bool:
        tied = _APPOSED.fullmatch(self._text, left.end, right.start)
        return bool(tied) and not _LISTED.match(self._text[right.end : right.end + 60])

    def _name(self, group: Sequence[Named]) -> _Name | None:
        read, entries = self._candidates(group[0])
        if not entries:
            return None
        homes = frozenset(home for named in group for home in self._homes_beside(named))
        if any(entry.kind == "country" for entry in entries):
            homes = frozenset(home for home in homes if home[1])  # "Mexico, the US" is a list
        cities = {(e.country, e.admin1) for e in entries if e.kind == "town" and e.own_name and e.population >= CITY}
        fits = [self._fit(entry, group[0].kind, cities) + WRITTEN_BESIDE * _lies_in(entry, homes) for entry in entries]
        return _Name(normal(group[0].bare), read, entries, homes, fits)

    def _candidates(self, named: Named) -> tuple[str, tuple[Entry, ...]]:
        """The words that the gazetteer knows and what they may mean there.

        An area is only the country or division that the gazetteer has under just this name.
        """
        if named.words.islower():
            return named.words, ()
        for words in dict.fromkeys((named.words, named.bare)):
            name = normal(words).removeprefix("the ")
            area = areas().get(name) if name not in _WHOLE else None
            if area is not None:
                held = self._gazetteer.named(words)
                return words, tuple(
                    e for e in held if e.country == area and e.own_name and e.kind in ("country", "admin1")
                )
            if found := self._of_that_name(words):
                return words, found
        return named.words, ()

    def _of_that_name(self, words: str) -> tuple[Entry, ...]:
        if words in countries.DIVISIONS:
            division = self._gazetteer.division(*countries.DIVISIONS[words])
            return (division,) if division else ()
        codes = countries.shared(words) or (countries.lookup(words),)
        own = tuple(country for code in codes if code and (country := self._gazetteer.country(code)))
        if len(own) > 1:
            return own
        others = self._gazetteer.named(words) or self._gazetteer.named(words.removeprefix("the ").removeprefix("The "))
        return (*own, *(entry for entry in others if entry not in own))

    def _homes_beside(self, named: Named) -> Iterator[_Home]:
        """Countries and divisions that the words around a name are, read outwards as far as they are one."""
        before, after = named.before.split(), named.after.split()
        for runs in ((before[at:] for at in range(len(before))), (after[:at] for at in range(len(after), 0, -1))):
            yield from next(filter(None, (self._homes(" ".join(run)) for run in runs)), ())

    def _homes(self, words: str) -> tuple[_Home, ...]:
        if words in countries.DIVISIONS:
            return (countries.DIVISIONS[words],)
        if words.rstrip(".") in countries.STATES:
            return (("US", words.rstrip(".")),)
        code = countries.lookup(words)
        divisions = ((e.country, e.admin1) for e in self._gazetteer.named(words) if e.kind == "admin1")
        return (*(((code, ""),) if code else ()), *divisions)

    def _fit(self, entry: Entry, kind: str | None, cities: set[_Home]) -> float:
        """How well a meaning fits by its size and by the words of the name."""
        score = self._size(entry) + OWN_NAME * entry.own_name
        if entry.kind == "town" and entry == self._gazetteer.capital(entry.country):
            score += CAPITAL
        if kind:
            return score + (KIND_SAID if entry.kind == kind else -KIND_SAID / 2)
        if entry.kind == "admin2" and not entry.own_name:
            score -= UNSAID_COUNTY
        if entry.kind == "admin1" and (entry.country, entry.admin1) in cities:
            score -= NAMESAKE
        return score

    def _size(self, entry: Entry) -> float:
        if entry.kind == "country":
            return COUNTRY_SIZE
        if entry.kind == "admin2":
            return COUNTY_SIZE
        people = entry.population
        if entry.kind == "admin1" and not people:
            people = self._gazetteer.division_size(entry.country)
        return math.log10(people + 1)

    def _everything(self) -> _Support:
        support = _Support(Counter(self._said))
        for name in self._names.values():
            support.add(name)
        return support

    def _own(self) -> Mapping[str, _Support]:
        """What each name says for itself in all its forms: "Georgia" and "the state of Georgia" are no two witnesses."""
        own: dict[str, _Support] = defaultdict(_Support)
        for name in self._names.values():
            own[name.bare].add(name)
        return own

    def _weigh(self) -> None:
        """One round: every name hears all the others."""
        support, own = self._everything(), self._own()
        likeliest = [(name.bare, name.likeliest()) for name in self._names.values()]
        points = _Points((bare, entry) for bare, entry in likeliest if entry.kind in ("town", "admin2"))
        judged = []
        for name in self._names.values():
            scores = [
                fit + support.grounds(entry, own[name.bare]) + NEAR * points.near(entry, name.bare)
                for fit, entry in zip(name.fits, name.entries, strict=True)
            ]
            judged.append(_chances(scores))
        for name, chances in zip(self._names.values(), judged, strict=True):
            name.chances = chances

    def _settle(self) -> None:
        own = self._own()
        for name in self._names.values():
            name.reason = self._against(name, own[name.bare])
            name.meaning = None if name.reason else name.likeliest()

    def _against(self, name: _Name, own: _Support) -> str | None:
        """Why the likeliest meaning of a name is not taken; None where it is."""
        spoken = {e.country: self._support.countries[e.country] - own.countries[e.country] for e in name.entries}
        if len(spoken) > 1 and all(entry.kind == "country" for entry in name.entries):
            undecided = max(spoken.values()) < SPOKEN_OF + min(spoken.values())
            return "several countries have this name, and nothing else in the report says which" if undecided else None
        if name.sureness() >= SURE:
            return None
        if 1 - sum(name.chances) > name.sureness():
            return "only small places have this name, and nothing else in the report speaks of them"
        return f"{len(name.entries)} places have this name, and the report does not say which"

    def _country_votes(self) -> Counter[str]:
        """How often the report speaks of each country: countries and peoples at each mention, other places once."""
        votes = Counter(self._said)
        counted: set[_Key] = set()
        for named in self._named:
            key = _key(named)
            entry = self._names[key].meaning if key in self._names else None
            country = entry.country if entry else _area(named)
            if country and (entry is None or entry.kind == "country"):
                votes[country] += 2 if named.span.start < EARLY else 1
            elif country and key not in counted:
                votes[country] += 1
            counted.add(key)
        return votes

    def _unmarked(self, named: Named, span: Span) -> _Name | None:
        """A name that the reader did not mark: a country, a place where the report already points to, or a large one."""
        name, nothing = self._name([named]), _Support()
        if name is None:
            return None
        scores = [fit + self._support.grounds(e, nothing) for fit, e in zip(name.fits, name.entries, strict=True)]
        name.chances = _chances(scores)
        name.reason = self._against(name, nothing)
        entry = name.likeliest()
        pointed = self._support.countries[entry.country] >= SPOKEN_OF or _lies_in(entry, name.homes)
        if name.reason is None and (entry.kind == "country" or pointed or self._stands_for_a_city(named, entry, span)):
            name.meaning = entry
        name.reason = (
            name.reason or "the reader did not mark it as a place, and nothing else in the report speaks of it"
        )
        return name

    def _stands_for_a_city(self, named: Named, entry: Entry, span: Span) -> bool:
        """Whether a large city is meant by words like "in Colombo"; "Jackson's house" is nowhere in Mississippi."""
        start, end = named.span
        led = start == span.start or _STANDS_IN.search(self._text, max(span.start, start - 16), start)
        owned = self._text[start : end + 2].endswith(("'s", "’s")) or self._text[start:end].endswith(("'s", "’s"))
        return bool(entry.population >= LARGE and entry.own_name and led and not owned)


def _countries_said(text: str, mentions: Iterable[Mention], outlet_country: str | None) -> Counter[str]:
    """Peoples and nationalities that the report names, and the country of its outlet as half of one."""
    said: Counter[str] = Counter()
    for mention in mentions:
        code = countries.lookup(mention.span.of(text)) if mention.kind is MentionKind.NORP else None
        if code:
            said[code] += 2 if mention.span.start < EARLY else 1
    if outlet_country:
        said[outlet_country] += 0.5  # type: ignore[assignment]
    return said


def _named(text: str, span: Span) -> Named:
    words = span.of(text)
    said = re.match(r"\s+(\w+)", text[span.end : span.end + 16])
    before = re.search(r"(\w+)(?:\s+of)?\s+$", text[max(span.start - 16, 0) : span.start])
    near = [match.group(1).lower().rstrip("s") for match in (said, before) if match]
    kind = next((_KINDS[word] for word in near if word in _KINDS), None)
    words, _, inner = (part.strip() for part in words.partition(","))
    owner = _BEFORE.search(text[max(span.start - 40, 0) : span.start])
    after = _AFTER.match(text[span.end : span.end + 60])
    if after and _LISTED.match(text[span.end + after.end() : span.end + 120]):
        after = None
    words = bare = re.sub(r"['’]s?$", "", words.removeprefix("the "))
    tail = _TAIL.search(words)
    if tail:
        kind = _KINDS[tail.group().strip().lower().removesuffix("s")]
        bare = words[: tail.start()]
    stripped = _LEAD.sub("", bare)
    return Named(
        span=span,
        words=words,
        bare=stripped if stripped[:1].isupper() else bare,
        kind=kind,
        before=owner.group(1) if owner else "",
        after=inner or (after.group(1) if after else ""),
    )


def _area(named: Named) -> str | None:
    """The country of an area without a point ("" where it lies in several); None for every other name."""
    return areas().get(normal(named.words).removeprefix("the "), areas().get(normal(named.bare)))


def _lies_in(entry: Entry, homes: frozenset[_Home]) -> bool:
    inside = entry.kind in ("town", "admin2") and (entry.country, entry.admin1) in homes
    return inside or (entry.kind != "country" and (entry.country, "") in homes)


def _area_place(name: str, country: str | None) -> Place:
    return Place(None, name, country, None, None, None, Precision.AREA, "area without a point")


def _holds(outer: Entry, inner: Entry) -> bool:
    """Whether `inner` lies in the country or first-level division `outer`."""
    if inner.kind == "country" or inner.country != outer.country or inner.geonameid == outer.geonameid:
        return False
    return outer.kind == "country" or (
        outer.kind == "admin1" and inner.kind != "admin1" and inner.admin1 == outer.admin1
    )


def _tells(entry: Entry) -> float:
    """How much a meaning speaks for other places of its division: a great city is named everywhere and says little."""
    if entry.kind != "town":
        return 1.0
    return min(1.0, max(0.0, 1 - math.log10(max(entry.population, 1) / GREAT) / 2))


def _chances(scores: Sequence[float]) -> list[float]:
    """Scores as probabilities beside that of a place that the gazetteer does not have."""
    top = max(*scores, NOWHERE)
    raised = [math.exp((score - top) / TEMPERATURE) for score in scores]
    total = sum(raised) + math.exp((NOWHERE - top) / TEMPERATURE)
    return [one / total for one in raised]


def _breadth(entry: Entry) -> int:
    return ("town", "admin2", "admin1", "country").index(entry.kind)


def _grounds(entry: Entry) -> str:
    return "GeoNames" if entry.own_point else "GeoNames, point is the middle of its towns"


def _key(named: Named) -> _Key:
    return normal(named.words), named.kind


def distance_km(one: Entry | Place, other: Entry | Place) -> float:
    """Great-circle distance in kilometres; infinite where either has no point."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return math.inf
    a, b = math.radians(one.latitude), math.radians(other.latitude)
    d = math.radians(other.longitude - one.longitude)
    h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(d / 2) ** 2
    return 12_742 * math.asin(math.sqrt(min(h, 1.0)))
