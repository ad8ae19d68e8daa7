"""Packs the country names of rigour (MIT) into `src/sayso/data/countries.tsv`: ISO 3166 alpha-2, then every Latin-script name.

    python tools/pack_countries.py OUTPUT

rigour knows far more names than any list of our own (31 of 31 hard ones right where pycountry fails on 9), but its first
look-up costs three seconds; the same names read from this file cost milliseconds.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pack_gazetteer import latin, normal
from rigour.territories.lookup import _load_territory_names

# Parts of a state that news names like countries; every other part ("us-ga") would take a country's name from it.
PARTS = {"gb-eng": "GB", "gb-sct": "GB", "gb-wls": "GB", "gb-nir": "GB", "so-som": "SO", "ge-ab": "GE", "ru-cc": "RU"}
# Names that are more often something else in English news than the country they may also stand for.
REFUSED = {
    "jordan river",
    "america s",
    "the states",
    "republic",
    "union",
    "congo",
    "korea",
    "korean",
    "congolese",
    "ireland north",
}


def main(output: Path) -> None:
    names: dict[str, set[str]] = {}
    for territory, strong, weak, _ in _load_territory_names():
        code = PARTS.get(territory.code, territory.code.upper())
        if len(code) == 2 and (territory.is_country or territory.code in PARTS or territory.is_jurisdiction):
            spelt = {normal(name) for name in latin([*strong, *weak])}
            names.setdefault(code, set()).update(n for n in spelt if len(n) > 2 and n not in REFUSED)
    taken: dict[str, set[str]] = {}
    for code, spelt in names.items():
        for name in spelt:
            taken.setdefault(name, set()).add(code)
    lines = [
        f"{code}\t" + "|".join(sorted(n for n in spelt if len(taken[n]) == 1)) for code, spelt in sorted(names.items())
    ]
    output.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
