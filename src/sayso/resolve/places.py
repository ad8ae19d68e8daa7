"""Place names to gazetteer entries, judged together: a report that names Bamako does not mean the Kati in India.

Each name's candidates are scored by size, by how often the report speaks of their country and division, by names written next
to them ("Paris, Texas") and by how near they lie to what is already certain. The weights were chosen on the open halves of
LGL, TR-News and GeoWebNews; `evaluation/places.py` measures them again.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sayso.model import Mention, MentionKind, Place, Precision, Span
from sayso.resolve import countries
from sayso.resolve.gazetteer import Entry, Gazetteer, areas, normal

PRECISION = {"country": Precision.COUNTRY, "admin1": Precision.ADMIN1, "admin2": Precision.ADMIN2, "town": Precision.TOWN}
# Weight of each ground for a candidate; sizes are in tenfold populations.
SIZE, COUNTRY_NAMED, DIVISION_NAMED, WRITTEN_BESIDE, NEAR, OWN_NAME, KIND_SAID, UNSAID_COUNTY = 1.0, 3.0, 4.0, 8.0, 1.5, 0.7, 2.0, 2.0
KIND_SIZE = {"country": 9.0, "admin1": 6.3, "admin2": 4.0, "town": 0.0}  # what each kind counts for at least
NEAR_KM = 150.0

_LEAD = re.compile(
    r"^(?:(?:the|in|at|near|outside|around|from|greater|downtown|central|northern|southern|eastern|western|north|south|east|west|"
    r"northeastern|northwestern|southeastern|southwestern|northeast|northwest|southeast|southwest|far|occupied|mainland|coastal|"
    r"capital|port|border|old|town|city|village|district|province|region|state|governorate|county|of|restive|troubled)\s+)+",
    re.IGNORECASE,
)
_KINDS = {
    "region": "admin1", "province": "admin1", "state": "admin1", "governorate": "admin1", "oblast": "admin1", "prefecture": "admin1",
    "county": "admin2", "parish": "admin2", "district": "admin2", "cercle": "admin2", "department": "admin2",
    "city": "town", "town": "town", "village": "town", "township": "town",
}  # fmt: skip
_TAIL = re.compile(rf"\s+(?:{'|'.join(_KINDS)})s?$", re.IGNORECASE)
_PROPER = re.compile(r"[A-ZÀ-ÖØ-Þ][\w’'\-]*(?:(?:\s+|-)(?:(?:de|del|la|el|al|of|da|do|du|des|and)\s+)?[A-ZÀ-ÖØ-Þ][\w’'\-]*)*")


@dataclass(frozen=True, slots=True)
class Named:
    """A toponym of the report: its words, the same without what only describes ("the central Mopti region" is "Mopti"),
    and the kind that the words in or beside it say it is.
    """

    span: Span
    words: str
    bare: str
    kind: str | None


class Places:
    """The toponyms of one report, resolved together."""

    def __init__(self, text: str, mentions: Iterable[Mention], gazetteer: Gazetteer, *, outlet_country: str | None = None) -> None:
        self._text, self._gazetteer = text, gazetteer
        ordered = sorted(mentions, key=lambda mention: mention.span)
        self._named = [_named(text, m.span) for m in ordered if m.kind in (MentionKind.LOCATION, MentionKind.FACILITY)]
        self.votes = self._country_votes(ordered, outlet_country)
        self._known = self._resolve_all()

    @property
    def main_country(self) -> str | None:
        """The country that the report speaks of most, if one stands out; what it names first counts double."""
        ranked = self.votes.most_common(2)
        if not ranked or (len(ranked) > 1 and ranked[0][1] <= ranked[1][1]):
            return None
        return ranked[0][0]

    def resolve(self, span: Span) -> tuple[Place | None, str | None]:
        """The place that the words at `span` name, or the reason why there is none."""
        inside = [named for named in self._named if named.span.overlaps(span)]
        inside += [n for n in self._capitalised(span) if not any(n.span.overlaps(m.span) for m in inside)]
        found = [(named, entry) for named in inside if (entry := self._known.get(_key(named)) or self._alone(named))]
        if found:
            named, entry = min(found, key=lambda pair: (_breadth(pair[1]), pair[0].span))
            return self._place(entry, f'"{named.words}" in {_grounds(entry)}'), None
        for named in inside:
            code = areas().get(normal(named.words).removeprefix("the "), areas().get(normal(named.bare)))
            if code is not None:
                return Place(None, named.words, code or None, None, None, None, Precision.AREA, "area without a point"), None
        return self._described(span, bool(inside))

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

    def _described(self, span: Span, names_something: bool) -> tuple[Place | None, str | None]:
        """ "the Belgian capital", "the country's capital": a description with one answer, or why there is none."""
        words = span.of(self._text)
        bare = [re.sub(r"['’]s?$", "", word.strip('.,;:"')) for word in words.split() if word[:1].isupper()]
        named = [code for word in bare if (code := countries.lookup(word))]
        entry = self._gazetteer.country(named[0]) if len(set(named)) == 1 else None
        if entry:
            return self._place(entry, f'country named in "{words}"'), None
        if names_something:
            return None, "not in the gazetteer"
        return None, "described, not named"

    def _capitalised(self, span: Span) -> list[Named]:
        words = span.of(self._text)
        return [_named(self._text, Span(span.start + m.start(), span.start + m.end())) for m in _PROPER.finditer(words)]

    def _country_votes(self, mentions: Sequence[Mention], outlet_country: str | None) -> Counter[str]:
        votes: Counter[str] = Counter()
        kinds = (MentionKind.LOCATION, MentionKind.NORP)
        for mention in mentions:
            code = countries.lookup(mention.span.of(self._text)) if mention.kind in kinds else None
            if code:
                votes[code] += 2 if mention.span.start < 200 else 1  # type: ignore[assignment]
        if outlet_country:
            votes[outlet_country] += 0.5  # type: ignore[assignment]
        return votes

    def _resolve_all(self) -> dict[tuple[str, str | None], Entry]:
        """First what is certain by itself and by country, then everything again in the light of it."""
        keys = {_key(named): named for named in self._named}
        options = {key: self._candidates(named) for key, named in keys.items()}
        options = {key: found for key, found in options.items() if found}
        beside = {key: self._beside(named) for key, named in keys.items()}
        known: dict[tuple[str, str | None], Entry] = {}
        for _ in range(2):
            settled = list(known.values())
            tally = self._tally(settled)
            known = {
                key: max(found, key=lambda entry: (self._score(entry, keys[key], beside[key], tally, settled), -entry.geonameid))  # noqa: B023
                for key, found in options.items()
            }
        for entry in known.values():
            if entry.kind != "country":
                self.votes[entry.country] += 1
        return known

    def _tally(self, settled: Sequence[Entry]) -> Counter[str]:
        tally: Counter[str] = Counter(self.votes)
        for entry in settled:
            if entry.kind != "country":
                tally[entry.country] += 1
            tally[f"{entry.country}.{entry.admin1}"] += 1
        return tally

    def _candidates(self, named: Named) -> tuple[Entry, ...]:
        for words in dict.fromkeys((named.words, named.bare)):
            if normal(words).removeprefix("the ") in areas():
                return ()
            if found := self._of_that_name(words):
                return found
        return ()

    def _of_that_name(self, words: str) -> tuple[Entry, ...]:
        if words in _ABBREVIATED:
            division = self._gazetteer.division(*_ABBREVIATED[words])
            return (division,) if division else ()
        code = countries.lookup(words)
        own = (country,) if code and (country := self._gazetteer.country(code)) else ()
        return (*own, *(e for e in self._gazetteer.named(words.removeprefix("the ")) if e not in own))

    def _alone(self, named: Named) -> Entry | None:
        """A name inside a place's words that the reader did not mark as one: only where the report already points to it."""
        found = self._candidates(named)
        tally = self._tally(list(self._known.values()))
        likely = [e for e in found if e.kind == "country" or tally[e.country] > 0]
        return max(likely, key=lambda e: (self._score(e, named, None, tally, []), -e.geonameid), default=None)

    def _beside(self, named: Named) -> str | None:
        """The name written right after this one behind a comma or in brackets: "Charlotte, North Carolina"."""
        after = re.match(r"(?:,\s*|\s*\()([A-Z][\w.’' -]*)", self._text[named.span.end : named.span.end + 40])
        return after.group(1) if after else None

    def _score(self, entry: Entry, named: Named, beside: str | None, tally: Counter[str], settled: Sequence[Entry]) -> float:
        total = sum(count for key, count in tally.items() if "." not in key) or 1
        score = SIZE * max(math.log10(entry.population + 1), KIND_SIZE[entry.kind])
        score += COUNTRY_NAMED * min(1.0, 2 * tally[entry.country] / total)
        score += DIVISION_NAMED * min(tally[f"{entry.country}.{entry.admin1}"], 2) / 2 if entry.kind != "country" else 0
        score += OWN_NAME * entry.own_name
        if named.kind:
            score += KIND_SAID if entry.kind == named.kind else -KIND_SAID / 2
        elif entry.kind == "admin2" and not entry.own_name:
            score -= UNSAID_COUNTY
        if beside and entry.kind != "country":
            score += WRITTEN_BESIDE * self._lies_in(entry, beside)
        near = [other for other in settled if other.kind in ("town", "admin2") and other.geonameid != entry.geonameid]
        if near and entry.kind in ("town", "admin2"):
            score += NEAR * (min(distance_km(entry, other) for other in near) < NEAR_KM)
        return score

    def _lies_in(self, entry: Entry, beside: str) -> bool:
        division = self._gazetteer.division(entry.country, entry.admin1)
        if countries.lookup(beside) == entry.country or (division and normal(beside).startswith(normal(division.name))):
            return True
        return _ABBREVIATED.get(beside.split()[0]) == (entry.country, entry.admin1)


