"""The slots of a report's claims resolved: words to actors, places, dates and counts, or to the reason why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from sayso.model import Actor, Argument, Claim, Count, Date, Place, Report, Span
from sayso.resolve import counts, dates
from sayso.resolve.actors import Actors
from sayso.resolve.gazetteer import Gazetteer, default
from sayso.resolve.places import Places

NO_DAY = "the report has no day of publication"
# Where a claim names no place, its country is taken from these slots in turn, then from the report as a whole. The order by type
# is the one that was right most often on annotated reports: a visit happens at the host's, an arrest at home.
_GROUNDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "CONSULT": ("recipient",),
        "AID": ("recipient",),
        "ASSAULT": ("recipient",),
        "COERCE": ("actor",),
        "CONCEDE": ("actor",),
        "COUP": ("recipient", "actor"),
        "PROTEST": ("actor",),
    }
)
AROUND = 60  # characters on either side of a number that say what it counts and how surely


def resolve(report: Report, gazetteer: Gazetteer | None = None) -> Report:
    """`report` with every argument of its claims resolved; spans and everything else stay as they were read."""
    work = _Work(report, gazetteer or default())
    return replace(report, claims=tuple(work.claim(claim) for claim in report.claims))


class _Work:
    """What the claims of one report share."""

    def __init__(self, report: Report, gazetteer: Gazetteer) -> None:
        self.report = report
        self.actors = Actors(report.text, report.mentions, report.published)
        self.places = Places(report.text, report.mentions, gazetteer)

    def claim(self, claim: Claim) -> Claim:
        """One claim with its slots resolved."""
        actor = tuple(self._actor(argument) for argument in claim.actor)
        recipient = tuple(self._actor(argument) for argument in claim.recipient)
        place = self._place(claim.place)
        country, how = self._country(claim.type, place, {"actor": actor, "recipient": recipient})
        return replace(
            claim,
            actor=actor,
            recipient=recipient,
            place=place,
            country=country,
            country_how=how,
            date=self._date(claim.date, claim.sentence),
            count=self._count(claim),
        )

    def _actor(self, argument: Argument[Actor]) -> Argument[Actor]:
        value, reason = self.actors.resolve(argument.span)
        return replace(argument, value=value, reason=reason)

    def _place(self, argument: Argument[Place] | None) -> Argument[Place] | None:
        if argument is None:
            return None
        value, reason = self.places.resolve(argument.span)
        return replace(argument, value=value, reason=reason)

    def _country(
        self, kind: str, place: Argument[Place] | None, slots: Mapping[str, tuple[Argument[Actor], ...]]
    ) -> tuple[str | None, str]:
        """Where it happened, and which words say so: the place, else an actor as its type has it, else the report as a whole."""
        if place and place.value and place.value.country:
            return place.value.country, "place"
        for slot in _GROUNDS.get(kind, ()):
            named = {argument.value.country for argument in slots[slot] if argument.value and argument.value.country}
            if len(named) == 1:
                return named.pop(), slot
        if self.places.main_country:
            return self.places.main_country, "the country that the report speaks of most"
        return None, "no country named"

    def _date(self, argument: Argument[Date] | None, sentence: Span) -> Argument[Date] | None:
        if argument is None:
            return None
        text = self.report.text
        inside = sentence.start <= argument.span.start and argument.span.end <= sentence.end
        context = (
            sentence.of(text) if inside else text[max(argument.span.start - AROUND, 0) : argument.span.end + AROUND]
        )
        value, reason = dates.resolve(argument.span.of(text), self.report.published, context=context)
        return replace(argument, value=value, reason=reason)

    def _count(self, claim: Claim) -> Argument[Count] | None:
        if claim.count is None:
            return None
        text, span = self.report.text, claim.count.span
        before, after = text[max(span.start - AROUND, 0) : span.start], text[span.end : span.end + AROUND]
        bounds, reason = counts.resolve(span.of(text), before, after)
        if bounds is None:
            return replace(claim.count, reason=reason)
        what = counts.what(claim.trigger.of(text), claim.type, claim.mode, before=before, after=after)
        return replace(claim.count, value=Count(bounds[0], bounds[1], what))
