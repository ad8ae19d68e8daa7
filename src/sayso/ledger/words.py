"""Full text that means the same on both databases: words are folded here, and each database only keeps them.

A search is words that must all occur; `"in quotes"` they must follow each other, `arrest*` stands for every word that begins so.
Case and accents do not matter.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass

from sayso.errors import ConfigError

LONGEST_WORD = 100  # characters; PostgreSQL refuses words above 2,046 bytes
MOST_BYTES = 400_000  # of one text that can be searched; PostgreSQL refuses 1 MB of words and their positions
_LAST_POSITION = 16_383  # PostgreSQL counts no further, nor more than 255 places of one word
_PLACES = 255
_WORD = re.compile(r"[^\W_]+")
_TERM = re.compile(r'"([^"]*)"|(\S+)')


def fold(text: str) -> str:
    """`text` without case and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(c for c in plain if not unicodedata.combining(c)).casefold())


def words(text: str) -> list[str]:
    """The words of `text`, folded."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(fold(text))]


def name(text: str) -> str:
    """The form in which names are compared: folded words with one space between them."""
    return " ".join(words(text))


def searchable(text: str) -> list[str]:
    """The words of `text` as far as they can be searched: up to `MOST_BYTES`."""
    kept, size = [], 0
    for word in words(text):
        size += len(word.encode()) + 1
        if size > MOST_BYTES:
            break
        kept.append(word)
    return kept


def tsvector(kept: list[str]) -> str:
    """Words with their positions as PostgreSQL writes them, past its own parser."""
    places: dict[str, list[str]] = defaultdict(list)
    for position, word in enumerate(kept, 1):
        if len(places[word]) < _PLACES:
            places[word].append(str(min(position, _LAST_POSITION)))
    return " ".join(f"'{word}':{','.join(at)}" for word, at in places.items())


@dataclass(frozen=True, slots=True)
class _Term:
    """Words that follow each other; the last one may only be the beginning of a word."""

    words: tuple[str, ...]
    prefix: bool


def _terms(search: str) -> list[_Term]:
    found = []
    for quoted, bare in _TERM.findall(search):
        parts = tuple(words(quoted or bare))
        if parts:
            found.append(_Term(parts, prefix=bare.endswith("*")))
    if not found:
        raise ConfigError(f"there is no word to look for in {search!r}")
    return found


def plain(search: str) -> bool:
    """Whether a search is of whole words only, neither of phrases nor of beginnings."""
    return all(len(term.words) == 1 and not term.prefix for term in _terms(search))


def fts5(search: str) -> str:
    """A search as FTS5 takes it. Raises `ConfigError` where it has no word."""
    return " AND ".join(f'"{" ".join(term.words)}"{"*" if term.prefix else ""}' for term in _terms(search))


def tsquery(search: str) -> str:
    """A search as PostgreSQL takes it. Raises `ConfigError` where it has no word."""
    return " & ".join(_lexemes(term) for term in _terms(search))


def _lexemes(term: _Term) -> str:
    following = " <-> ".join(f"'{word}'" for word in term.words)
    return f"({following}{':*' if term.prefix else ''})"
