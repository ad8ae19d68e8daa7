"""Who an actor, a recipient or a source is, as far as the report and the tables say: name, country, sector, and how.

Evidence is asked in this order, and `Actor.how` names what gave the answer:

1. the span's own words ("Malian soldiers", "the Kremlin", "Russia's foreign ministry"): `sayso.resolve.wording`;
2. what is known of a full name: rulers and officials on the day of publication, organisations, armed groups: `known`;
3. the report's own words elsewhere: titles and appositions of the same name, acronyms, and definite descriptions with
   exactly one antecedent ("the junta" after "Mali's junta").

A country is never guessed: "the police" of a report from Lagos have none (`Actors.home` says where one anchors them).
A span without a proper name never takes anything from a named person, so that an anonymous source stays anonymous: only
offices and bodies ("the president", "the army") follow an antecedent.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from sayso.model import Actor, Mention, Span
from sayso.resolve import known
from sayso.resolve.names import WORDS, Said, fold
from sayso.resolve.roles import is_former
from sayso.resolve.wording import DETERMINERS, HONORIFICS, Clue, Own, Wording, within

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

_PRONOUNS = WORDS["pronouns"]
_ARTICLES = frozenset(("al", "el", "the", "ul", "ur"))
_BODIES = WORDS["bodies"]
_OFFICES = WORDS["offices"]
_RULES = WORDS["rules"]
_DEPUTIES = WORDS["deputies"]
_SAYING = WORDS["saying"]
_REGIMES = WORDS["regimes"]
_OWNED = WORDS["owned"]


@dataclass(slots=True)
class _Entity:
    """One name of the report under all its forms. `name` is the fullest, verbatim."""

    name: str
    words: tuple[str, ...]
    at: list[tuple[int, int]] = field(default_factory=list)  # where it stands, tokens [first, last)
    body: bool = False  # an organisation rather than somebody


class _Found(NamedTuple):
    """What one kind of evidence gave."""

    country: Clue | None = None
    sector: Clue | None = None


class _Description(NamedTuple):
    """A phrase that says more than its head: "Mali's junta", "President Assimi Goita"."""

    head: str
    first: int
    last: int
    country: str | None
    entity: _Entity | None


class Actors:
    """The actors of one report. `outlet_country` counts as a country that the report names, no more."""

    def __init__(
        self,
        text: str,
        mentions: Sequence[Mention] = (),
        published: dt.date | None = None,
        *,
        outlet_country: str | None = None,
    ) -> None:
        self.text, self.published = text, published
        self.wording = Wording(text, mentions)
        self.entities = _entities(self.wording)
        self._placed = self.wording.codes | ({outlet_country} if outlet_country else set())
        self._by_words = _by_words(self.entities)
        self._by_end = {last: (first, entity) for entity in self.entities for first, last in entity.at}
        self._evidence: dict[int, _Found] = {}
        self._described: list[_Description] | None = None

    def resolve(self, span: Span) -> tuple[Actor | None, str | None]:
        """The actor that the words at `span` name, or why there is none."""
        first, last = self._trimmed(*self.wording.range_of(span))
        if first >= last:
            return None, "no words"
        if (
            last - first == 1
            and self.wording.tokens[first].low in _PRONOUNS
            and self.wording.tokens[first].word != "US"
        ):
            return None, "a pronoun: whom it means is not looked up"
        parts = self._parts(first, last)
        return self._together(first, last, parts) if len(parts) > 1 else self._one(first, last)

    def home(self, span: Span) -> str | None:
        """The country of a domestic role ("the police", "protesters") where the report anchors it, and else None.

        It is anchored by fuller descriptions of the same role elsewhere in the report, all of one country.
        """
        first, last = self._trimmed(*self.wording.range_of(span))
        role = self.wording.own(first, last).role if first < last else None
        if role is None or self.wording.said_in(first, last):
            return None
        head = _singular(self.wording.tokens[role.last - 1].low)
        if role.weak and head not in _BODIES:
            return None  # officials, officers, sources: people left unnamed are nobody in particular
        codes = {d.country for d in self._descriptions() if d.country and d.head.split()[-1] == head}
        return codes.pop() if len(codes) == 1 else None

    def _trimmed(self, first: int, last: int) -> tuple[int, int]:
        """Without articles before and marks around."""
        tokens = self.wording.tokens
        while first < last and (tokens[first].low in DETERMINERS - _PRONOUNS or not tokens[first].word[0].isalnum()):
            first += 1
        while first < last and not tokens[last - 1].word[0].isalnum():
            last -= 1
        if last - first > 1 and tokens[first].low in {
            "his",
            "her",
            "its",
            "this",
            "that",
            "these",
            "those",
            "all",
            "both",
        }:
            first += 1
        return first, last

    # -- several in one span ------------------------------------------------------------------------------------------

    def _parts(self, first: int, last: int) -> list[tuple[int, int]]:
        """The span at its "and", where both sides name somebody; a name with "and" in it stays whole."""
        tokens, starts = self.wording.tokens, [first]
        end = self.wording.stop(first, last)
        for at in range(first + 1, last - 1):
            inside = self.wording.country_at[at] is not None
            joins = (tokens[at].low in {"and", "&"} and not inside) or (
                tokens[at].word in {",", "/"} and self._listed(at, last)
            )
            if (
                joins
                and (at < end or tokens[end].word in {",", "/"})
                and self._speaks(starts[-1], at)
                and self._speaks(at + 1, last)
            ):
                starts.append(at + 1)
        ends = [at - 1 for at in starts[1:]] + [last]
        return [self._trimmed(*part) for part in zip(starts, ends, strict=True)]

    def _listed(self, comma: int, last: int) -> bool:
        """Whether a comma parts items of a list: bare countries, with an "and" to come."""
        later = any(self.wording.tokens[at].low == "and" for at in range(comma, last))
        return later and bool(self.wording.country_at[comma - 1] and self.wording.country_at[comma + 1])

    def _speaks(self, first: int, last: int) -> bool:
        first, last = self._trimmed(first, last)
        wording = self.wording
        if first < last and wording.country_at[first] and wording.country_at[first] is wording.country_at[last - 1]:
            return True
        inside = range(first, last)
        known_name = any(end in self._by_end and self._by_end[end][0] >= first for end in range(first + 1, last + 1))
        return known_name or any(wording.role_at[at] or wording.country_at[at] for at in inside)

    def _together(self, first: int, last: int, parts: Sequence[tuple[int, int]]) -> tuple[Actor | None, str | None]:
        """Several as one: a country that the first has and no other contradicts, a sector that all share."""
        found = [(actor, reason) for actor, reason in (self._one(*part) for part in parts) if actor or reason]
        problem = next(
            (reason for actor, reason in found if actor is None and reason and "no single country" in reason), None
        )
        countries = {actor.country for actor, _ in found if actor and actor.country}
        if problem or len(countries) > 1:
            return None, problem or "names " + " and ".join(sorted(countries)) + " together: no single country"
        head = found[0][0]
        named = any(end in self._by_end for part in parts[1:] for end in range(part[0] + 1, part[1] + 1))
        country = head.country if head and (not named or all(a and a.country for a, _ in found)) else None
        sectors = {actor.sector if actor else None for actor, _ in found}
        sector = sectors.pop() if len(sectors) == 1 else None
        if not country and not sector:
            return None, "names several, and no country or sector that they share"
        words = self.wording.words(first, last)
        how = "; ".join(actor.how for actor, _ in found if actor)
        return Actor(words, country, sector, f"several together: {how}"), None

    # -- one ----------------------------------------------------------------------------------------------------------

    def _one(self, first: int, last: int) -> tuple[Actor | None, str | None]:
        own = self.wording.own(first, last)
        if own.problem and "no single country" in own.problem:
            return None, own.problem
        entity = self._subject(first, last)
        clues = [("in its own words", _Found(own.country, own.sector))]
        if organisation := self._organisation(first, last, entity):
            clues.insert(0, ("an organisation known by name", organisation))
        name = self.wording.words(first, last)
        if entity:
            name = entity.name if not entity.body or len(entity.name) > len(name) else name
            clues += [
                ("known by name", self._known(entity)),
                ("as the report calls them elsewhere", self._reported(entity)),
            ]
        else:
            clues += self._followed(first, last, own)
            name = self._antecedent_name(first, last, own) or name
        return self._weighed(name, clues, own.problem, self.wording.words(first, last))

    def _weighed(
        self, name: str, clues: Sequence[tuple[str, _Found]], problem: str | None, words: str
    ) -> tuple[Actor | None, str | None]:
        """The first evidence that gives a country, the first that gives a sector."""
        country = next(((how, found.country) for how, found in clues if found.country), None)
        sector = next(((how, found.sector) for how, found in clues if found.sector), None)
        if clues[0][0].startswith("an organisation") and not clues[0][1].country:
            country = None  # what belongs to many nations is of none, whatever words its name holds
        if country is None and sector is None and len(name) <= len(words):
            return None, problem or f"neither the words '{words}' nor the report say a country or sector"
        said = [
            f"country {country[1].value}: {country[0]}, '{country[1].words}'"
            if country
            else problem or "country not named"
        ]
        said.append(f"sector {sector[1].value}: {sector[0]}, '{sector[1].words}'" if sector else "sector not named")
        return Actor(
            name, country[1].value if country else None, sector[1].value if sector else None, "; ".join(said)
        ), None

    def _subject(self, first: int, last: int) -> _Entity | None:
        """The named one whom the phrase is about: the name that closes its core, or stands in apposition to it."""
        tokens, end = self.wording.tokens, self.wording.stop(first, last)
        stops = [end]
        while end < last:
            mark, end = end, self.wording.stop(end + 1, last)
            if tokens[mark].word in {",", "("}:
                stops.append(end)
        start, closing = self._by_end.get(last, (0, None))
        if closing and not closing.body and start > first and self.wording.description_start(start) <= first:
            return closing
        for stop in stops:
            start, entity = self._by_end.get(stop, (0, None))
            if entity and start >= first and (stop == stops[0] or self._in_apposition(first, start)):
                return entity
        return None

    def _in_apposition(self, first: int, start: int) -> bool:
        """Whether a name after a comma is the one described before it."""
        at = self.wording.phrase_start(start)
        return (
            at > first and self.wording.tokens[at - 1].word in {",", "("} and bool(self.wording.own(first, at - 1).role)
        )

    def _organisation(self, first: int, last: int, entity: _Entity | None) -> _Found | None:
        """An organisation, an association or an armed group by its known name, if the phrase is about it."""
        if (
            entity
            and not entity.body
            and len(entity.words) > 1
            and any(fact.kind != "o" for fact in known.facts(fold(entity.name)))
        ):
            return None
        end = self.wording.stop(first, last)
        weak = not any(role.last <= end and not role.weak for role in within(self.wording.roles, first, end))
        while end < last and weak and self.wording.tokens[end].low in {"for", "of"}:
            end = self.wording.stop(end + 1, last)
        for start in range(first, end):
            for stop in range(end, start, -1):
                words = self.wording.words(start, stop)
                if (
                    words[0].isupper()
                    and words[-1] not in "(-–"
                    and (fact := self._fact(words, whole=(start, stop) == (first, end)))
                ):
                    return self._of_fact(fact, words, start, first, stop)
        return None

    def _fact(self, words: str, *, whole: bool) -> known.Fact | None:
        found = [fact for fact in known.facts(fold(words).removeprefix("the ")) if fact.kind == "o"]
        if len(found) != 1 or (found[0].sector(None) in {"MNC", "NGO"} and not whole):
            return None  # a company's name of two words may be part of another name
        return found[0]

    def _of_fact(self, fact: known.Fact, words: str, start: int, first: int, stop: int) -> _Found | None:
        """Its country and sector, unless the phrase's own words say a country before it: "Israel's U.N. ambassador"."""
        if fact.country is None and self.wording.said_in(first, start):
            return None
        role = self.wording.own(start, stop).role if fact.country else None
        sector = fact.sector(self.published)
        if role and fact.sector(None) not in {"REB", "IMG"}:
            return None  # "State Department" is read by its own words
        return _Found(Clue(fact.country, words) if fact.country else None, Clue(sector, words) if sector else None)

    # -- what is known ------------------------------------------------------------------------------------------------

    def _known(self, entity: _Entity) -> _Found:
        """What the lists say of a person's full name, or of a ruler's surname under a ruler's title."""
        if entity.body:
            return _Found()
        if len(entity.words) > 1:
            found = [fact for fact in known.facts(fold(entity.name)) if fact.kind in "prl" and self._trusted(fact)]
            if len({fact.country for fact in found}) == 1:
                fact = next((fact for fact in found if fact.ruler), found[0])
                sector = fact.sector(self.published)
                return _Found(
                    Clue(fact.country, entity.name) if fact.country else None,
                    Clue(sector, entity.name) if sector else None,
                )
        return self._ruler(entity)

    def _trusted(self, fact: known.Fact) -> bool:
        """Whether a full name may be taken for the listed one: the report names the country, or it is a ruler's."""
        return fact.kind == "l" or fact.country is None or fact.country in self._placed

    def _ruler(self, entity: _Entity) -> _Found:
        """For somebody titled as a ruler: the one country of the report that had a ruler of this surname."""
        title = next((found for first, _ in entity.at if (found := self._title(first))), None)
        return self._titled_ruler(entity, title) if title else _Found()

    def _titled_ruler(self, entity: _Entity, title: str) -> _Found:
        former = any(is_former(word) for word in title.lower().split())
        for word in (entity.words[-1], entity.words[0]):
            facts = [
                fact
                for fact in known.surnames(word)
                if fact.country in self._placed
                and (fact.left_office(self.published) if former else fact.in_office(self.published))
            ]
            countries = {fact.country for fact in facts if fact.country}
            if len(countries) == 1:
                return _Found(Clue(countries.pop(), f"{title} {entity.name}"))
            if countries:
                break
        return _Found()

    def _title(self, first: int) -> str | None:
        """A ruler's title right before the name at token `first`: "prime minister", "former president", or None."""
        wording = self.wording
        role = wording.role_at[first - 1] if first else None
        if role is None or wording.tokens[first - 1].low not in _RULES:
            return None
        words = [token.low for token in wording.tokens[wording.phrase_start(first) : first]]
        if words[-1] == "minister" and words[-2:-1] != ["prime"]:
            return None
        if any(word in _DEPUTIES for word in words):
            return None
        return wording.words(wording.phrase_start(first), first)

    # -- what the report says elsewhere -------------------------------------------------------------------------------

    def _reported(self, entity: _Entity) -> _Found:
        """Country and sector from what stands beside the name anywhere in the report; two countries cancel out."""
        key = id(entity)
        if key not in self._evidence:
            owns = [own for first, last in entity.at for own in self._beside(entity, first, last)]
            countries = {own.country.value: own.country for own in owns if own.country}
            sector = next((own.sector for own in owns if own.sector), None)
            self._evidence[key] = _Found(next(iter(countries.values())) if len(countries) == 1 else None, sector)
        return self._evidence[key]

    def _beside(self, entity: _Entity, first: int, last: int) -> Iterator[Own]:
        """What is said right before a name, in apposition after it, after its "of", and in apposition before it."""
        wording, tokens = self.wording, self.wording.tokens
        start = wording.description_start(first)
        if start < first or entity.body:
            yield wording.own(start, last if entity.body else first)
        if last + 1 < len(tokens) and tokens[last].low == "of":
            word = wording.country_at[last + 1 + (tokens[last + 1].low == "the")] if last + 2 < len(tokens) else None
            if word and word.code and word.said == Said.NAME:
                yield Own(country=Clue(word.code, wording.words(word.first, word.last)))
        if (after := self._apposed_after(last)) is not None:
            yield wording.own(*after)
        if (before := self._apposed_before(start, last)) is not None:
            yield wording.own(*before)

    def _apposed_after(self, last: int) -> tuple[int, int] | None:
        """``Dembele, a former governor of ...,``: a phrase between commas that is no clause and no list."""
        tokens = self.wording.tokens
        if last + 1 >= len(tokens) or tokens[last].word != ",":
            return None
        end = next((at for at in range(last + 1, min(last + 25, len(tokens))) if tokens[at].word in ",.;:()"), None)
        opens = tokens[last + 1].low
        described = opens in {"a", "an", "the", "one", "who"} or is_former(opens) or self._titled(last + 1)
        if end is None or not described or any(tokens[at].low in _SAYING for at in range(last + 1, end)):
            return None
        listed = tokens[end].word == "," and end + 1 < len(tokens) and tokens[end + 1].low == "and"
        role = self.wording.own(last + 1, end).role
        closes = role is not None and role.last == self.wording.stop(
            last + 1, end
        )  # no verb after it: "the court heard"
        return (last + 1, end) if closes and not listed else None

    def _titled(self, at: int) -> bool:
        return bool(self.wording.country_at[at] or self.wording.role_at[at])

    def _apposed_before(self, start: int, last: int) -> tuple[int, int] | None:
        """``a spokesman for the Nigerian army, Sani Usman,``: a description right before the comma and the name."""
        tokens = self.wording.tokens
        if start < 3 or tokens[start - 1].word != ",":
            return None
        if last < len(tokens) and tokens[last].word not in {",", ".", ")", ";"}:
            return None
        floor = max(0, start - 16)
        begin = next(
            (
                at + 1
                for at in range(start - 2, floor - 1, -1)
                if tokens[at].word in '.,;:()"“”' or tokens[at].low in _SAYING
            ),
            floor,
        )
        role = self.wording.own(begin, start - 1).role
        if role is None or not self.wording.role_at[role.last - 1] or role.last != self.wording.stop(begin, start - 1):
            return None
        head = _singular(tokens[role.last - 1].low)
        person = head == tokens[role.last - 1].low and head not in _BODIES and begin + 1 < start
        return (begin, start - 1) if person else None

    # -- phrases without a name ---------------------------------------------------------------------------------------

    def _followed(self, first: int, last: int, own: Own) -> list[tuple[str, _Found]]:
        """What an unnamed phrase may take from elsewhere: its owner's country, or its one antecedent's."""
        if own.country or own.problem:
            return []
        if owner := self._owner(first, last):
            rule = self.wording.tokens[self.wording.stop(first, last) - 1].low if not own.problem else ""
            of_rule = self._titled_ruler(owner, rule).country if rule in _REGIMES else None
            country = self._known(owner).country or self._reported(owner).country or of_rule
            return [("as the report calls its head elsewhere", _Found(country))] if country else []
        antecedent = self._antecedent(first, last, own)
        if antecedent is None:
            return []
        how = "its one antecedent in the report"
        words = self.wording.words(antecedent.first, antecedent.last)
        if antecedent.entity:
            known_of, said_of = self._known(antecedent.entity), self._reported(antecedent.entity)
            return [(how, _Found(known_of.country or said_of.country, said_of.sector))]
        return [(how, _Found(Clue(antecedent.country, words)))] if antecedent.country else []

    def _owner(self, first: int, last: int) -> _Entity | None:
        """The person before an owned head: Trump of "the Trump administration"."""
        end = self.wording.stop(first, last)
        for at in range(first + 1, end):
            start, entity = self._by_end.get(at, (0, None))
            if entity and not entity.body and start >= first and self.wording.tokens[end - 1].low in _OWNED:
                return entity
        return None

    def _antecedent_name(self, first: int, last: int, own: Own) -> str | None:
        antecedent = (
            None if own.country or own.problem or self._owner(first, last) else self._antecedent(first, last, own)
        )
        if antecedent is None:
            return None
        return antecedent.entity.name if antecedent.entity else self.wording.words(antecedent.first, antecedent.last)

    def _antecedent(self, first: int, last: int, own: Own) -> _Description | None:
        """The one earlier description that "the junta" or "the foreign minister" can mean, if there is just one."""
        tokens = self.wording.tokens
        if own.role is None or first == 0 or tokens[first - 1].low != "the" or own.role.last != last:
            return None
        phrase = " ".join(token.low for token in tokens[first:last])
        if (_singular(phrase) != phrase and phrase not in _BODIES) or phrase.split()[-1] not in _BODIES | _OFFICES:
            return None
        fitting = [d for d in self._descriptions() if d.head == phrase or d.head.endswith(f" {phrase}")]
        fitting = [d for d in fitting if not (phrase == "minister" and d.head == "prime minister")]
        fitting = [d for d in fitting if not (phrase == "president" and d.head.startswith("vice"))]
        if self._unnamed(phrase.split()[-1]):
            return None
        earlier = [d for d in fitting if d.last <= first]
        same = {id(d.entity) if d.entity else d.country for d in fitting}
        countries = {d.country for d in fitting if d.country}
        if not earlier or len(countries) > 1 or len({id(d.entity) for d in fitting if d.entity}) > 1:
            return None
        return next((d for d in earlier if d.entity), earlier[0]) if len(same) <= 2 else None

    def _unnamed(self, head: str) -> bool:
        """Whether the report also speaks of "a minister" or "ministers": "the minister" may be one of them."""
        wording = self.wording
        for role in wording.roles:
            word = wording.tokens[role.last - 1].low
            if _singular(word) != head:
                continue
            at = wording.phrase_start(role.first)
            if (word != head and head not in _BODIES) or (
                at > 0 and wording.tokens[at - 1].low in {"a", "an", "another", "one"}
            ):
                return True
        return False

    def _descriptions(self) -> list[_Description]:
        """Every phrase of the report that gives a role a country or a name; an office that is over is not one."""
        if self._described is None:
            found = (self._description(at) for at in range(len(self.wording.roles)))
            self._described = [description for description in found if description]
        return self._described

    def _description(self, index: int) -> _Description | None:
        wording, role = self.wording, self.wording.roles[index]
        start = wording.phrase_start(role.first)
        if any(is_former(token.low) for token in wording.tokens[start : role.first]):
            return None
        entity = next(
            (
                e
                for first, e in (
                    self._by_end[end] for end in range(role.last + 1, role.last + 8) if end in self._by_end
                )
                if first == role.last and not e.body
            ),
            None,
        )
        core = wording.own(start, role.last)
        of = role.last < len(wording.tokens) and wording.tokens[role.last].low in {"of", "in"}
        ahead = wording.stop(role.last + 1, min(role.last + 6, len(wording.tokens))) if of else role.last
        after = core if core.country else wording.own(start, ahead)
        country = core.country or (after.country if after.role == role else None)
        if not country and not entity:
            return None
        words = [token.low for token in wording.tokens[start : role.first] if token.low in _DEPUTIES]
        words += [token.low for token in wording.tokens[role.first : role.last]]
        tail = wording.said_in(role.last, ahead) if country and not core.country else []
        last = tail[0].last if tail else role.last
        return _Description(_singular(" ".join(words)), start, last, country.value if country else None, entity)


