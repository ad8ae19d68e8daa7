"""A ledger of three invented reports with two incidents, made once; the same that the documentation shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tools.example_ledger import ARRESTS, example

from sayso.export import FORMATS, export
from sayso.ledger import Ledger

ALL = tuple(name for name, form in FORMATS.items() if not form.one_incident)


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """The ledger."""
    with example(tmp_path_factory.mktemp("ledger")) as ledger:
        yield ledger


@pytest.fixture(scope="session")
def out(book: Ledger, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything that is in it, in every format."""
    folder = tmp_path_factory.mktemp("exported") / "out"
    export(book, ALL, folder)
    return folder


@pytest.fixture(scope="session")
def pack(book: Ledger, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The evidence of the incident in which arrests are told."""
    folder = tmp_path_factory.mktemp("packed") / "pack"
    export(book, ["evidence"], folder, incident=ARRESTS)
    return folder
