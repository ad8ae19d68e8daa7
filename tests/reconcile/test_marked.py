"""What is kept of an event that somebody marked."""

from __future__ import annotations

from dataclasses import replace

from tests.reconcile.marking import DEAL, QUAKE, marked, marks, span

from sayso.reconcile.marked import marks_of, text_of


def test_parties_are_told_apart_by_where_they_stand() -> None:
    buy = marks(DEAL)["buy"]

    assert (buy.before, buy.after) == ({"acm": 1}, {"bolt": 1})


def test_the_nearest_party_is_kept_apart_from_the_others() -> None:
    text = "Guards and Police arrested Men near Troops."
    mark = marks(marked("a", text, ["arrested"], parties=["Guards", "Police", "Men", "Troops"]))["arrested"]

    assert (set(mark.nearest_before), set(mark.nearest_after)) == ({"polic"}, {"men"}) or (
        set(mark.nearest_before),
        set(mark.nearest_after),
    ) == ({"polic"}, {"man"})
    assert len(mark.before) == len(mark.after) == 2


def test_what_stands_in_another_sentence_is_not_of_the_event() -> None:
    killed = marks(QUAKE)["killed"]

    assert killed.sentence == 1
    assert not killed.times
    assert "monday" not in killed.said


def test_the_other_triggers_of_the_sentence_are_company_and_its_own_is_not() -> None:
    killed = marks(QUAKE)["killed"]

    assert set(killed.others) == {"tremor", "say"}
    assert "kill" not in killed.said


def test_figures_are_counted_as_written() -> None:
    assert marks(QUAKE)["killed"].figures == {"40": 1}


def test_a_trigger_of_two_parts_has_the_words_of_both() -> None:
    one = replace(DEAL, events={"deal:split": [span(DEAL.text, "agreed"), span(DEAL.text, "buy")]})

    assert marks_of(one, [b""])[0].trigger == ("agre", "buy")


def test_an_event_that_did_not_happen_is_denied() -> None:
    one = replace(DEAL, denied=frozenset({"deal:buy"}))

    assert {name: mark.denied for name, mark in marks(one).items()} == {
        "agreed": False, "buy": True, "said": False, "takeover": False,
    }  # fmt: skip


def test_a_mark_outside_all_sentences_stands_alone() -> None:
    one = replace(DEAL, sentences=DEAL.sentences[:1])

    assert not marks(one)["takeover"].said


def test_an_address_says_nothing_of_a_report() -> None:
    assert not {"http", "exampl", "quake"} & text_of("a", "http://example.org/quake Acme bought Bolt.").all
