"""Every error that Sayso raises on purpose.

    SaysoError
    |- InputError      a report or a page cannot be read; the others can
    |  |- FetchError   a page could not be had, or may not be asked for
    |     |- PrivateAddressError  its address is one of a private network
    |- ConfigError     the operator asked for something that does not exist or does not fit together
    |- ExportError     an export failed a check or could not be written; nothing of it is left
    |- DataError       a file that ships with Sayso (model, gazetteer, ontology) is missing, damaged or of another version
       |- LedgerError  a ledger cannot be opened, read or written: not there, locked, full, damaged, or newer than this program

Each message says what was wrong and what to do about it. Boundaries translate foreign exceptions with ``from``.
"""

from __future__ import annotations


class SaysoError(Exception):
    """Root of all errors raised on purpose; catching it catches nothing else."""


class InputError(SaysoError):
    """One report cannot be read. `source` names it (path, URL, or path:line)."""

    def __init__(self, message: str, *, source: str | None = None) -> None:
        super().__init__(f"{source}: {message}" if source else message)
        self.source = source
        self.message = message


class FetchError(InputError):
    """A page could not be fetched, or its address is one that Sayso never asks."""


class PrivateAddressError(FetchError):
    """An address leads into a private network, which is not asked unless the operator allows it."""


class ConfigError(SaysoError):
    """An option, a path or a combination of options does not make sense."""


class ExportError(SaysoError):
    """An export failed a check, or could not be written. Nothing of it is left, and what was there before stays."""


class DataError(SaysoError):
    """A file that Sayso needs to work is missing, damaged, or of another version."""


class LedgerError(DataError):
    """A ledger cannot be used: it is not there, locked, damaged, newer than this program, or has no room. What was stored stays."""
