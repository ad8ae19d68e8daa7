"""What costs much, kept until the ledger changes: most readers ask for the same few."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from markupsafe import Markup
from starlette.responses import Response

from sayso.ledger import Ledger, facets, filters
from sayso.ledger.facets import Facets, Version

T = TypeVar("T")


KEPT = 256  # questions, and as many pages
LARGEST = 200_000  # bytes of a page that is kept
DRAWN = 5_000  # incidents, and as many claims
PATIENT = 20  # counts are kept for so many times as long as they took, so that counting never takes all the time
LONGEST = 60.0  # seconds, for what changes without a new claim or judgement


@dataclass(frozen=True, slots=True)
class Card:
    """An incident of a list: its JSON, and its HTML."""

    data: dict[str, Any]
    html: Markup


class Drawn(Generic[T]):
    """What was made of each key, kept while its stamp is the same and if it `fits`: what many readers look at is drawn once."""

    def __init__(self, most: int = DRAWN, fits: Callable[[T], bool] = lambda _: True) -> None:
        self._most, self._fits = most, fits
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[Hashable, T]] = OrderedDict()

    def all(self, wanted: Mapping[str, Hashable], make: Callable[[list[str]], Iterable[T]]) -> list[T]:
        """Of each key what is kept with its stamp; `make` is given the keys that are missing and makes theirs, in order."""
        with self._lock:
            found = {key: self._kept[key][1] for key, stamp in wanted.items() if self._kept.get(key, ("",))[0] == stamp}
        missing = [key for key in wanted if key not in found]
        found |= zip(missing, make(missing), strict=True) if missing else ()
        with self._lock:
            for key, stamp in wanted.items():
                if not self._fits(found[key]):
                    continue
                self._kept[key] = stamp, found[key]
                self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return [found[key] for key in wanted]


@dataclass(frozen=True, slots=True)
class _Kept:
    """Counts of a version of the ledger: when they were made, and how long that took, in seconds."""

    version: Version
    facets: Facets
    made: float
    took: float

    def holds(self, version: Version, patient: float) -> bool:
        """Whether they may still be shown."""
        age = time.monotonic() - self.made
        return age < patient * self.took or (self.version == version and age < LONGEST)


class Remembered:
    """Counts by question, and drawn incidents and claims. Several threads may ask; each question is counted by one of them."""

    def __init__(self, patient: float = PATIENT) -> None:
        self._patient = patient
        self._lock = threading.Lock()
        self._found: OrderedDict[str, _Kept] = OrderedDict()
        self._asking: dict[str, threading.Lock] = {}
        self.incidents = Drawn[Card]()
        self.claims = Drawn[Markup]()
        self._pages = Drawn[Response](KEPT, lambda page: len(page.body) <= LARGEST)

    def page(self, ledger: Ledger, key: str, draw: Callable[[], Response]) -> Response:
        """A whole page as it was last drawn, or drawn now; `key` says who asks for what."""
        stamp = facets.version(ledger), time.monotonic() // LONGEST
        return self._pages.all({key: stamp}, lambda _: [draw()])[0]

    def facets(self, ledger: Ledger, wanted: filters.Wanted) -> Facets:
        """The facets of a question, counted now or kept from before. Raises as `facets.facets` does."""
        key = repr([(row.name, given) for row, given in wanted.chosen])
        version = facets.version(ledger)
        with self._lock:
            found = self._found.get(key)
            asking = self._asking.setdefault(key, threading.Lock())
        if found and found.holds(version, self._patient):
            return found.facets
        with asking:
            again = self._found.get(key)
            if again and again.holds(version, self._patient):
                return again.facets
            began = time.monotonic()
            counted = facets.facets(ledger, wanted)
        with self._lock:
            self._found[key] = _Kept(version, counted, time.monotonic(), time.monotonic() - began)
            self._found.move_to_end(key)
            while len(self._found) > KEPT:
                gone, _ = self._found.popitem(last=False)
                self._asking.pop(gone, None)
        return counted
