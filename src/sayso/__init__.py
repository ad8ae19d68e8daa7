"""Sayso reads political news into claims that stand on somebody's word.

    >>> import sayso
    >>> report = sayso.read("Police arrested 12 protesters in Lyon, the union said.", published="2025-08-10")

`read` takes a text, a file or an address; `read_sources` takes many. Everything they give is a frozen value of `sayso.model`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sayso.frames import to_arrow, to_pandas
    from sayso.pipeline import read, read_report, read_sources

__version__ = "0.1.0"
__all__ = ["__version__", "read", "read_report", "read_sources", "to_arrow", "to_pandas"]

_HOMES = {
    "read": "sayso.pipeline",
    "read_report": "sayso.pipeline",
    "read_sources": "sayso.pipeline",
    "to_arrow": "sayso.frames",
    "to_pandas": "sayso.frames",
}


def __getattr__(name: str) -> Any:
    """Loads what is asked for: importing Sayso alone costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sayso' has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - needed here alone

    return getattr(import_module(_HOMES[name]), name)