def _breadth(entry: Entry) -> int:
    return ("town", "admin2", "admin1", "country").index(entry.kind)


def _grounds(entry: Entry) -> str:
    return "GeoNames" if entry.own_point else "GeoNames, point is the middle of its towns"


def _key(named: Named) -> tuple[str, str | None]:
    return normal(named.words), named.kind


def _named(text: str, span: Span) -> Named:
    words = span.of(text)
    said = re.match(r"\s+(\w+)", text[span.end : span.end + 16])
    before = re.search(r"(\w+)(?:\s+of)?\s+$", text[max(span.start - 16, 0) : span.start])
    kind = next((_KINDS[w.lower().rstrip("s")] for m in (said, before) if m and (w := m.group(1)).lower().rstrip("s") in _KINDS), None)
    words = bare = re.sub(r"['’]s$", "", words.removeprefix("the "))
    tail = _TAIL.search(words)
    if tail:
        kind = _KINDS[tail.group().strip().lower().removesuffix("s")]
        bare = words[: tail.start()]
    stripped = _LEAD.sub("", bare)
    return Named(span, words, stripped if stripped[:1].isupper() else bare, kind)


def distance_km(one: Entry | Place, other: Entry | Place) -> float:
    """Great-circle distance in kilometres; infinite where either has no point."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return math.inf
    a, b = math.radians(one.latitude), math.radians(other.latitude)
    d = math.radians(other.longitude - one.longitude)
    h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(d / 2) ** 2
    return 12_742 * math.asin(math.sqrt(min(h, 1.0)))


# Newspaper abbreviations of the states of the USA and the provinces of Canada, as written, to GeoNames codes.
_STATES = {
    "AL": "Ala.", "AZ": "Ariz.", "AR": "Ark.", "CA": "Calif.", "CO": "Colo.", "CT": "Conn.", "DE": "Del.", "FL": "Fla.", "GA": "Ga.",
    "IL": "Ill.", "IN": "Ind.", "KS": "Kan.", "KY": "Ky.", "LA": "La.", "MD": "Md.", "MA": "Mass.", "MI": "Mich.", "MN": "Minn.",
    "MS": "Miss.", "MO": "Mo.", "MT": "Mont.", "NE": "Neb.", "NV": "Nev.", "NH": "N.H.", "NJ": "N.J.", "NM": "N.M.", "NY": "N.Y.",
    "NC": "N.C.", "ND": "N.D.", "OK": "Okla.", "OR": "Ore.", "PA": "Pa.", "RI": "R.I.", "SC": "S.C.", "SD": "S.D.", "TN": "Tenn.",
    "TX": "Tex.", "VT": "Vt.", "VA": "Va.", "WA": "Wash.", "WV": "W.Va.", "WI": "Wis.", "WY": "Wyo.", "DC": "D.C.",
}  # fmt: skip
_PROVINCES = {"01": "Alta.", "02": "B.C.", "03": "Man.", "04": "N.B.", "07": "N.S.", "08": "Ont.", "10": "Que.", "11": "Sask."}
_ABBREVIATED = {
    form: (country, code)
    for country, table in (("US", _STATES), ("CA", _PROVINCES))
    for code, word in table.items()
    for form in {word, word.removesuffix("."), *((code,) if country == "US" and word.count(".") == 2 else ())}
    if len(form) > 2 or form.isupper() or form.endswith(".")
}
