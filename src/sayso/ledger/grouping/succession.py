"""Which id a group of claims has: ids stay with the larger surviving part, and ids that ended come back with their claims.

A pure function of what was and what is; nothing here reads or writes.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_LENGTH = (
    12  # hexadecimal digits of an id: of a million incidents two share one once in 500 ledgers, and then get others
)


@dataclass(frozen=True, slots=True)
class Group:
    """Claims that now stand together: their numbers, and the lowest of their keys."""

    claims: tuple[int, ...]
    key: str


def kept(groups: Sequence[Group], votes: Iterable[tuple[str, int]]) -> dict[int, str]:
    """The id that each group (by its index) keeps, where it keeps one.

    A vote is an id with a group that one of its claims is now in. The pair with the most votes comes first, of equals the one
    whose group has the lower key, then the lower id; no id goes to two groups, no group has two.
    """
    counted = Counter(votes)
    ranked = sorted(counted, key=lambda vote: (-counted[vote], groups[vote[1]].key, vote[0]))
    found: dict[int, str] = {}
    taken: set[str] = set()
    for name, group in ranked:
        if group not in found and name not in taken:
            found[group] = name
            taken.add(name)
    return found


def heirs(votes: Iterable[tuple[str, int]], names: Mapping[int, str]) -> dict[str, str]:
    """For each id that votes name, the id of the group where most of its claims went; of equals the lower id."""
    counted = Counter((name, names[group]) for name, group in votes)
    found: dict[str, str] = {}
    for name, heir in sorted(counted, key=lambda both: (both[0], -counted[both], both[1])):
        found.setdefault(name, heir)
    return found


def new_id(key: str, count: int = 0) -> str:
    """An id made of the key of a first claim; `count` is for those of the same key when the former are taken."""
    return hashlib.sha256(f"incident\n{key}\n{count}".encode()).hexdigest()[:_LENGTH]
