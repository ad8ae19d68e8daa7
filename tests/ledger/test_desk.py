"""What the desk asks of a ledger, on both databases: facets, accounts, the audit log, a report by its key."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from tests.ledger import invented

from sayso.ledger import Ledger, Writer, facets, filters, query, values
from sayso.ledger.team import accounts, audit
from sayso.ledger.team.accounts import Role, User

PASSWORD = "long enough words"


def fill(book: Ledger, count: int = 25) -> None:
    writer = Writer(book, "1")
    for report in invented.read_all(invented.reports(count)):
        writer.add(report)


def test_facets_are_the_counts_of_what_is_listed(book: Ledger) -> None:
    fill(book)
    listed = list(query.claims(book, country="ML"))

    found = facets.facets(book, filters.wanted({"country": "ML"}))

    assert (found.claims, found.capped, found.counted) == (len(listed), False, True)
    assert dict(found.values["type"]) == Counter(one.claim.type for one in listed)
    assert dict(found.values["outlet"]) == Counter(one.report.outlet for one in listed if one.report.outlet)
    assert found.days == Counter(one.report.published for one in listed if one.report.published)
    assert {spot.name: spot.claims for spot in found.spots} == Counter(
        one.claim.place.value.name for one in listed if one.claim.place and one.claim.place.value
    )


def test_facets_of_more_than_are_counted_say_so(book: Ledger) -> None:
    fill(book)

    found = facets.facets(book, filters.wanted({}), most=10)

    assert (found.claims, found.capped) == (10, True)


def test_a_version_changes_when_a_claim_comes(book: Ledger) -> None:
    fill(book, 2)
    before = facets.version(book)
    fill(book, 3)

    assert facets.version(book) != before


def test_sessions_and_tokens_name_their_user_until_they_end(book: Ledger) -> None:
    accounts.add_user(book, User("ada", Role.EDITOR), PASSWORD, by="test")
    session, token = accounts.open_session(book, User("ada", Role.EDITOR)), accounts.make_token(book, "ada", "export")
    later = dt.datetime.now(dt.UTC) + accounts.SESSION

    assert accounts.check(book, "ada", PASSWORD) == User("ada", Role.EDITOR)
    assert accounts.check(book, "ada", "guess") is None
    assert accounts.check(book, "nobody", PASSWORD) is None
    assert accounts.session_user(book, session) == accounts.token_user(book, token) == User("ada", Role.EDITOR)
    assert accounts.session_user(book, session, now=lambda: later) is None
    accounts.close_user(book, "ada", by="test")
    assert accounts.session_user(book, session) is accounts.token_user(book, token) is None


def test_rows_of_the_log_chain(book: Ledger) -> None:
    for number in range(3):
        audit.note(book, "ada", "export", {"number": number})

    rows = audit.entries(book, limit=2)

    assert [(row.number, row.about["number"]) for row in rows] == [(3, 2), (2, 1)]
    assert audit.chain(book) == audit.Chain(3, rows[0].digest, None)


def test_a_report_is_found_by_its_id_and_by_the_beginning_of_its_key(book: Ledger) -> None:
    fill(book, 3)
    one = next(query.claims(book))
    key = values.report_key(one.report)

    found = [query.report(book, name) for name in (one.report.id, key, key[:16], "nothing", "%")]

    assert [stored.report.id if stored else None for stored in found] == [one.report.id] * 3 + [None, None]
    there = query.whereabouts(book, one.claim.id)
    assert there is not None
    assert there.report == key
