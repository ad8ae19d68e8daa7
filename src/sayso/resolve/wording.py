"""What the words of a noun phrase say by themselves: its country, its sector, the proper name at its head.

"Israeli police" is IL and COP by its own words, "Saudi-led coalition" has no country, "Russia's ambassador to Turkey"
is Russia's. Nothing here looks at the rest of the report, but for three things that need it: which reading an ambiguous
country word has, whether a word at the start of a sentence is a name, and whether "Jordan" is part of one.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from sayso.model import Mention, MentionKind, Span
from sayso.resolve import known
from sayso.resolve.names import WORDS, CountryWord, Said, Token, country_words, fold, may_be_person, tokens_of
from sayso.resolve.roles import Role, head_role, is_former, lapsed, roles_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_Found = TypeVar("_Found", CountryWord, Role)

_HEADLINE = 0.8  # of the longer words; names in plain text seldom fill more than half a sentence
DETERMINERS = WORDS["determiners"]
HONORIFICS = WORDS["honorifics"]
PARTICLES = WORDS["particles"]
_ARTICLES = WORDS["joined_articles"]
_OPENERS = WORDS["openers"]
_STOPS = WORDS["stops"]
_REACH = 6  # words around a country's word that a known organisation's name may hold
_WITHIN = frozenset(("of", "the", "for", "and", "on", "in", "-"))
_STATES = frozenset(("republic", "federation", "kingdom", "union"))
_MARKS = frozenset(',;:()[]—–"“”…!?/')
_HELD_OFF = WORDS["held_off"]
_AGAINST = WORDS["against"]
_RELATED = WORDS["related"]
_PARTS = WORDS["parts"]
_SPOKEN_FOR = WORDS["spoken_for"]
# Those who are in a country are not of it when they are these.
_ABROAD = frozenset(("MIL", "REF", "JRN", "NGO", "UNO", "IGO", "EUR", "IMG", "MNC", "BUS", "PRM", "UAF"))
_MANY_NATIONS = frozenset(("UNO", "IGO", "EUR", "NGO", "IMG", "MNC"))
_SURNAMES = WORDS["surnames"]
_MODIFIERS = WORDS["modifiers"]


class Clue(NamedTuple):
    """One thing learnt: the value, and the words that say it."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Own:
    """What a phrase says by its own words. `problem` says why it has no country although it has country words."""

    country: Clue | None = None
    sector: Clue | None = None
    problem: str | None = None
    role: Role | None = None


def within(found: Sequence[_Found], first: int, last: int) -> Sequence[_Found]:
    """Those of `found`, sorted by their first token, that begin in ``[first, last)``; a text may hold very many."""
    low = bisect_left(found, first, key=lambda item: item.first)
    return found[low : bisect_left(found, last, lo=low, key=lambda item: item.first)]


