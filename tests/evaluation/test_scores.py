"""Scorers on cases small enough to work out by hand."""

from typing import cast

import pytest
from evaluation.bench import Bench
from evaluation.reading import Row
from evaluation.scores import Matches, accuracy, covered, macro_f1, same, tokens, total

from evaluation import attacks, coded, gold, police, spans, speed
from sayso.model import (
    Actor,
    Argument,
    Attribution,
    Claim,
    Date,
    Mention,
    MentionKind,
    Report,
    Source,
    SourceKind,
    Span,
    Status,
)


def span(text: str, words: str) -> Span:
    return Span(text.index(words), text.index(words) + len(words))


def claim(text: str, trigger: str, kind: str, **fields: object) -> Claim:
    whole = {"mode": None, "status": Status.ACTUAL, "historical": False, "source": Source(SourceKind.REPORT), **fields}
    return Claim("id", span(text, trigger), Span(0, len(text)), kind, **whole)  # type: ignore[arg-type]


def test_f1_is_the_harmonic_mean_of_precision_and_recall() -> None:
    matches = Matches(right=2, given=4, wanted=3)

    assert (matches.precision, matches.recall) == (0.5, 2 / 3)
    assert matches.f1 == pytest.approx(4 / 7)


def test_nothing_given_and_nothing_wanted_scores_zero() -> None:
    assert (Matches().precision, Matches().recall, Matches().f1) == (0.0, 0.0, 0.0)


def test_exact_matches_need_both_ends_and_the_type() -> None:
    given = [((0, 5), "Person"), ((6, 9), "Person"), ((10, 12), "Date")]
    wanted = [((0, 5), "Person"), ((6, 9), "Location"), ((10, 13), "Date")]

    assert same(given, wanted) == Matches(1, 3, 3)


def test_micro_averages_sum_before_they_divide() -> None:
    assert total([Matches(1, 1, 1), Matches(0, 3, 1)]) == Matches(1, 4, 2)


def test_a_token_is_covered_by_any_character_of_a_span() -> None:
    text = "Mr. Diallo's men"
    words = tokens(text)

    assert [text[token.start : token.end] for token in words] == ["Mr", ".", "Diallo", "'", "s", "men"]
    assert covered(words, [Span(4, 5), Span(13, 16)]) == {2, 5}


def test_macro_f1_weighs_wanted_types_alike_and_no_answer_is_wrong() -> None:
    pairs = [("A", "A"), ("A", "A"), ("A", "B"), (None, "B")]

    assert macro_f1(pairs) == pytest.approx((4 / 5 + 0) / 2)
    assert accuracy(pairs) == 0.5


class _Fixed:
    """Stands where the reader stands: holds the rows of the only file, and gives back the reports that were read from them."""

    def __init__(self, rows: list[Row], reports: tuple[Report, ...]) -> None:
        self.readings, self._rows, self._reports = self, rows, list(reports)

    def rows(self, _: str) -> list[Row]:
        return self._rows

    def read(self, _: list[Row]) -> list[Report]:
        return self._reports


def bench(row: Row, *reports: Report) -> Bench:
    return cast("Bench", _Fixed([row], reports))


def test_attribution_counts_every_piece_once() -> None:
    text = 'The army said it fired. "Stop," he added, "now."'
    said, added = span(text, "said"), span(text, "added")
    row: Row = {
        "text": text,
        "attributions": [
            {"source": [[0, 8]], "cue": [list(said)], "content": [list(span(text, "it fired"))]},
            {
                "source": [list(span(text, "he"))],
                "cue": [list(added)],
                "content": [list(span(text, "Stop,")), list(span(text, "now."))],
            },
        ],
    }
    read = Report(
        "r", text, attributions=(
            Attribution((Span(0, 8),), (said,), (span(text, "fired"),)),
            Attribution((Span(0, 8),), (added,), (span(text, "now."),)),
        ),
    )  # fmt: skip

    figures = spans.polnear(bench(row, read))

    assert figures["cue_f1"] == 1.0
    assert figures["source_f1"] == pytest.approx(2 / 3)
    assert figures["content_f1"] == pytest.approx(2 * 1 / (2 + 3))
    assert figures["content_token_f1"] == pytest.approx(2 * 3 / (3 + 6))
    assert figures["micro_f1"] == pytest.approx(2 * 4 / (5 + 7))


def test_mentions_are_scored_by_span_and_type() -> None:
    text = "Diallo went to Bamako on Sunday"
    row: Row = {
        "mentions": [
            {"span": [0, 6], "type": "Person"},
            {"span": [15, 21], "type": "Location"},
            {"span": [25, 31], "type": "Date"},
        ]
    }
    found = (
        Mention(Span(0, 6), MentionKind.PERSON),
        Mention(Span(15, 21), MentionKind.ORGANIZATION),
        Mention(Span(22, 31), MentionKind.DATE),
    )

    figures = spans.worldwide(bench(row, Report("r", text, mentions=found)))

    assert figures == {"f1": pytest.approx(1 / 3), "Date": 0.0, "Location": 0.0, "Person": 1.0}


