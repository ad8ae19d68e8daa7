"""Incidents on the desk: what they say together, and merging, splitting and undoing by those who may."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.desk import plot

from sayso import pipeline
from sayso.desk import words
from sayso.desk.remembered import Remembered
from sayso.ledger import Ledger, Writer, filters, incidents, values
from sayso.ledger.grouping import settling
from sayso.ledger.judgements import merging
from sayso.ledger.judgements.review import Reviewer
from sayso.ledger.judgements.slots import Correction
from sayso.model import Span, Telling

Client = Callable[..., TestClient]


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Ledger]:
    with plot.ledger(tmp_path / "plot.db") as made:
        yield made


@pytest.fixture
def arrests(book: Ledger) -> str:
    """Id of the incident whose sources disagree."""
    return next(incidents.find(book, type="COERCE")).id


def numbers(desk: TestClient, incident: str, **parameters: Any) -> dict[str, Any]:
    found: dict[str, Any] = desk.get(f"/incidents/{incident}.json", params=parameters).json()["numbers"][0]
    return found


def test_the_newest_shows_where_sources_differ_and_who_says_what(client: Client, book: Ledger, arrests: str) -> None:
    desk = client(book)

    first = next(one for one in desk.get("/now.json").json()["incidents"] if one["id"] == arrests)
    said = [(one["low"], one["high"], one["said_by"]) for one in first["numbers"][0]["statements"]]

    assert first["title"] == "Arrest in Bissau, Guinea-Bissau"
    assert first["differs"] == ["numbers", "status"]
    assert said == [
        (20, None, "A military source"),
        (31, 31, "The interior ministry"),
        (50, 50, "Two diplomats"),
        (44, 44, "The interior ministry"),
    ]
    page = desk.get("/now").text
    assert "20 to 50" in page
    assert "a later number took its place" in page


def test_each_number_leads_to_its_sentence(client: Client, book: Ledger, arrests: str) -> None:
    desk = client(book)
    statement = numbers(desk, arrests)["statements"][0]

    moved = desk.get(f"/claims/{statement['claims'][0]}", follow_redirects=False).headers["location"]
    page = desk.get(moved).text

    assert 'class="card claim chosen" id="c-arrest-20"' in page
    assert (
        "A military source said at least 20 soldiers had been " in desk.get(moved.replace("?", ".json?")).json()["text"]
    )


@pytest.mark.parametrize(
    ("rule", "figure"), [("range", (20, None, 50)), ("lowest", (20, 20, 20)), ("acled", (44, 44, 44))]
)
def test_a_figure_is_made_by_the_rule_that_the_reader_chose(
    client: Client, book: Ledger, arrests: str, rule: str, figure: tuple[int, int | None, int]
) -> None:
    found = numbers(client(book), arrests, rule=rule)

    assert (found["rule"], (found["low"], found["best"], found["high"])) == (rule, figure)


def test_an_earlier_moment_shows_what_was_known_then(client: Client, book: Ledger, arrests: str) -> None:
    desk = client(book)

    now = desk.get(f"/incidents/{arrests}.json").json()
    then = desk.get(f"/incidents/{arrests}.json", params={"as_of": now["known_from"]})

    assert then.status_code == 200
    assert len(then.json()["tellings"]) < len(now["tellings"])
    assert desk.get(f"/incidents/{arrests}.json?as_of=2001-01-01").status_code == 400


def test_claims_are_split_off_and_brought_back(client: Client, book: Ledger, arrests: str) -> None:
    desk = client(book)

    done = desk.post(f"/incidents/{arrests}/split.json", json={"claim": ["denial"], "why": "another region"}).json()
    apart = {one["id"]: one["claims"] for one in desk.get("/now.json?type=COERCE").json()["incidents"]}
    desk.post("/undo.json", json={})
    again = desk.get(f"/incidents/{arrests}.json").json()

    assert set(apart) == set(done["incidents"])
    assert sorted(apart.values()) == [1, 4]
    assert len(again["tellings"]) == 5


def test_a_merge_is_previewed_and_leads_the_old_address_on(client: Client, book: Ledger, arrests: str) -> None:
    desk = client(book)
    other = next(incidents.find(book, type="PROTEST")).id

    preview = desk.get(
        f"/incidents/{arrests}/merge.json", params={"other": f"http://127.0.0.1:8750/incidents/{other}?x=1"}
    ).json()
    before = len(desk.get("/now.json").json()["incidents"])
    done = desk.post(f"/incidents/{arrests}/merge", data={"other": other}, follow_redirects=False)
    moved = desk.get(f"/incidents/{other}", follow_redirects=False)

    assert (preview["this"]["claims"], preview["other"]["claims"], preview["together"]["claims"]) == (5, 1, 6)
    assert before == 2
    assert done.status_code == 303
    assert (moved.status_code, moved.headers["location"]) == (308, f"/incidents/{arrests}")
    assert "Undo" in desk.get(done.headers["location"]).text


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/incidents/none/split.json", {"claim": ["x"]}),
        ("/incidents/{}/split.json", {}),
        ("/incidents/{}/split.json", {"claim": ["none"]}),
        ("/incidents/{}/split.json", {"colour": "red"}),
        ("/incidents/{}/split.json", [1]),
        ("/incidents/{}/merge.json", {"other": "none"}),
        ("/incidents/{}/merge.json", {"other": ""}),
    ],
)
def test_acts_that_make_no_sense_are_refused_with_words(
    client: Client, book: Ledger, arrests: str, path: str, sent: Any
) -> None:
    answer = client(book).post(path.format(arrests), json=sent)

    assert answer.status_code == 400
    assert len(answer.json()["error"]) > 10


def test_the_claims_of_an_incident_leave_as_a_table(client: Client, book: Ledger, arrests: str) -> None:
    lines = client(book).get(f"/incidents/{arrests}.csv").text.splitlines()

    assert len(lines) == 6


def test_facets_count_and_lead_to_what_they_count(client: Client, book: Ledger) -> None:
    desk = client(book)

    facets = desk.get("/now.json").json()["facets"]

    assert facets["values"]["type"] == {"COERCE": 5, "PROTEST": 1}
    assert facets["countries"] == {"GW": 5}
    assert facets["days"] == {"2026-03-08": 1, "2026-03-09": 2, "2026-03-10": 2, "2026-03-11": 1}
    assert [(place["name"], place["precision"], place["claims"]) for place in facets["places"]] == [
        ("Bissau", "town", 4),
        ("Bafatá Region", "admin1", 1),
    ]
    assert desk.get("/now.json?type=PROTEST").json()["facets"]["claims"] == 1
    assert 'href="/now?type=PROTEST"' in desk.get("/now").text


@pytest.mark.parametrize(("patient", "more"), [(0, 1), (1e9, 0)])
def test_counts_are_kept_until_a_claim_comes_and_for_as_long_as_they_are_worth(
    book: Ledger, patient: float, more: int
) -> None:
    kept = Remembered(patient)
    before = kept.facets(book, filters.Wanted()).claims
    Writer(book, "by hand").add(replace(plot.reports()[0], outlet="Other"))

    assert kept.facets(book, filters.Wanted()).claims == before + more


def test_prints_are_counted_by_report_and_named_so_only_where_they_share_a_text() -> None:
    report = plot.reports()[1]
    bare = replace(report, claims=())
    twice = [Telling(bare, claim, "one text") for claim in report.claims]
    copy = replace(bare, id="copy", outlet="Other")
    printed = [*twice, Telling(copy, report.claims[0], "one text")]
    apart = [*twice, Telling(copy, report.claims[0], "another text")]

    assert [words.spread(by) for by in (twice, printed, apart)] == ["", "2 prints", "in 2 reports"]
    assert words.outlets(printed) == ["Bissau Observer", "Other"]


def test_a_report_that_says_a_number_twice_is_one_report_on_every_page(client: Client, tmp_path: Path) -> None:
    report = plot.reports()[0]
    text = f"{report.text} {report.text}"
    first = report.claims[0]
    assert first.count is not None

    def later(span: Span) -> Span:
        return Span(span.start + len(report.text) + 1, span.end + len(report.text) + 1)

    count = replace(first.count, span=later(first.count.span))
    second = replace(first, id="again", trigger=later(first.trigger), sentence=later(first.sentence), count=count)
    with pipeline.open_ledger(tmp_path / "twice.db", create=True) as book:
        Writer(book, "by hand").add(replace(report, text=text, claims=(first, second)))
        settling.settle(book)
        found, *others = [one.id for one in incidents.find(book)]
        for other in others:
            merging.merge(book, found, other, by="ada")
        desk = client(book)
        page, own = desk.get("/now").text, desk.get(f"/incidents/{found}").text

    assert "1 report, 2 claims" in own
    assert "prints" not in page
    assert "<bdi>Harbour Wire</bdi>, <bdi>Harbour Wire</bdi>" not in own


def test_a_correction_and_its_undoing_stand_in_the_history_in_words(client: Client, book: Ledger, arrests: str) -> None:
    reviewer = Reviewer(book, "ana", pipeline.resolve_claim)
    key = values.report_key(plot.reports()[3])
    reviewer.correct(key, "arrest-44", {"count": Correction(value={"low": "45", "high": "45", "what": "arrested"})})
    reviewer.undo()

    page = client(book).get(f"/incidents/{arrests}/history").text

    assert "corrected by ana: number was 44 arrested, is 45 arrested" in page
    assert "correction undone by ana: number was 45 arrested, is 44 arrested" in page
    assert "no longer:" not in page


def test_the_export_page_has_plain_words_and_links_that_say_what_they_do(client: Client, book: Ledger) -> None:
    page = client(book).get("/export").text

    assert "`" not in page
    assert "<code>incident</code>" in page
    assert page.count(">Download<") == page.count('href="/export/')
