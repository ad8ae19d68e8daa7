"""`sayso doctor`: whether all that Sayso needs is there and whole."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import typer

from sayso.cli.keeping import JsonOption, LedgerOption
from sayso.cli.output import line

if TYPE_CHECKING:
    from sayso.ledger.health import Check

_LIBRARIES = ("onnxruntime", "tokenizers", "trafilatura", "SQLAlchemy", "alembic", "psycopg")
# What can be installed beside Sayso, by the name of the extra that brings it.
_EXTRAS = {"pandas": "pandas", "pyarrow": "arrow", "polars": "polars", "xlsxwriter": "export"}
_PAGE = f"<html><body><article><p>{'A page of a few words, to be read. ' * 10}</p></article></body></html>".encode()


def doctor(ledger: LedgerOption = "sayso.db", as_json: JsonOption = False) -> None:
    """Check what Sayso needs: versions, model, gazetteer, pages, SQLite, and whether the ledger is whole. Exit code 1 if not."""
    from sayso.ledger.health import Check, ledger_checks

    whole = True
    for check in (*_program_checks(Check), *ledger_checks(ledger)):
        whole = whole and check.ok
        if as_json:
            line(json.dumps({"check": check.name, "ok": check.ok, "said": check.said}, ensure_ascii=False))
        else:
            line(f"{'ok      ' if check.ok else 'PROBLEM '} {check.name}: {check.said}")
    raise typer.Exit(0 if whole else 1)


def _program_checks(check: type[Check]) -> Iterator[Check]:
    """Versions, what could be installed beside, and whether what ships with Sayso is whole and works."""
    from sayso.errors import SaysoError

    yield check("versions", True, _versions())
    yield check("extras", True, _extras())
    for name, probe in _PROBES.items():
        try:
            yield check(name, True, probe())
        except SaysoError as exc:
            yield check(name, False, str(exc))


def _versions() -> str:
    import platform
    from importlib.metadata import version

    import sayso

    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    return f"sayso {sayso.__version__}, Python {platform.python_version()}, {libraries}"


def _extras() -> str:
    from importlib.util import find_spec

    missing = {name: extra for name, extra in _EXTRAS.items() if find_spec(name) is None}
    if not missing:
        return f"all there: {', '.join(_EXTRAS)}"
    wanted = ",".join(sorted(set(missing.values())))
    return f"not there: {', '.join(missing)}; whoever needs them: pip install 'sayso[{wanted}]'"


def _model() -> str:
    from sayso.reader.reader import default_network

    return f"version {default_network().version}, files match their digests"


def _gazetteer() -> str:
    from sayso.resolve import gazetteer

    found = gazetteer.default().named("Bamako")
    return f"whole; finds {found[0].name} ({found[0].country})" if found else "opens"


def _pages() -> str:
    from sayso.ingest.pages import PageReader

    with PageReader() as pages:
        return f"read in a process of their own, {len(pages.read(_PAGE).text.split())} words of a page to try it"


_PROBES: dict[str, Callable[[], str]] = {"model": _model, "gazetteer": _gazetteer, "pages": _pages}
