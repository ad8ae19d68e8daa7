"""Words of a report as tokens, and which of them say a country: names, adjectives, peoples, seats, institutions.

The words are a table of our own (`data/nationalities.toml`), read as written: "US" is a country and "us" is not,
"Polish" is and "polish" is not. Words of several countries ("Congo", "Korean") count only where the report names just
one of these countries in other words; "Georgia", also a state of the U.S., needs a sign of the Caucasus. Phrases that
merely hold a country's word ("Latin American", "Niger Delta") name none.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from sayso.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# Abbreviations with full stops are one token, a possessive is one of its own; names keep their apostrophes (N'Djamena).
_TOKEN = re.compile(r"(?:[A-Z]\.){2,}|[^\W_]+(?:['’](?!s\b)[^\W_]+)*|['’]s\b|\S")


class Token(NamedTuple):
    """One word or mark: where it stands, and its letters without accents, as written and in lower case."""

    start: int
    end: int
    word: str
    low: str

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.word[:1].isupper()


def plain(text: str) -> str:
    """`text` without accents and with straight apostrophes."""
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text.replace("’", "'").replace("ı", "i").replace("ø", "o").replace("ł", "l"))
    return "".join(char for char in apart if not unicodedata.combining(char))


def fold(name: str) -> str:
    """The form in which names are compared: lower case, no accents, no marks. "Al-Nusra" and "al Nusra" are one."""
    bare = plain(name).lower().replace(".", "").replace("'", "")
    return " ".join(re.findall(r"[^\W_]+", bare))


def tokens_of(text: str) -> list[Token]:
    """The tokens of `text`, in order."""
    found = []
    for match in _TOKEN.finditer(text):
        word = plain(match[0]) or match[0]  # a mark alone, of which nothing plain is left
        found.append(Token(match.start(), match.end(), word, word.lower()))
    return found


T = TypeVar("T")


class Phrases(Generic[T]):
    """Finds the longest known phrase at each token, without overlaps, in one pass."""

    def __init__(self) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], T]]] = defaultdict(list)

    def add(self, phrase: str, value: T) -> None:
        """`phrase` as written, or in the form that `find`'s words will have."""
        words = tuple(token.word for token in tokens_of(phrase))
        self._by_first[words[0]].append((words, value))

    def seal(self) -> Phrases[T]:
        """Longest first, the first added before others as long."""
        for known in self._by_first.values():
            known.sort(key=lambda item: -len(item[0]))
        return self

    def find(self, words: Sequence[str]) -> Iterator[tuple[int, int, T]]:
        """``(first, last, value)`` for each phrase of `words`, `last` exclusive."""
        at = 0
        while at < len(words):
            for phrase, value in self._by_first.get(words[at], ()):
                if len(phrase) == 1 or tuple(words[at : at + len(phrase)]) == phrase:
                    yield at, at + len(phrase), value
                    at += len(phrase) - 1
                    break
            at += 1


class Said(StrEnum):
    """How a word says a country."""

    NAME = "name"
    ADJECTIVE = "adjective"
    PEOPLE = "people"
    SEAT = "seat"
    INSTITUTION = "institution"
    TOWN = "town"


class _Meaning(NamedTuple):
    """What a phrase of the table stands for: one country, several to choose from, or none at all."""

    codes: tuple[str, ...]
    said: Said
    sector: str | None = None


@dataclass(frozen=True, slots=True)
class CountryWord:
    """Tokens ``[first, last)`` that say a country; `code` is None where they name several and `reason` says which."""

    first: int
    last: int
    code: str | None
    said: Said
    sector: str | None = None
    reason: str | None = None


def data(name: str) -> dict[str, Any]:
    """A table of the package's data folder."""
    try:
        return tomllib.loads(resources.files("sayso.data").joinpath(name).read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as exc:
        raise DataError(f"{name} of the package cannot be read: {exc}; reinstall sayso") from exc


# The small words of `data/wording.toml`, by the name of their list.
WORDS: dict[str, frozenset[str]] = {name: frozenset(words.split()) for name, words in data("wording.toml").items()}


def _split(words: str) -> list[str]:
    return [word for word in words.split(", ") if word]


class _Table(NamedTuple):
    phrases: Phrases[_Meaning]
    signs: Phrases[str]  # what only one reading of an ambiguous word goes with
    people: frozenset[str]  # country words that are also people's names


@cache
def _table() -> _Table:
    raw = data("nationalities.toml")
    phrases, signs = Phrases[_Meaning](), Phrases[str]()
    for phrase in raw["nobody"]["phrases"]:
        _add(phrases, phrase, _Meaning((), Said.NAME))
    for word, codes in raw["ambiguous"].items():
        _add(phrases, word, _Meaning(tuple(codes), Said.NAME))
    for code, (names, adjectives, people, seats) in raw["countries"].items():
        derived = [f"{word}s" for word in _split(adjectives) if word[-1] in "ni"]
        rows = ((names, Said.NAME), (adjectives, Said.ADJECTIVE), (people, Said.PEOPLE), (seats, Said.SEAT))
        for words, said in (*rows, (", ".join(derived), Said.PEOPLE)):
            for word in _split(words):
                _add(phrases, word, _Meaning((code,), said))
    for code, bodies in raw["institutions"].items():
        for names, sector in bodies:
            for word in _split(names):
                _add(phrases, word, _Meaning((code,), Said.INSTITUTION, sector))
    for code, words in raw["signs"].items():
        for word in words:
            signs.add(word, code)
    return _Table(phrases.seal(), signs.seal(), frozenset(raw["people"]["words"]))


def _add(phrases: Phrases[_Meaning], phrase: str, meaning: _Meaning) -> None:
    """As written, and as headlines write it."""
    phrases.add(phrase, meaning)
    if len(phrase) > 3 and phrase.upper() != phrase:
        phrases.add(phrase.upper(), meaning)


def may_be_person(word: str) -> bool:
    """Whether a country's word is also borne by people, like Jordan or Chad."""
    return word in _table().people


def country_words(tokens: Sequence[Token]) -> list[CountryWord]:
    """Every word of a report that says a country; ambiguous ones settled by the rest of the report, or left open."""
    words = [token.word for token in tokens]
    table = _table()
    found = list(table.phrases.find(words))
    named = {meaning.codes[0] for _, _, meaning in found if len(meaning.codes) == 1}
    named |= {code for _, _, code in table.signs.find(words)}
    return [
        _settled(first, last, meaning, named, " ".join(words[first:last]))
        for first, last, meaning in found
        if meaning.codes
    ]


def _settled(first: int, last: int, meaning: _Meaning, named: Iterable[str], word: str) -> CountryWord:
    if len(meaning.codes) == 1:
        return CountryWord(first, last, meaning.codes[0], meaning.said, meaning.sector)
    left = [code for code in meaning.codes if code in named]
    if len(left) == 1 and len(left[0]) == 2 and left[0] != "EU":
        said = Said.PEOPLE if word.endswith("ans") else Said.ADJECTIVE if word.endswith(("n", "ese")) else Said.NAME
        return CountryWord(first, last, left[0], said)
    which = " or ".join(left or meaning.codes)
    return CountryWord(first, last, None, meaning.said, reason=f"'{word}' may be {which} in this report")
