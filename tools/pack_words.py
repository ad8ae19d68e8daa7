"""Pack `src/sayso/data/words.tsv`: stems, in how many of a thousand reports each stands, and the word they are shown as.

    python tools/pack_words.py --shared ../shared

Two reports that share a rare word say more about one another than two that share a common one. Only counts are taken from the
texts: stems that stand in at least one report of a hundred or so are listed, every other word is rare.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from sayso.reconcile.words import WORD, fold, stem

CORPORA = (
    "attribution/polnear-train.jsonl",
    "mentions/worldwide-train.jsonl",
    "coref/ecbplus-train.jsonl",
    "events/m2e2-train.jsonl",
    "events/muc4-train.jsonl",
    "events/meantime.jsonl",
)
LEAST = 12  # reports: below it a count says little
OUTPUT = Path(__file__).resolve().parents[1] / "src/sayso/data/words.tsv"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--shared", type=Path, required=True)
    corpora = options.parse_args().shared / "corpora"
    reports = 0
    counted: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts(corpora):
        reports += 1
        said = [fold(word) for word in WORD.findall(text)]
        counted.update({stem(word) for word in said})
        for word in said:
            forms[stem(word)][word] += 1
    kept = sorted((-count, word) for word, count in counted.items() if count >= LEAST)
    lines = [f"{word}\t{-count * 1000 / reports:.1f}\t{_shown(forms[word])}" for count, word in kept]
    OUTPUT.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{len(lines)} stems of {reports} reports")


def _shown(forms: Counter[str]) -> str:
    """The commonest form; of forms as common the first of the alphabet."""
    return min(forms, key=lambda form: (-forms[form], form))


def texts(corpora: Path) -> Iterator[str]:
    for name in CORPORA:
        for line in (corpora / name).read_text("utf-8").split("\n"):
            if line.strip():
                yield json.loads(line)["text"]


if __name__ == "__main__":
    main()
