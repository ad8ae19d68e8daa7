"""What a ledger answers: claims or incidents that are fetched as they are looked at, and go into tables when asked.

>>> found = ledger.claims(book, type="COERCE", country="ML")
>>> for one in found: ...
>>> found.to_pandas()
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow  # type: ignore[import-untyped]

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Page(Protocol[T_co]):
    """Some of what was asked for, in order; `after` is the cursor of the next page, None on the last."""

    @property
    def found(self) -> tuple[T_co, ...]:
        """What this page holds."""

    @property
    def after(self) -> str | None:
        """From where the next page goes on."""


def paged(
    page_of: Callable[[int, str | None], Page[T]], *, at_once: int, limit: int | None, after: str | None
) -> Iterator[T]:
    """What `page_of` (how many, after which cursor) gives, page after page, `limit` of it or all."""
    while limit is None or limit > 0:
        page = page_of(min(limit or at_once, at_once), after)
        yield from page.found
        limit = None if limit is None else limit - len(page.found)
        after = page.after
        if after is None:
            return


class Answer(Generic[T]):
    """Claims or incidents in the order of the ledger. Looking through it twice asks twice; nothing is kept in memory.

    `phrase` says in words what is kept. Tables need pandas, polars or pyarrow and raise `ConfigError` without them.
    """

    def __init__(self, fetch: Callable[[], Iterator[T]], count: Callable[[], int], what: str, phrase: str) -> None:
        self._fetch = fetch
        self._count = count
        self._going: Iterator[T] | None = None
        self.what = what
        self.phrase = phrase

    def __iter__(self) -> Iterator[T]:
        return self._fetch()

    def __next__(self) -> T:
        """One at a time, from where the last call stopped."""
        if self._going is None:
            self._going = self._fetch()
        return next(self._going)

    def __getitem__(self, index: int) -> T:
        if index < 0:
            raise IndexError("an answer is looked through from its beginning; take list(...) of it first")
        found: T | None = next(islice(self._fetch(), index, None), None)
        if found is None:
            raise IndexError(f"there are not that many {self.what}")
        return found

    def __repr__(self) -> str:
        return f"<{self.what} {self.phrase}>" if self.phrase else f"<all {self.what}>"

    def count(self) -> int:
        """How many there are, without fetching them."""
        return self._count()

    def to_arrow(self) -> pyarrow.Table:
        """An Arrow table, a row each."""
        from sayso.frames import arrow_of  # noqa: PLC0415 - tables are optional

        return arrow_of(self)

    def to_pandas(self) -> pandas.DataFrame:
        """A pandas data frame with nullable types, so that what is missing stays missing."""
        from sayso.frames import pandas_of  # noqa: PLC0415

        return pandas_of(self)

    def to_polars(self) -> polars.DataFrame:
        """A polars data frame."""
        from sayso.frames import polars_of  # noqa: PLC0415

        return polars_of(self)
