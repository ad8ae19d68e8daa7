"""Role nouns to PLOVER sectors: "soldiers" MIL, "police union" LAB, "former minister" ELI (`data/sectors.toml`).

The longest phrase wins, then the last one of the noun phrase, for English puts the head last. Weak words ("leader",
"spokesman", "chief") say little themselves: they take the sector of the strong word before them.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from sayso.resolve.names import Phrases, data

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sayso.resolve.names import Token


class Role(NamedTuple):
    """Tokens ``[first, last)`` that name a role; `sector` is empty for a weak word that says none by itself."""

    first: int
    last: int
    sector: str
    weak: bool


class _Roles(NamedTuple):
    phrases: Phrases[tuple[str, bool]]
    former: frozenset[str]
    lapses: frozenset[str]  # sectors that "former" makes ELI


@cache
def _roles() -> _Roles:
    raw = data("sectors.toml")
    phrases = Phrases[tuple[str, bool]]()
    for sector, words in raw["strong"].items():
        for word in words:
            _add(phrases, word, (sector, False))
    for word, sector in raw["weak"]["words"].items():
        _add(phrases, word.replace("_", " "), (sector, True))
    former = raw["former"]
    return _Roles(phrases.seal(), frozenset(former["words"]), frozenset(former["sectors"]))


def _add(phrases: Phrases[tuple[str, bool]], word: str, value: tuple[str, bool]) -> None:
    """The word, its plural, and the plural of the first word of "X of Y"."""
    phrases.add(word, value)
    if not word.endswith("s"):
        phrases.add(f"{word[:-1]}ies" if word.endswith("y") and word[-2] not in "aeiou" else _plural(word), value)


def _plural(word: str) -> str:
    return f"{word}es" if word.endswith(("ch", "sh", "x")) else f"{word}s"


def roles_of(tokens: Sequence[Token]) -> list[Role]:
    """Every role noun or phrase of a report, in order."""
    return [
        Role(first, last, sector, weak)
        for first, last, (sector, weak) in _roles().phrases.find([token.low for token in tokens])
    ]


def is_former(word: str) -> bool:
    """Whether `word` says that an office is over."""
    return word in _roles().former


def lapsed(sector: str) -> str:
    """The sector of somebody who was of `sector` and is no more."""
    return "ELI" if sector in _roles().lapses else sector


# "Hamas gunmen" are of Hamas: who carries the weapon yields to the group named before.
_ARMED = frozenset(("REB", "IMG", "MIL", "PRM", "CRM", "COP"))


def head_role(roles: Sequence[Role]) -> Role | None:
    """The role that a noun phrase's roles come to: the last strong one, else the last weak one that says anything."""
    strong = [role for role in roles if not role.weak]
    if strong and strong[-1].sector == "UAF":
        return next((role for role in reversed(strong) if role.sector in _ARMED), strong[-1])
    if strong:
        return strong[-1]
    return next((role for role in reversed(roles) if role.sector), None)
