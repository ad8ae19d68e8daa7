"""Who has a name that reports share, and who has none.

Actors of different reports meet under one name on the pages about actors. Only those who are named may: "Abass Dembele", "ECOWAS".
People described ("soldiers", "a figure close to the general") are nobody in particular, and the words of an anonymous source never
meet anything, whatever they hold. Both are kept from meeting here, where claims are stored, and not by whoever asks later.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from sayso.ledger import words
from sayso.model import Actor, Argument, MentionKind, Report, SourceKind, Span

LONGEST = 2000  # characters of a source or mention; the reader's longest hold some hundred

_NAMES = frozenset({MentionKind.PERSON, MentionKind.ORGANIZATION, MentionKind.LOCATION})
# What may stand between the parts of a description of somebody who is not named: "lawyers for", "a source close to".
_LINKS = frozenset("about against among around at by close for from in inside near of to within with".split())


class Names:
    """Who is named in one report."""

    def __init__(self, report: Report) -> None:
        self._text = report.text
        sources = (claim.source for claim in report.claims)
        self._anonymous = sorted(s.span for s in sources if s.kind is SourceKind.ANONYMOUS and s.span)
        self._mentions = sorted(mention.span for mention in report.mentions if mention.kind in _NAMES)

    def named(self, argument: Argument[Actor]) -> str | None:
        """The folded name under which an actor or recipient may meet others; None for those who are not named."""
        actor, span = argument.value, argument.span
        if actor is None or any(_meeting(self._anonymous, span)):
            return None
        folded = words.name(actor.name)
        said = (words.name(mention.of(self._text)) for mention in _meeting(self._mentions, span))
        return folded if any(_covers(name, folded) for name in said) else None


def _meeting(spans: Sequence[Span], span: Span) -> Iterator[Span]:
    """Those of sorted `spans` that overlap `span`; they are a few words long, so that it suffices to look a little before it."""
    for at in range(bisect_left(spans, Span(span.start - LONGEST, 0)), bisect_left(spans, Span(span.end, 0))):
        if spans[at].overlaps(span):
            yield spans[at]


def _covers(said: str, name: str) -> bool:
    """Whether a name is what was said, perhaps with a title or kind; or a part of it."""
    rest = set(name.split()) - set(said.split())
    return rest != set(name.split()) and not rest & _LINKS
