"""Search: over the sentences of claims, and over whole reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from sayso import layout
from sayso.desk.page import Answer, Asked, Json, Page, Param
from sayso.desk.pages.report import address
from sayso.desk.rendering import macro
from sayso.ledger import facets, query
from sayso.model import Telling

SHOWN = 25
AFTER = Param("after", "Where a listing goes on: what the page before it gave as `after`.")


def _claims(asked: Asked) -> Answer:
    page = query.claims_page(asked.ledger, asked.wanted, limit=SHOWN, after=asked.one("after"))

    def data() -> Json:
        claims = [layout.telling_json(telling) for telling in page.found]
        return {"shows": asked.wanted.phrase, "claims": claims, "after": page.after}

    return Answer(data, {"cards": _cards(asked, page.found), "after": page.after})


def _cards(asked: Asked, tellings: Sequence[Telling]) -> list[Markup]:
    """The claims of a list, each drawn once until something is judged: an id holds for one reading of one text."""
    stamp, by_id = (facets.judged(asked.ledger), asked.wanted.as_of), {one.claim.id: one for one in tellings}
    card = macro("_parts.html", "claim_card")
    return asked.kept.claims.all(
        dict.fromkeys(by_id, stamp), lambda missing: [card(by_id[each], address, 2) for each in missing]
    )


def _reports(asked: Asked) -> Answer:
    page = query.reports_page(asked.ledger, asked.wanted, limit=SHOWN, after=asked.one("after"))
    data = {
        "shows": asked.wanted.phrase,
        "reports": [
            {
                "id": one.report.id,
                "title": one.report.title,
                "outlet": one.report.outlet,
                "published": one.report.published.isoformat() if one.report.published else None,
                "url": one.report.url,
                "claims": len(one.report.claims),
                "origin": one.origin,
                "page": address(one.report),
            }
            for one in page.found
        ],
        "after": page.after,
    }
    return Answer(data, {"found": page.found, "after": page.after, "address": address})


def every_claim(asked: Asked) -> Iterator[Telling]:
    """Every claim that the filters keep, a page at a time."""
    after = None
    while True:
        page = query.claims_page(asked.ledger, asked.wanted, limit=500, after=after)
        yield from page.found
        after = page.after
        if after is None:
            return


PAGES = (
    Page(
        "/claims",
        "Claims, newest report first, by any filter.",
        "claims.html",
        _claims,
        params=(AFTER,),
        filters=True,
        tellings=every_claim,
        nav="Search",
        kept=True,
    ),
    Page(
        "/reports",
        "Reports, newest first, that make such claims.",
        "reports.html",
        _reports,
        params=(AFTER,),
        filters=True,
        kept=True,
    ),
)
