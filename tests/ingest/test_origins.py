"""Origins: copies of one text are known, what only looks like one is not, in whatever order they come."""

from __future__ import annotations

import datetime as dt
import random
import tomllib
from pathlib import Path

import pytest

from sayso.errors import DataError
from sayso.ingest.origins import Origins, Signature, credit, same_origin, signature
from sayso.model import Report

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "credits.toml").read_text(encoding="utf-8"))["case"]
DAY = dt.date(2025, 8, 10)


def prose(seed: int, words: int = 300) -> str:
    """Sentences of words that no other seed has in the same order."""
    chance = random.Random(seed)
    vocabulary = [f"word{number}" for number in range(400)]
    sentences = (" ".join(chance.choices(vocabulary, k=15)).capitalize() + "." for _ in range(words // 15))
    return " ".join(sentences)


def sign(text: str, days: int = 0, *, outlet: str | None = None, url: str | None = None) -> Signature:
    return signature(Report(id="", text=text, published=DAY + dt.timedelta(days), outlet=outlet, url=url))


WHOLE = prose(1)
CUT = " ".join(WHOLE.split()[:120])


@pytest.mark.parametrize(
    ("one", "other", "same", "reason"),
    [
        (sign(WHOLE), sign(WHOLE), True, "the same text, word for word"),
        (sign(WHOLE), sign(WHOLE.upper().replace(" ", "\n")), True, "the same text, word for word"),
        (sign(WHOLE), sign(f"PARIS, Aug 10 (AFP) - {WHOLE}\n© 2025 AFP"), True, "the same text, word for word"),
        (
            sign(WHOLE),
            sign(f"{WHOLE} (Reporting by A. Writer; Editing by B. Other)"),
            True,
            "the same text, word for word",
        ),
        (sign(WHOLE), sign(CUT, 7), True, "100% of the shorter text stands word for word in the longer"),
        (sign(WHOLE), sign(CUT, 8), False, "published more than 7 days apart"),
        (
            sign(WHOLE),
            sign(prose(2)),
            False,
            "0% of the shorter text stands word for word in the longer; too few words to tell",
        ),
        (
            sign(WHOLE),
            sign(WHOLE + " " + prose(3, 1_500)),
            False,
            "100% of the shorter text stands word for word in the longer and makes up 17% of it: a round-up or a quotation",
        ),
        (
            sign(WHOLE),
            sign(" ".join(WHOLE.split()[180:])),
            False,
            "100% of the shorter text stands word for word in the longer and makes up 39% of it, not its beginning: "
            "a round-up or a quotation",
        ),
        (
            sign(WHOLE),
            sign(" ".join(WHOLE.split()[90:])),
            True,
            "100% of the shorter text stands word for word in the longer",
        ),
        (
            sign(f"{CUT} {prose(4, 75)} (AFP)"),
            sign(f"{CUT} {prose(5, 75)} (Reuters)"),
            False,
            "61% of the shorter text stands word for word in the longer; they credit AFP and Reuters",
        ),
        (
            sign(f"{CUT} {prose(4, 150)} (AFP)"),
            sign(f"{CUT} {prose(5, 150)}\nAFP"),
            True,
            "44% of the shorter text stands word for word in the longer; both credit AFP",
        ),
        (sign(""), sign(""), False, "one of them has no words"),
        (sign("Ten held."), sign("Ten held"), True, "the same text, word for word"),
        (
            sign("Ten held."),
            sign("Eleven held"),
            False,
            "0% of the shorter text stands word for word in the longer; too few words to tell",
        ),
    ],
)
def test_verdicts_say_why_and_do_not_depend_on_the_order(
    one: Signature, other: Signature, same: bool, reason: str
) -> None:
    verdict = same_origin(one, other)

    assert (verdict.same, verdict.reason) == (same, reason)
    assert same_origin(other, one) == verdict


def test_pages_that_give_one_address_are_one_if_they_share_words() -> None:
    text = f"{CUT} {prose(6, 400)}"
    one = sign(f"{CUT} {prose(7, 400)}", url="https://www.n.example/story/?utm_source=x")

    assert same_origin(one, sign(text, url="http://n.example/story#top")).reason.startswith("both give n.example/story")
    assert not same_origin(one, sign(text, url="https://n.example/other")).same
    assert not same_origin(one, sign(prose(8), url="https://n.example/story")).same
    assert sign(text, url="https://n.example/").link is None


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_agencies_are_credited_where_credits_stand(case: dict[str, str]) -> None:
    report = Report(id="", text=case["text"], outlet=case.get("outlet"))

    assert credit(report) == case.get("agency")


def test_a_signature_comes_back_from_its_bytes() -> None:
    for kept in (
        sign(WHOLE, url="https://n.example/a?b=1", outlet="AFP"),
        sign(""),
        signature(Report(id="", text="x")),
    ):
        assert Signature.from_bytes(kept.to_bytes()) == kept
    assert len(sign(WHOLE).to_bytes()) < 5 * 300 + 8 * 48 + 100


@pytest.mark.parametrize(
    "data", [b"", b"x\n", b"[9, null, null, null, 0]\n", b"[1, null, null, null, 4]\nabc", b"\0\0", b"{}\n"]
)
def test_other_bytes_are_no_signature(data: bytes) -> None:
    with pytest.raises(DataError):
        Signature.from_bytes(data)


def test_groups_do_not_depend_on_the_order_in_which_reports_came() -> None:
    signatures = {f"{story}{kind}": one for story in range(8) for kind, one in family(story).items()}
    expected = sorted(sorted(f"{story}{kind}" for kind in "abcd") for story in range(8))

    for seed in range(6):
        order = list(signatures)
        random.Random(seed).shuffle(order)
        index = Origins()
        for report_id in order:
            index.add(report_id, signatures[report_id])

        assert index.groups() == expected
        assert {index.origin(report_id) for report_id in order} == {f"{story}b" for story in range(8)}


def family(story: int) -> dict[str, Signature]:
    """A text and three copies; "b" is the earliest."""
    text = prose(100 + story)
    half = " ".join(text.split()[:140])
    return {
        "a": sign(text, 2),
        "b": sign(text, 1),
        "c": sign(f"(Reuters) - {half}", 3),
        "d": sign(f"{text} Own words at the end.", 2),
    }


def test_adding_a_report_again_changes_nothing() -> None:
    index = Origins()
    index.add("a", sign(WHOLE))

    assert index.add("a", sign(prose(2))) == {}
    assert list(index.add("b", sign(CUT))) == ["a"]
    assert len(index) == 2
