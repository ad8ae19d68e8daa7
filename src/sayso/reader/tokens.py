"""A text as word pieces with offsets, and the windows in which the network sees them.

Word pieces of an uncased vocabulary lose capitals and line breaks; both tell names and paragraphs apart, so every piece
carries a `shape` beside its id. Windows start at sentences, overlap, and cover every piece: nothing is cut off.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from sayso.model import Span

Ints = npt.NDArray[np.int64]

LOWER, CAPITALISED, CAPITALS, DIGITS = range(4)
SHAPES = 8  # the four above, and the same at the start of a paragraph


class Window(NamedTuple):
    """Pieces ``[start, end)`` that the network sees together."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Pieces:
    """`ids`, `shapes`: (n,); `starts`, `ends`: (n,) character offsets of each piece in the text."""

    ids: Ints
    shapes: Ints
    starts: Ints
    ends: Ints

    def __len__(self) -> int:
        return len(self.ids)

    def cover(self, span: Span) -> Window | None:
        """The pieces that share a character with `span`; None where it holds none (white space)."""
        first = bisect_right(self.ends, span.start)
        last = bisect_left(self.starts, span.end)
        return Window(first, last) if first < last and span.start < span.end else None

    def span(self, window: Window) -> Span:
        """The characters from the first to the last piece of `window`."""
        return Span(int(self.starts[window.start]), int(self.ends[window.end - 1]))


def encode(tokenizer: Tokenizer, text: str) -> Pieces:
    """All word pieces of `text`, without special tokens; `tokenizer` must neither truncate nor pad."""
    encoding = tokenizer.encode(text, add_special_tokens=False)
    offsets = np.asarray(encoding.offsets, dtype=np.int64).reshape(-1, 2)
    ids = np.asarray(encoding.ids, dtype=np.int64)
    keep = offsets[:, 0] < offsets[:, 1]
    offsets, ids = offsets[keep], ids[keep]
    return Pieces(ids, _shapes(text, offsets), offsets[:, 0], offsets[:, 1])


def _shapes(text: str, offsets: Ints) -> Ints:
    shapes, last_end = np.zeros(len(offsets), dtype=np.int64), 0
    for index, (start, end) in enumerate(offsets.tolist()):
        opens_paragraph = index == 0 or "\n" in text[last_end:start]
        shapes[index] = _shape(text[start:end]) + 4 * opens_paragraph
        last_end = end
    return shapes


def _shape(piece: str) -> int:
    if piece[0].isdigit():
        return DIGITS
    if not piece[0].isupper():
        return LOWER
    return CAPITALS if len(piece) > 1 and piece.isupper() else CAPITALISED


def stretches(pieces: Pieces, sentences: Sequence[Span], *, size: int) -> list[Window]:
    """The pieces in stretches of at most `size`, each but the first from a sentence on where it can: what is read at once."""
    total, starts = len(pieces), _sentence_starts(pieces, sentences)
    found: list[Window] = []
    start = 0
    while total - start > size:
        end = _last_between(starts, start + (size + 1) // 2, start + size) or start + size
        found.append(Window(start, end))
        start = end
    return [*found, Window(start, total)]


def windows(
    pieces: Pieces, sentences: Sequence[Span], *, size: int, overlap: int, within: Window | None = None
) -> list[Window]:
    """Windows of at most `size` pieces, over all pieces or those `within`.

    Each starts at a sentence where it can and shares at least `overlap` with the last.
    """
    starts = _sentence_starts(pieces, sentences)
    found: list[Window] = []
    start, total = within or (0, len(pieces))
    while start < total:
        end = min(start + size, total)
        if end < total:
            beyond = found[-1].end + 1 if found else 1  # a window within the one before would show nothing new
            end = _last_between(starts, max(start + size // 2, beyond), end) or end
        found.append(Window(start, end))
        if end == total:
            break
        start = _last_between(starts, start + 1, end - overlap) or max(start + 1, end - overlap)
    return found


def _sentence_starts(pieces: Pieces, sentences: Sequence[Span]) -> list[int]:
    return sorted({bisect_left(pieces.starts, sentence.start) for sentence in sentences})


def _last_between(values: Sequence[int], low: int, high: int) -> int | None:
    """The largest of sorted `values` in ``[low, high]``."""
    at = bisect_right(values, high) - 1
    return values[at] if at >= 0 and values[at] >= low else None
