"""How the encoder sees words that somebody marked: without a reading, for nothing is looked for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sayso.model import Span
from sayso.reader import sentences, tokens
from sayso.reader.decode import Floats
from sayso.reader.network import Network
from sayso.reader.reader import OVERLAP, WINDOW, most_central


def views(network: Network, text: str, spans: Sequence[Span]) -> list[bytes]:
    """The vector of each span, as claims carry it; empty where no projection fits the weights."""
    return network.vectors(pooled(network, text, spans)) if spans else []


def pooled(network: Network, text: str, spans: Sequence[Span]) -> Floats:
    """The mean hidden state of each span (spans, width), in the window where it stands farthest from an edge."""
    pieces = tokens.encode(network.tokenizer, text)
    found = tokens.windows(pieces, sentences.split(text), size=WINDOW, overlap=OVERLAP)
    places = [pieces.cover(span) or tokens.Window(0, 1) for span in spans]
    best = [most_central(place, found) for place in places]
    hidden = {
        index: network.see(pieces.ids[slice(*found[index])], pieces.shapes[slice(*found[index])]).hidden
        for index in sorted(set(best))
    }
    rows = []
    for place, index in zip(places, best, strict=True):
        first = found[index].start
        rows.append(hidden[index][max(place.start - first, 0) : place.end - first].mean(axis=0))
    return np.stack(rows)
