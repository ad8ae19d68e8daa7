"""The report: its text with claims, attributions and speakers marked, and every claim with its slots."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from sayso import layout, show
from sayso.desk import judged, marks, words
from sayso.desk.page import Answer, Asked, Moved, Page, Param, Refused, segment, to
from sayso.ledger import filters, query, values
from sayso.ledger.query import Stored
from sayso.ledger.team.accounts import Role
from sayso.model import Argument, Claim, Report, Telling

AS_OF = Param("as_of", "What the ledger knew then: a day (its end, UTC), or a moment.")


def stored(asked: Asked) -> Stored:
    """The report that the address names, as of the moment asked for. Raises `Refused` where there is none."""
    moment = filters.wanted({"as_of": asked.one("as_of")}).as_of
    found = query.report(asked.ledger, asked.path["report"], as_of=moment)
    if found is None or (moment and found.known_from > moment):
        raise Refused(404, "there is no such report, or it was not known then")
    return found


def address(report: Report, claim: Claim | None = None, **parameters: str | None) -> str:
    """Where a report is shown, with one of its claims chosen. The key in it lasts, whatever id the report came with."""
    path = f"/reports/{values.report_key(report)[:16]}"
    return to(path, claim=claim.id if claim else None, **parameters) + (f"#c-{segment(claim.id)}" if claim else "")


def view(asked: Asked) -> Answer:
    """The page of a report."""
    found = stored(asked)
    report = found.report
    chosen = asked.one("claim")
    known = {claim.id for claim in report.claims}
    data = layout.report_json(report) | {
        "reader": found.version,
        "known_from": found.known_from,
        "origin": found.origin,
        "raw": found.raw,
        "chosen": chosen if chosen in known else None,
    }
    now = None if asked.one("as_of") else judged.judged(asked, report)
    if now is not None:
        data |= judged.as_json(now)
    shown = judged.for_templates() | {
        "stored": found,
        "report": report,
        "pieces": marks.pieces(report),
        "chosen": data["chosen"],
        "missing": chosen if chosen and chosen not in known else None,
        "slots": slots,
        "title": words.title(report),
        "judged": now,
        "may_judge": now is not None and asked.may(Role.CODER),
        "base": judged.claim_base(report),
        "following": _following(report),
    }
    slot = asked.one("correct")
    if slot in judged.SLOTS and data["chosen"]:
        back = asked.link(claim=data["chosen"], correct=None) + f"#c-{segment(data['chosen'])}"
        shown["editing"] = judged.Editing(data["chosen"], slot, back)
    return Answer(data, shown)


def _following(report: Report) -> Callable[[int], str]:
    """Where to go on after the claim of a number was decided: to the next one."""

    def following(index: int) -> str:
        claims = report.claims
        return address(report, claims[index + 1] if index + 1 < len(claims) else None)

    return following


def slots(report: Report, claim: Claim) -> list[tuple[str, str, str]]:
    """Rows of a claim for people: the slot, its words in the report, and what they were resolved to or why not."""
    text, rows = report.text, []
    for name, parties in (("actor", claim.actor), ("recipient", claim.recipient)):
        rows += [(name, argument.span.of(text), _party(argument)) for argument in parties]
    if claim.place is not None:
        rows.append(("place", claim.place.span.of(text), _place(claim)))
    country = f"{words.country(claim.country)}" if claim.country else "not known"
    rows.append(("country", "", f"{country} ({claim.country_how})" if claim.country_how else country))
    if claim.date is not None:
        date = claim.date.value
        rows.append(("date", claim.date.span.of(text), words.day(date.value) if date else str(claim.date.reason)))
    if claim.count is not None:
        said = show.number(claim) if claim.count.value else str(claim.count.reason)
        rows.append(("count", claim.count.span.of(text), said))
    rows.append(("source", claim.source.span.of(text) if claim.source.span else "", str(claim.source.kind)))
    return rows


def _party(argument: Argument) -> str:  # type: ignore[type-arg]
    actor = argument.value
    if actor is None:
        return str(argument.reason or "not resolved")
    return ", ".join(
        part for part in (actor.name, words.country(actor.country) if actor.country else "", actor.sector) if part
    )


def _place(claim: Claim) -> str:
    assert claim.place is not None
    place = claim.place.value
    if place is None:
        return str(claim.place.reason)
    where = ", ".join(
        part for part in (place.name, place.admin1, words.country(place.country) if place.country else "") if part
    )
    return f"{where} (known to the {words.PRECISIONS[place.precision]})"


def _tellings(asked: Asked) -> Iterator[Telling]:
    found = stored(asked)
    bare = replace(found.report, claims=())
    return (Telling(bare, claim, found.origin) for claim in found.report.claims)


def _claim(asked: Asked) -> Moved:
    """A claim by itself is shown within its report, as it was read when the claim stood."""
    found = query.whereabouts(asked.ledger, asked.path["claim"])
    if found is None:
        raise Refused(404, "there is no such claim")
    as_of = found.known_from if found.superseded_at else None
    parameters = {"claim": asked.path["claim"], "as_of": as_of}
    return Moved(to(f"/reports/{found.report[:16]}", **parameters) + f"#c-{segment(asked.path['claim'])}")


PAGES = (
    Page(
        "/reports/{report}",
        "A report with its claims and attributions.",
        "report.html",
        view,
        params=(Param("claim", "The claim to show first."), Param("correct", "The slot of it to correct."), AS_OF),
        tellings=_tellings,
    ),
    Page("/claims/{claim}", "Where a claim stands: leads to its report.", "report.html", _claim),
)
