"""Writes `docs/notebook.ipynb`: from a folder of articles to a figure, in cells that the tests run.

python tools/make_notebook.py
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

PLACE = Path(__file__).parents[1] / "docs" / "notebook.ipynb"

CELLS: tuple[tuple[str, str], ...] = (
    (
        "markdown",
        """# From a folder of articles to a figure

Three invented reports on one coup plot ship with Sayso. They disagree on how many people were arrested.
This notebook reads them, keeps their claims in a ledger, and draws who gives which number.

`pip install 'sayso[pandas,export]' matplotlib`""",
    ),
    (
        "code",
        """import shutil
from pathlib import Path

import sayso

samples = Path(sayso.__file__).parent / "data" / "samples"
articles = Path("articles")
shutil.copytree(samples, articles, dirs_exist_ok=True)
sorted(path.name for path in articles.iterdir())""",
    ),
    ("markdown", "Read them and keep what they claim. In a shell, `sayso add articles/` does the same."),
    (
        "code",
        """from sayso import ingest, ledger, pipeline

book = pipeline.open_ledger("notebook.db", create=True)
tally = ledger.add(
    ledger.Writer(book, "notebook"),
    ingest.read([articles]),
    lambda reports: map(pipeline.read_report, reports),
)
tally[ledger.Fate.READ], tally[ledger.Fate.FAILED]""",
    ),
    (
        "markdown",
        "A ledger answers in pandas, polars or Arrow. Every number stands beside who gives it and the sentence it was read from.",
    ),
    (
        "code",
        """frame = ledger.claims(book, type="COERCE", mode="arrest").to_pandas()
numbers = frame[frame["count_low"].notna() | frame["count_high"].notna()]
numbers[["published", "outlet", "source_kind", "count_low", "count_high", "sentence"]]""",
    ),
    ("markdown", "Claims that report one event share an incident."),
    (
        "code",
        """from sayso.ledger import incidents

events = incidents.find(book).to_pandas()
events[["event", "country", "count_what", "count_low", "count_high", "differs", "reports", "outlets"]].head()""",
    ),
    (
        "markdown",
        """The figure: one line a claim, from the lowest to the highest number that it gives.
An arrow says that no upper end was said ("at least 20"). No number is chosen, and none is put in the middle.""",
    ),
    (
        "code",
        """import matplotlib.pyplot as plt

shown = numbers.sort_values(["published", "count_low"]).reset_index(drop=True)
low = shown["count_low"].fillna(shown["count_high"]).astype(int)
high = shown["count_high"].fillna(shown["count_low"]).astype(int)
ends = [
    ">" if up else "<" if down else "o"
    for up, down in zip(shown["count_high"].isna(), shown["count_low"].isna(), strict=True)
]

figure, axes = plt.subplots(figsize=(8, 0.6 + 0.5 * len(shown)))
for place, marker in enumerate(ends):
    axes.plot([low[place], high[place]], [place, place], marker=marker, color="black")
axes.set_yticks(range(len(shown)), [f"{row.outlet}: {row.source_kind}" for row in shown.itertuples()])
axes.set_xlabel("people arrested")
axes.set_xlim(left=0)
figure.tight_layout()
figure.savefig("arrests.png", dpi=120)""",
    ),
    ("markdown", "For other programs, and for the reader of your paper: everything at once, with a manifest."),
    (
        "code",
        """from sayso.export import export

done = export(book, ["claims.csv", "incidents.csv", "geojson"], "exported", country="GW")
book.close()
done.files""",
    ),
)


def notebook() -> str:
    """The notebook as its file holds it, without outputs."""
    cells = [_cell(number, kind, text) for number, (kind, text) in enumerate(CELLS)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    made = {
        "cells": cells,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _cell(number: int, kind: str, text: str) -> dict[str, Any]:
    lines = text.splitlines(keepends=True)
    cell: dict[str, Any] = {"cell_type": kind, "id": f"cell-{number}", "metadata": {}, "source": lines}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


if __name__ == "__main__":
    PLACE.write_text(notebook(), "utf-8")
