"""The documentation says what there is: commands, fields, columns, types; its examples run, its links lead somewhere."""

from __future__ import annotations

import dataclasses
import doctest
import inspect
import re
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

import sayso
from sayso import errors, layout, model, ontology
from sayso.cli import app
from sayso.ingest.sources import _KIND_BY_SUFFIX
from sayso.model import Counted, Precision, SourceKind, Status

ROOT = Path(__file__).parents[1]
DATA = ROOT / "src/sayso/data"
MAKER = runpy.run_path(str(ROOT / "tools/make_codebook.py"))
PAGES = sorted(path for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), DATA / "SOURCES.md") if path.is_file())
CODEBOOK, FORMATS, API = ((ROOT / "docs" / name).read_text("utf-8") for name in ("codebook.md", "formats.md", "api.md"))
VALUES = [value for _, value in inspect.getmembers(model, dataclasses.is_dataclass) if isinstance(value, type)]


def quoted(page: str) -> set[str]:
    """Everything that a page sets as code, and the single words within it."""
    marks = re.findall(r"`([^`\n]+)`", page)
    return {*marks, *(word for mark in marks for word in re.findall(r"[\w-]+", mark))}


def keys(value: Any) -> Iterator[str]:
    """Every key of a JSON value, at any depth."""
    if isinstance(value, dict):
        yield from value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from keys(item)


def commands() -> list[tuple[str, Any]]:
    """Names and commands of the command line, groups opened."""

    def opened(prefix: str, command: Any) -> Iterator[tuple[str, Any]]:
        yield prefix, command
        for name, inner in getattr(command, "commands", {}).items():
            yield from opened(f"{prefix} {name}", inner)

    return list(opened("sayso", typer.main.get_command(app)))


@pytest.mark.parametrize(("name", "command"), commands(), ids=[name for name, _ in commands()])
def test_every_command_and_option_is_documented(name: str, command: Any) -> None:
    pages = "\n".join(page.read_text("utf-8") for page in PAGES)
    options = {
        word for param in command.params for word in (*param.opts, *param.secondary_opts) if word.startswith("--")
    } - {"--help"}

    assert name in pages
    assert options - quoted(pages) == set()


def test_generated_parts_are_current() -> None:
    stale = [path.name for path, text, wanted in MAKER["pages"]() if text != wanted]

    assert stale == [], "run python tools/make_codebook.py"


def test_every_field_of_a_claim_is_in_the_codebook() -> None:
    wanted = set(layout.claim_json(MAKER["example_report"]().claims[0]))

    assert wanted - quoted(CODEBOOK) == set()


def test_every_key_of_the_json_is_documented() -> None:
    report = MAKER["example_report"]()
    unresolved = dataclasses.replace(report.claims[0], place=model.Argument(model.Span(0, 4), reason="not named"))
    wanted = {*keys(layout.report_json(report)), *keys(layout.claim_json(unresolved))}

    assert wanted - quoted(FORMATS) == set()


def test_every_column_is_documented() -> None:
    assert {name for name, _ in layout.COLUMNS} - quoted(FORMATS) == set()


def test_every_type_mode_and_sector_is_in_the_codebook() -> None:
    headings = set(re.findall(r"^### (\w+)$", CODEBOOK, re.MULTILINE))
    modes = {mode for kind in ontology.TYPES.values() for mode in kind.modes}

    assert set(ontology.TYPES) - headings == set()
    assert (modes | set(ontology.SECTORS)) - quoted(CODEBOOK) == set()


@pytest.mark.parametrize("values", [Status, SourceKind, Counted, Precision])
def test_every_value_of_a_closed_list_is_in_the_codebook(values: type[Status]) -> None:
    assert {str(value) for value in values} - quoted(CODEBOOK) == set()


def test_every_kind_of_file_is_documented() -> None:
    assert set(_KIND_BY_SUFFIX) - quoted(FORMATS) == set()


def test_every_public_name_is_documented() -> None:
    names = {f"sayso.{name}" for name in sayso.__all__ if not name.startswith("__")}
    methods = {name for name, _ in inspect.getmembers(model.Report, inspect.isfunction) if not name.startswith("_")}
    raised = {name for name, _ in inspect.getmembers(errors, inspect.isclass) if name.endswith("Error")}

    assert {name for name in names if name not in API} == set()
    assert {name for name in methods if f"{name}()" not in API} == set()
    assert raised - quoted(API) == set()


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.__name__)
def test_every_field_of_a_value_is_documented(value: type) -> None:
    row = next((line for line in API.splitlines() if line.startswith(f"| `{value.__name__}` |")), "")
    fields = {field.name for field in dataclasses.fields(value)}

    assert fields - quoted(row) == set()


def test_every_data_file_has_its_origin_and_terms() -> None:
    listed = (DATA / "SOURCES.md").read_text("utf-8")
    files = {path.name for path in DATA.iterdir()} - {"__init__.py", "__pycache__", "SOURCES.md"}

    assert {name for name in files if name not in listed} == set()


def test_examples_of_the_python_interface_run() -> None:
    source = "\n".join(re.findall(r"```pycon\n(.*?)```", API, re.DOTALL))
    example = doctest.DocTestParser().get_doctest(source, {}, "docs/api.md", "docs/api.md", 0)
    said: list[str] = []

    failed, tried = doctest.DocTestRunner(verbose=False).run(example, out=said.append)

    assert failed == 0, "".join(said)
    assert tried > 20


def links() -> list[tuple[str, str]]:
    """(page, target) of every link that stays within the repository."""
    found = []
    for page in PAGES:
        text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
        found += [(str(page.relative_to(ROOT)), target) for target in re.findall(r"\]\(([^)\s]+)\)", text)]
    return [(page, target) for page, target in found if not target.startswith(("http://", "https://", "mailto:"))]


def anchors(page: Path) -> set[str]:
    """Fragments of a page's headings, as code hosts make them."""
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    headings = re.findall(r"^#+ +(.+?)\s*$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(("page", "target"), links())
def test_links_lead_somewhere(page: str, target: str) -> None:
    path, _, fragment = target.partition("#")
    there = (ROOT / page).parent / path if path else ROOT / page

    assert there.exists()
    assert not fragment or fragment in anchors(there)