def _singular(phrase: str) -> str:
    """The singular of a role: "soldier" for "soldiers"; "forces" and "police" are as they are."""
    if phrase.endswith("ies"):
        return f"{phrase[:-3]}y"
    return phrase[:-1] if phrase.endswith("s") and not phrase.endswith(("ss", "us", "forces")) else phrase


def _by_words(entities: Sequence[_Entity]) -> dict[tuple[str, ...], _Entity]:
    return {entity.words: entity for entity in entities}


def _entities(wording: Wording) -> list[_Entity]:
    """The report's named people and organisations, short forms with the one full form that they can stand for."""
    full: dict[tuple[str, ...], _Entity] = {}
    for run in wording.runs():
        for first, last, body in _names_in(wording, *run):
            key = _key(wording, first, last)
            if key:
                entity = full.setdefault(key, _Entity(wording.words(first, last), key, body=body))
                entity.at.append((first, last))
    _join_acronyms(wording, full)
    return _joined(list(full.values()))


def _names_in(wording: Wording, first: int, last: int) -> Iterator[tuple[int, int, bool]]:
    """The names of one capitalised run: all of it for an organisation, what follows the titles for a person."""
    closing = wording.role_at[last - 1]
    if closing and not wording.name_at[last - 1]:
        start = first
        while start < last and wording.tokens[start].low in DETERMINERS:
            start += 1
        if any(wording.name_at[at] for at in range(start, last)) or last - start > 1:
            yield start, last, True
        return
    start = last
    while start > first and not (
        (wording.country_at[start - 1] or wording.role_at[start - 1] or wording.tokens[start - 1].low in HONORIFICS)
        and not wording.name_at[start - 1]
    ):
        start -= 1
    while start < last and (not wording.name_at[start] or wording.tokens[start].word in ".-"):
        start += 1
    if start < last:
        yield start, last, False