def test_the_claim_at_the_marked_event_answers_before_a_surer_one() -> None:
    text = "Soldiers arrested the mayor after he condemned the coup"
    arrest = claim(text, "arrested", "COERCE", confidence=0.4)
    accuse = claim(text, "condemned", "ACCUSE", confidence=0.9)
    row: Row = {"type": "COERCE", "event": [list(arrest.trigger)], "source": [], "target": []}

    both = Report("r", text, claims=(arrest, accuse))

    assert coded.plover(bench(row, both)) == {"accuracy": 1.0, "macro_f1": 1.0, "read": 1.0}
    unmarked: Row = {**row, "event": []}
    assert coded.plover(bench(unmarked, both))["accuracy"] == 0.0


def test_the_claim_between_source_and_target_answers_and_yield_takes_either_type() -> None:
    text = "The junta freed the mayor, France condemned Mali"
    freed = claim(
        text, "freed", "RETREAT", confidence=0.3,
        actor=(Argument(span(text, "The junta")),), recipient=(Argument(span(text, "the mayor")),),
    )  # fmt: skip
    other = claim(text, "condemned", "ACCUSE", confidence=0.9, actor=(Argument(span(text, "France")),))
    row: Row = {"type": "YIELD", "source": [[0, 9]], "target": [list(span(text, "mayor"))]}

    assert coded.plv(bench(row, Report("r", text, claims=(freed, other))))["accuracy"] == 1.0
    assert coded.plv(bench(row, Report("r", text)))["read"] == 0.0


def test_sentences_of_an_article_are_joined_with_their_places_kept() -> None:
    row, places = police.join(
        [{"doc": "1", "published": None, "text": "police fired."}, {"doc": "1", "published": None, "text": "two died."}]
    )

    assert [place.of(row["text"]) for place in places] == ["police fired.", "two died."]


def test_sentences_get_the_labels_of_police_claims_in_them() -> None:
    text = (
        "police arrested ten.\na mob killed two.\npolice firing killed three.\npolice may arrest him.\n"
        "they were killed, police said."
    )
    sentences = [span(text, line) for line in text.split("\n")]
    police_words: Argument[Actor] = Argument(Span(0, 6))
    claims = (
        claim(text, "arrested", "COERCE", mode="arrest", actor=(police_words,)),
        claim(text, "killed", "ASSAULT", actor=(Argument(span(text, "a mob")),)),
        claim(text, "firing", "ASSAULT"),
        claim(text, "arrest him", "COERCE", mode="arrest", status=Status.HYPOTHETICAL),
        claim(text, "were killed", "ASSAULT"),
    )
    labels = [["ARREST", "ANY_ACTION"], [], ["KILL", "FORCE", "ANY_ACTION"], ["ANY_ACTION"], ["ANY_ACTION"]]

    assert police.by_label(Report("r", text, claims=claims), sentences, labels) == {
        "ARREST": Matches(1, 1, 1),
        "KILL": Matches(1, 1, 1),
        "FORCE": Matches(1, 1, 1),
        "ANY_ACTION": Matches(3, 3, 4),
    }


def test_victims_are_the_persons_in_recipients_under_their_fullest_names() -> None:
    text = "Police beat Mr. Kato in Kampala. Amina Kato's lawyer, Musa Bello, said she was held in 2019."
    persons = tuple(Mention(span(text, name), MentionKind.PERSON) for name in ("Kato", "Amina Kato", "Musa Bello"))
    beat = claim(
        text, "beat", "ASSAULT", actor=(Argument(Span(0, 6)),), recipient=(Argument(span(text, "Mr. Kato")),), country="UG",
        date=Argument(span(text, "2019"), Date("2019", "year")),
    )  # fmt: skip
    denied = claim(text, "held", "COERCE", status=Status.NEGATED, country="KE")
    report = Report("r", text, mentions=persons, claims=(beat, denied))
    row: Row = {
        "perpetrator_mentioned": True, "country": "Uganda", "year": "2019",
        "victims": [{"name": "Amina Kato"}, {"name": "John Okello"}, {"name": None}],
    }  # fmt: skip

    assert attacks.victims(report) == {"amina kato"}
    assert attacks.hrds(bench(row, report)) == {
        "perpetrator_f1": 1.0,
        "victims_f1": pytest.approx(2 / 3),
        "victims_fuzzy_f1": pytest.approx(2 / 3),
        "country": 1.0,
        "year": 1.0,
    }


def test_names_match_loosely_one_to_one() -> None:
    assert attacks.fuzzy({"kato", "amina k"}, {"amina kato", "grace kato"}) == Matches(2, 2, 2)
    assert attacks.fuzzy({"de la cruz"}, {"la paz"}) == Matches(0, 1, 1)


def test_figures_of_the_gold_script_are_read_from_its_lines() -> None:
    printed = """\
event_f1       0.690 (3 paired, 4 gold, 5 predicted)
mode           1.000 (2/2)
  COERCE     f1 0.500 (1 right, 2 gold, 2 predicted)
  -          f1 0.000 (0 right, 0 gold, 1 predicted)
"""

    assert gold.parsed(printed) == {"event_f1": 0.69, "mode": 1.0, "COERCE": 0.5}


def test_reports_for_speed_are_cut_at_paragraphs() -> None:
    rows: list[Row] = [
        {"published": "2022-01-01", "text": "one two\nthree four five"},
        {"published": None, "text": "six\nseven eight nine ten"},
    ]

    texts = [report["text"] for report in speed.reports_of(rows, words=4)]

    assert texts == ["one two\nthree four five", "six\nseven eight nine ten"]
