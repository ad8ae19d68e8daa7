"""The notebook in the documentation goes from a folder of articles to a figure."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
from tools import make_notebook


def test_it_is_current_and_a_notebook() -> None:
    assert make_notebook.PLACE.read_text("utf-8") == make_notebook.notebook(), "run python tools/make_notebook.py"
    nbformat.validate(json.loads(make_notebook.notebook()))


def test_its_cells_run_in_order_and_leave_a_figure(tmp_path: Path) -> None:
    cells = json.loads(make_notebook.PLACE.read_text("utf-8"))["cells"]
    code = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    environment = os.environ | {"MPLBACKEND": "Agg", "MPLCONFIGDIR": str(tmp_path / "config")}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "arrests.png").read_bytes().startswith(b"\x89PNG")
    assert sorted(path.name for path in (tmp_path / "exported").iterdir()) == [
        "claims.csv",
        "datapackage.json",
        "incidents.csv",
        "incidents.geojson",
    ]