class Wording:
    """A report's tokens with what each of them is: part of a country's word, of a role, of a proper name."""

    def __init__(self, text: str, mentions: Sequence[Mention]) -> None:
        self.text = text
        self.tokens = tokens_of(text)
        self._folds = [
            token.low.replace(".", "").replace("'", "") if token.word[0].isalnum() else "" for token in self.tokens
        ]
        self._around: dict[tuple[int, int], bool] = {}
        self._starts = [token.start for token in self.tokens]
        self._persons = self._covered(mentions, MentionKind.PERSON)
        self._named = self._persons | self._covered(mentions, MentionKind.ORGANIZATION)
        self.countries = country_words(self.tokens)
        self.country_at = _spread(self.countries, len(self.tokens))
        self.roles = [role for role in roles_of(self.tokens) if not self._within_country(role)]
        self.role_at = _spread(self.roles, len(self.tokens))
        self._lower = {token.word for token in self.tokens}
        self._shouting = self._headlines()
        self._plain_capitals = {
            t.word
            for at, t in enumerate(self.tokens)
            if t.capital and not self._shouting[at] and not self.starts_sentence(at)
        }
        self.name_at = [self._is_name(at) for at in range(len(self.tokens))]
        self._drop_bearers()
        self.codes = {word.code for word in self.countries if word.code}

    def _covered(self, mentions: Sequence[Mention], kind: MentionKind) -> set[int]:
        return {at for mention in mentions if mention.kind == kind for at in range(*self.range_of(mention.span))}

    def _within_country(self, role: Role) -> bool:
        """Whether a role's word is part of a country's: the States of the United States."""
        word = self.country_at[role.first]
        return bool(word and word.last >= role.last and word.last - word.first > role.last - role.first)

    def range_of(self, span: Span) -> tuple[int, int]:
        """The tokens that lie within `span`, as ``first, last``."""
        first = bisect_left(self._starts, span.start)
        last = bisect_left(self._starts, span.end)
        return first, max(first, last)

    def words(self, first: int, last: int) -> str:
        """The text of tokens ``[first, last)``, verbatim."""
        return self.text[self.tokens[first].start : self.tokens[last - 1].end] if first < last else ""

    def starts_sentence(self, at: int) -> bool:
        """Whether nothing of its sentence stands before token `at`."""
        if at == 0:
            return True
        before = self.tokens[at - 1]
        return before.word in '.!?:"“”-–—•' or "\n" in self.text[before.end : self.tokens[at].start]

    def _headlines(self) -> list[bool]:
        """Which tokens stand in a line that writes nearly all its words with capitals: there a capital says nothing."""
        found = [False] * len(self.tokens)
        for first, last in self._stretches():
            long = [token for token in self.tokens[first:last] if len(token.word) > 3 and token.word.isalpha()]
            closed = last > first and self.tokens[last - 1].word == "."  # headlines have no full stop
            if len(long) > 3 and not closed and sum(token.capital for token in long) > _HEADLINE * len(long):
                found[first:last] = [True] * (last - first)
        return found

    def _stretches(self) -> Iterator[tuple[int, int]]:
        """The report cut at line ends, at the ends of sentences and at dashes with a space on one side."""
        first = 0
        for at in range(1, len(self.tokens)):
            token, before = self.tokens[at], self.tokens[at - 1]
            gap = self.text[before.end : token.start]
            if "\n" in gap or before.word in ".!?" or (token.word in "-—–" and gap):
                yield first, at
                first = at
        yield first, len(self.tokens)

    def _is_name(self, at: int) -> bool:
        token = self.tokens[at]
        if token.low in _ARTICLES and self._joined(at) and self.tokens[at + 2].capital and not self.role_at[at]:
            return True
        if not token.capital or self.country_at[at]:
            return False
        if self.role_at[at] or token.low in HONORIFICS:
            return self._is_surname(at)
        return at in self._named or self._looks_named(at)

    def _looks_named(self, at: int) -> bool:
        """Whether a capital that is no title's and no country's makes a name."""
        token = self.tokens[at]
        if token.low in _STATES or (token.low in _OPENERS and (self.starts_sentence(at) or len(token.low) > 2)):
            return False
        if self._shouting[at]:
            return token.word in self._plain_capitals
        return not (self.starts_sentence(at) and token.low in self._lower)

    def _is_surname(self, at: int) -> bool:
        """A role's word that closes a name: Stephen King, not the Supreme Court."""
        role = self.role_at[at]
        before = self.tokens[at - 1] if at else None
        return bool(
            role
            and role.last - role.first == 1
            and self.tokens[at].low in _SURNAMES
            and before
            and before.capital
            and before.low not in _OPENERS
            and not self.role_at[at - 1]
            and not self.country_at[at - 1]
        )

    def _joined(self, at: int) -> bool:
        """Whether a hyphen ties token `at` to the one after it."""
        return (
            at + 2 < len(self.tokens)
            and self.tokens[at + 1].word == "-"
            and self.tokens[at].end == self.tokens[at + 1].start
        )

    def _drop_bearers(self) -> None:
        """Take country words that are part of somebody's name for that: Michael Jordan, Chad Smith."""
        for word in self.countries:
            if word.last - word.first > 1 or not may_be_person(self.tokens[word.first].word):
                continue
            if self._is_borne(word):
                self.country_at[word.first] = None
                self.name_at[word.first] = True
        self.countries = [word for word in self.countries if self.country_at[word.first] is word]

    def _is_borne(self, word: CountryWord) -> bool:
        at = word.first
        if at in self._persons:
            return word.said != Said.ADJECTIVE
        before = at > 0 and self.name_at[at - 1] and self._beside(at - 1)
        after = word.last < len(self.tokens) and self.name_at[word.last] and self._beside(at)
        titled = at > 0 and self.tokens[at - 1].low.rstrip(".") in {"mr", "mrs", "ms", "miss", "sir"}
        if word.said == Said.ADJECTIVE:
            return bool(before and not after and not (word.last < len(self.tokens) and self.role_at[word.last]))
        return bool(before or titled or (after and word.said in {Said.NAME, Said.SEAT}))

    def _beside(self, at: int) -> bool:
        """Whether only a space parts token `at` from the next."""
        return self.text[self.tokens[at].end : self.tokens[at + 1].start] == " "

    def stop(self, first: int, last: int) -> int:
        """Where the core of the phrase ends: at a preposition, a relative word, a comma, a bracket."""
        for at in range(first, last):
            token = self.tokens[at]
            if self._aside(at, last) or (at > first and self._aside(at - 2, last)):
                continue
            if (token.word in _MARKS and at > first) or (
                token.low in _STOPS and not self.country_at[at] and not self.role_at[at] and at > first
            ):
                return at
        return last

    def _aside(self, at: int, last: int) -> bool:
        """Whether a bracket of one word stands at `at` and the phrase goes on after it: "JD(S) leader"."""
        return at >= 0 and at + 3 < last and self.tokens[at].word == "(" and self.tokens[at + 2].word == ")"

    def own(self, first: int, last: int) -> Own:
        """Country and sector of the phrase by its own words."""
        end = self.stop(first, last)
        if any(token.low.startswith(("neighbor", "neighbour")) for token in self.tokens[first:end]):
            return Own(sector=self._sector(first, end, last)[0])  # Mali's neighbours are not Malian
        if end < last and self.tokens[end].low == "of" and self._counts_only(first, end):
            inner = self.own(end + 1, last)
            if inner.country or inner.sector or inner.problem:
                return inner
        country, problem = self._country(first, end)
        if not country and not problem:
            country, problem = self._tail_country(first, end, last)
        sector, role = self._sector(first, end, last)
        return Own(country, sector, problem, role)

    def _counts_only(self, first: int, end: int) -> bool:
        """Whether the phrase up to its "of" merely counts or gathers: "dozens", "some of the", "members"."""
        kinds = (
            token.low in _PARTS or token.low in DETERMINERS or token.word[0].isdigit()
            for token in self.tokens[first:end]
        )
        return all(kinds) and not any(self.country_at[at] for at in range(first, end))

    def said_in(self, first: int, last: int) -> list[CountryWord]:
        """Country words that count for the phrase: not "Saudi-led", not "anti-American", not inside "African Union"."""
        return [
            word
            for word in within(self.countries, first, last)
            if word.last <= last and not self._held_off(word) and not self._inside_many(word)
        ]

    def _held_off(self, word: CountryWord) -> bool:
        tokens, at = self.tokens, word.last
        if at + 1 < len(tokens) and tokens[at].word in "-–" and tokens[at + 1].low in _HELD_OFF:
            return True
        return word.first > 1 and tokens[word.first - 1].word == "-" and tokens[word.first - 2].low in _AGAINST

    def _inside_many(self, word: CountryWord) -> bool:
        roles = (self.role_at[at] for at in range(word.first, word.last))
        return (
            any(role and role.sector in _MANY_NATIONS for role in roles)
            or self.known_around(word.first, word.last) is not None
        )

    def folded(self, first: int, last: int) -> str:
        """Tokens ``[first, last)`` as `names.fold` gives them, from the tokens' own folded forms."""
        return " ".join(filter(None, self._folds[first:last]))

    def known_around(self, first: int, last: int) -> known.Fact | None:
        """An organisation of many nations whose name holds these tokens and more."""
        low, high = first, last
        while low > max(0, first - _REACH) and self._within_names(low - 1):
            low -= 1
        while high < min(len(self.tokens), last + _REACH) and self._within_names(high):
            high += 1
        for start in range(low, first + 1):
            for end in range(last, high + 1):
                if end - start > max(1, last - first):
                    for fact in known.facts(self.folded(start, end)):
                        if fact.kind == "o" and fact.country is None:
                            return fact
        return None

    def _within_names(self, at: int) -> bool:
        return self.tokens[at].capital or self.tokens[at].low in _WITHIN

    def _country(self, first: int, end: int) -> tuple[Clue | None, str | None]:
        """The one country of a core; two, or an unsettled word, are a problem."""
        words = self.said_in(first, end)
        codes = {word.code for word in words if word.code}
        if len(codes) > 1:
            return None, "names " + " and ".join(sorted(codes)) + " together: no single country"
        if codes:
            word = next(word for word in words if word.code)
            return Clue(codes.pop(), self.words(word.first, word.last)), None
        open_word = next((word.reason for word in words if word.reason), None)
        return (None, open_word) if open_word else (self._town(first, end), None)

    def _town(self, first: int, end: int) -> Clue | None:
        """A town or province beside a role: "Kandahar police". Alone, or in a name, it says nothing."""
        at = first
        while at < end:
            stop = at
            while stop < end and self.name_at[stop]:
                stop += 1
            if stop > at and stop < end and self.role_at[stop] and not self._is_surname(stop):
                words = self.words(at, stop)
                code = known.town(fold(words))
                if code and (at == first or self.tokens[at - 1].low not in HONORIFICS):
                    return Clue(code, words)
            at = max(stop, at) + 1
        return None

    def _tail_country(self, first: int, end: int, last: int) -> tuple[Clue | None, str | None]:
        """The country after "of", "from", "in" or "for", where that says whose the head is."""
        core = {token.low for token in self.tokens[first:end]}
        sector = head_role([role for role in within(self.roles, first, end) if role.last <= end])
        while end < last:
            stop, word = self.stop(end + 1, last), self.tokens[end].low
            allowed = (
                (word == "of" and not core & _RELATED)
                or word == "from"
                or (word == "for" and bool(core & _SPOKEN_FOR))
                or (word in {"in", "at"} and bool(sector) and sector is not None and sector.sector not in _ABROAD)
            )
            if not allowed:
                return None, None
            country, problem = self._country(end + 1, stop)
            if country or problem:
                return country, problem
            if town := self._tail_town(end + 1, stop):
                return town, None
            end = stop
        return None, None

    def _tail_town(self, first: int, stop: int) -> Clue | None:
        while first < stop and self.tokens[first].low in DETERMINERS:
            first += 1
        last = first
        while last < stop and self.name_at[last]:
            last += 1
        words = self.words(first, last)
        code = known.town(fold(words)) if words else None
        return Clue(code, words) if code else None

    def _sector(self, first: int, end: int, last: int) -> tuple[Clue | None, Role | None]:
        roles = self._roles_in(first, end)
        head = head_role(roles)
        strong = head is not None and not head.weak
        if not strong and roles and end < last and self.tokens[end].low in {"of", "for"}:
            beyond = head_role(self._roles_in(end + 1, self.stop(end + 1, last)))
            head = beyond if beyond and not beyond.weak else head
        if head is not None and head.weak and self._of_another(head, end, last):
            return None, head
        if head is None:
            return self._sector_of_country(first, end), roles[-1] if roles else None
        sector = head.sector
        if any(is_former(token.low) for token in self.tokens[first : max(head.first, first)]):
            sector = lapsed(sector)
        return Clue(sector, self.words(head.first, head.last)), roles[-1] if roles else head

    def _of_another(self, head: Role, end: int, last: int) -> bool:
        """Whether a weak head is a named body's of which nothing is known: "ASUU President"."""
        before = head.first and self.name_at[head.first - 1] and self._beside(head.first - 1)
        tail = range(end + 1, self.stop(end + 1, last)) if end < last and self.tokens[end].low == "of" else range(0)
        return bool(before) or (any(self.name_at[at] for at in tail) and not any(self.country_at[at] for at in tail))

    def _roles_in(self, first: int, end: int) -> list[Role]:
        """Roles of the core, institutions among them, names left out."""
        roles = [role for role in within(self.roles, first, end) if role.last <= end and not self.name_at[role.first]]
        roles += [
            Role(word.first, word.last, word.sector, weak=False)
            for word in self.said_in(first, end)
            if word.sector and not any(role.first < word.last and word.first < role.last for role in roles)
        ]
        return sorted(roles)

    def _sector_of_country(self, first: int, end: int) -> Clue | None:
        """A country or its seat alone stands for its government, a people for itself."""
        words = self.said_in(first, end)
        if len(words) != 1 or words[0].code is None:
            return None
        rest = [
            token for at, token in enumerate(self.tokens[first:end], first) if not words[0].first <= at < words[0].last
        ]
        said = words[0].said
        if said == Said.PEOPLE:
            return Clue("CVL", self.words(words[0].first, words[0].last))
        bare = all(token.low in DETERMINERS for token in rest)
        if bare and said in {Said.NAME, Said.SEAT}:
            return Clue("GOV", self.words(words[0].first, words[0].last))
        return None

    def runs(self) -> Iterator[tuple[int, int]]:
        """Stretches of capitalised words that belong together: titles, countries and names side by side."""
        at, total = 0, len(self.tokens)
        while at < total:
            if not self._opens_run(at):
                at += 1
                continue
            last = at + 1
            while (step := self._goes_on(last)) > 0:
                last += step
            yield at, last
            at = last

    def _opens_run(self, at: int) -> bool:
        token = self.tokens[at]
        if self.name_at[at]:
            return True
        return token.capital and bool(self.country_at[at] or self.role_at[at] or token.low in HONORIFICS)

    def _goes_on(self, at: int) -> int:
        """How many tokens at `at` carry the run on: 0 where it ends."""
        if at >= len(self.tokens) or "\n" in self.text[self.tokens[at - 1].end : self.tokens[at].start]:
            return 0
        if self._opens_run(at):
            return 1
        return self._joins(at) if at + 1 < len(self.tokens) else 0

    def _joins(self, at: int) -> int:
        """How many tokens tie one capitalised word to the next: a hyphen, the stop of an initial, "bin", "de la"."""
        token, before = self.tokens[at], self.tokens[at - 1]
        if token.word == "-" and before.end == token.start and token.end == self.tokens[at + 1].start:
            return 2  # Suk-yeol, Guinea-Bissau
        if token.word == "." and before.end == token.start and (len(before.word) == 1 or before.low in HONORIFICS):
            return 2 if self._opens_run(at + 1) else 0
        ahead = at
        while ahead < len(self.tokens) and (self.tokens[ahead].low in PARTICLES or self.tokens[ahead].word == "-"):
            ahead += 1
        particles = token.low in PARTICLES and self.name_at[at - 1]
        return ahead - at + 1 if particles and ahead < len(self.tokens) and self.name_at[ahead] else 0

    def phrase_start(self, first: int) -> int:
        """Where the noun phrase begins whose name stands at `first`: its titles, countries and adjectives before it."""
        at = first
        while at > 0 and "\n" not in self.text[self.tokens[at - 1].end : self.tokens[at].start]:
            before = self.tokens[at - 1]
            owner = before.word in {"'s", "’s"} and at > 1 and self.country_at[at - 2]
            fits = (
                self.country_at[at - 1] or self.role_at[at - 1] or before.low in HONORIFICS or before.low in _MODIFIERS
            )
            dot = before.word == "." and at > 1 and self.tokens[at - 2].low in HONORIFICS
            if not (fits or owner or dot):
                tied = (
                    before.word == "-"
                    and before.end == self.tokens[at].start
                    and at > 1
                    and self.tokens[at - 2].end == before.start
                )
                if not tied:
                    break
                at -= 1
            at -= 1
        return max(at, 0)

    def description_start(self, first: int) -> int:
        """`phrase_start`, past an "of" or "to": all of "U.S. ambassador to the United Nations" before Nikki Haley.

        Only past an institution or a state right before the name. In "an aide to Dembele" and "supporters of President
        Maduro" the name is somebody else's than the head's: taking them for one would name an anonymous source.
        """
        start = self.phrase_start(first)
        state = start > 0 and self.tokens[start - 1].low in _STATES
        at = start - state
        at -= at > 0 and self.tokens[at - 1].low == "the"
        if at < 2 or self.tokens[at - 1].low not in {"of", "to", "for", "at"} or not self.role_at[at - 2]:
            return start
        before = self.role_at[first - 1]
        institution = start < first and before is not None and before.sector in _MANY_NATIONS
        outer = self.phrase_start(at - 2)
        unnamed = outer > 0 and self.tokens[outer - 1].low in {"a", "an", "one", "another", "some", "several"}
        return outer if (state or institution) and not unnamed else start


def _spread(items: Sequence[Role] | Sequence[CountryWord], total: int) -> list:  # type: ignore[type-arg]
    at: list[Role | CountryWord | None] = [None] * total
    for item in items:
        for index in range(item.first, item.last):
            at[index] = item
    return at


__all__ = ["Clue", "Own", "Token", "Wording"]