def _key(wording: Wording, first: int, last: int) -> tuple[str, ...]:
    words = (token.low.replace("'", "") for token in wording.tokens[first:last] if token.word[0].isalnum())
    return tuple(word for word in words if word not in _ARTICLES)


def _join_acronyms(wording: Wording, full: dict[tuple[str, ...], _Entity]) -> None:
    """Let the acronym in brackets after a name stand for it: "Transitional Military Council (CMT)", then "the CMT"."""
    tokens = wording.tokens
    for entity in list(full.values()):
        for _, last in list(entity.at):
            if last + 2 >= len(tokens) or tokens[last].word != "(" or tokens[last + 2].word != ")":
                continue
            short = tokens[last + 1].word
            other = full.get((tokens[last + 1].low,))
            if short.isupper() and 1 < len(short) < 9 and other and other is not entity and len(entity.words) > 1:
                entity.at += other.at
                entity.body = True
                del full[other.words]


def _joined(entities: list[_Entity]) -> list[_Entity]:
    """Short forms put under the one longer name that they can stand for; where there are two, they stay alone."""
    by_word: dict[str, list[_Entity]] = defaultdict(list)
    for entity in entities:
        for word in set(entity.words):
            by_word[word].append(entity)
    kept = []
    for entity in sorted(entities, key=lambda e: len(e.words)):
        longer = _longer(entity, by_word)
        if longer is None:
            kept.append(entity)
        else:
            longer.at = sorted({*longer.at, *entity.at})
    return kept


def _longer(entity: _Entity, by_word: dict[str, list[_Entity]]) -> _Entity | None:
    """The one person whose name has all words of a shorter one, the surname above all."""
    if entity.body:
        return None
    others = [
        e
        for e in by_word[entity.words[-1]]
        if len(e.words) > len(entity.words) and not e.body and set(entity.words) <= set(e.words)
    ]
    ending = [e for e in others if e.words[-1] == entity.words[-1]]
    chosen = ending or others
    fullest = max(chosen, key=lambda e: len(e.words), default=None)
    if fullest is None or not all(set(e.words) <= set(fullest.words) for e in chosen):
        return None
    return fullest
