"""The ledger: every claim of every report, kept with who says so, and nothing lost.

>>> from sayso import ledger
>>> with ledger.open_ledger("sayso.db") as book:
...     for found in ledger.claims(book, type="COERCE", country=["ML"], since="2025-08"):
...         print(found.claim.trigger.of(found.report.text))
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sayso.ledger.adding import Fate, add, outdated, reread
    from sayso.ledger.connect import Ledger, open_ledger
    from sayso.ledger.origins import Copies
    from sayso.ledger.query import claims, failures, reports
    from sayso.ledger.writer import Kept, Writer

__all__ = [
    "Copies",
    "Fate",
    "Kept",
    "Ledger",
    "Writer",
    "add",
    "claims",
    "failures",
    "open_ledger",
    "outdated",
    "reports",
    "reread",
]

_HOMES = {
    "adding": ("Fate", "add", "outdated", "reread"),
    "connect": ("Ledger", "open_ledger"),
    "origins": ("Copies",),
    "query": ("claims", "failures", "reports"),
    "writer": ("Kept", "Writer"),
}


def __getattr__(name: str) -> Any:
    """Loads what is asked for: the filters can be had without the database."""
    from importlib import import_module  # noqa: PLC0415

    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"sayso.ledger.{home}"), name)
    raise AttributeError(f"module 'sayso.ledger' has no attribute {name!r}")
