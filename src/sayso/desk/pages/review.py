"""Reviewing: judging the claims of a report, and the queue of those that nobody has judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sayso import layout
from sayso.desk import marks, words
from sayso.desk.judged import ADDING, SLOTS, Editing, claim_base, for_templates, judged
from sayso.desk.page import Action, Again, Answer, Asked, File, Moved, Page, Param, Refused, segment, to
from sayso.desk.pages import report as report_page
from sayso.export import training_data
from sayso.ledger import query, values
from sayso.ledger.judgements import review
from sayso.ledger.judgements.review import Act, Reviewer
from sayso.ledger.judgements.slots import FIELDS, Correction
from sayso.ledger.team.accounts import Role
from sayso.model import Counted, Report, Span

WHY = Param("why", "Why, in your words.")
THEN = Param("then", "The page of the desk to go to afterwards.")
SPAN = Param("span", "Words as characters of the text: start-end, such as 40-44.", many=True)
WORDS = Param("words", "Words as they stand in the text; of several such, those nearest to the event.", many=True)
VALUES = (
    Param(
        "value", "What it is to be: a type, with its mode after a space; a mode; a status; yes or no; a country; a day."
    ),
    Param("name", "Full name of an actor, recipient or place, where it is not to be worked out from the words."),
    Param("country", "ISO 3166 code of an actor, recipient or place."),
    Param("sector", "PLOVER sector of an actor or recipient."),
    Param("low", "Lowest number of a count."),
    Param("high", "Highest number of a count."),
    Param("what", f"What is counted: {', '.join(Counted)}."),
    Param("kind", "Kind of a source: person, organisation, anonymous, document or report."),
)
TYPE = Param("value", "Type of the event, with its mode after a space.", required=True)
STATUS = Param("status", "actual, alleged, planned, hypothetical or negated.")
SHOWN_WAITING = 10_000


def reviewer(asked: Asked) -> Reviewer:
    """Whoever asks, as a reviewer."""
    return Reviewer(asked.ledger, asked.user.name, asked.settings.resolve)


# --- acts ---


def _report(asked: Asked) -> tuple[str, Report]:
    """Key and text of the report that the address names."""
    found = query.report(asked.ledger, asked.path["report"])
    if found is None:
        raise Refused(404, "there is no such report")
    return values.report_key(found.report), found.report


def _moved(asked: Asked, act: Act) -> Moved:
    here = to(f"/reports/{act.report[:16]}", claim=act.claim or None)
    return Moved(then(asked) or here, data={"batch": act.batch, "report": act.report, "claim": act.claim})


def then(asked: Asked) -> str | None:
    """Where to go afterwards, if it is a page of the desk."""
    said = asked.one("then")
    if said is None:
        return None
    if not said.startswith("/") or said.startswith(("//", "/\\")) or any(mark in said for mark in "\r\n\t"):
        raise Refused(400, "then is a page of this desk, such as /review")
    return said


def _accept(asked: Asked) -> Moved:
    key, _ = _report(asked)
    return _moved(asked, reviewer(asked).accept(key, asked.path["claim"], why=asked.one("why")))


def _reject(asked: Asked) -> Moved:
    key, _ = _report(asked)
    return _moved(asked, reviewer(asked).reject(key, asked.path["claim"], why=asked.one("why")))


def _correct(asked: Asked) -> Moved:
    key, report = _report(asked)
    claim = next((one for one in report.claims if one.id == asked.path["claim"]), None)
    near = claim.trigger if claim else Span(0, 1)
    asked_for = corrections(asked, asked.needed("slot"), report, near)
    return _moved(asked, reviewer(asked).correct(key, asked.path["claim"], asked_for, why=asked.one("why")))


def _again(asked: Asked, said: str) -> Answer:
    """The page of the report with the form as it was sent, so that nothing that was typed is lost."""
    key, report = _report(asked)
    claim, slot = asked.path["claim"], asked.one("slot")
    if slot not in SLOTS or all(one.id != claim for one in report.claims):
        raise Refused(400, said)
    return _open(asked, key, report, Editing(claim, slot, f"#c-{segment(claim)}", asked.form, (), said))


def _again_added(asked: Asked, said: str) -> Answer:
    """The same with the form that adds a claim."""
    key, report = _report(asked)
    return _open(asked, key, report, Editing(None, ADDING, "", asked.form, (), said))


def _open(asked: Asked, key: str, report: Report, editing: Editing) -> Answer:
    """The page of a report with the form open; `editing.back` is the part of the page to go back to."""
    chosen = {"claim": (editing.claim,)} if editing.claim else {}
    here = replace(asked, address=f"/reports/{key[:16]}", form={}, given=chosen)
    answer = report_page.view(here)
    editing = replace(editing, back=here.link() + editing.back, spans=tuple(chosen_words(asked, report)))
    return Answer(answer.data, {**answer.shown, "asked": here, "editing": editing})


def chosen_words(asked: Asked, report: Report) -> Iterator[tuple[str, str]]:
    """The words that were selected, as far as they are words of the text."""
    for said in asked.several("span"):
        try:
            yield said, _characters(said).of(report.text)
        except Refused:
            continue


def _add(asked: Asked) -> Moved:
    key, report = _report(asked)
    return _moved(asked, reviewer(asked).add(key, *added(asked, report), why=asked.one("why")))


def added(asked: Asked, report: Report) -> tuple[Span, dict[str, Correction]]:
    """The claim that is to be added: the words that name its event, and what it is."""
    triggers = spans(asked, report, Span(0, 1))
    if len(triggers) != 1:
        raise Refused(400, "select the one or few words that name the event")
    asked_for = corrections(asked, "type", report, triggers[0])
    if asked.one("status"):
        asked_for["status"] = Correction(value=asked.one("status"))
    return triggers[0], asked_for


def _undo(asked: Asked) -> Moved:
    batch = asked.one("batch")
    if batch and not asked.may(Role.EDITOR) and batch not in _own(asked):
        raise Refused(
            403, f"this needs the role editor; {asked.user.name} is {asked.user.role} and undoes own acts only"
        )
    act = reviewer(asked).undo(batch)
    if act is None:
        raise Refused(409, "there is nothing left to undo")
    return _moved(asked, act)


def _own(asked: Asked) -> tuple[str, ...]:
    found = review.last(asked.ledger, asked.user.name)
    return (found[1].batch,) if found else ()


def spans(asked: Asked, report: Report, near: Span) -> tuple[Span, ...]:
    """The words that were selected, by their characters or by themselves."""
    found = [_characters(said) for said in asked.several("span")]
    return (*found, *(_nearest(said, report.text, near) for said in asked.several("words")))


def _characters(said: str) -> Span:
    start, dash, end = said.partition("-")
    if not (dash and start.isdecimal() and end.isdecimal() and len(said) < 30):
        raise Refused(400, f"{said!r} are no characters of the text; write them as 40-44")
    return Span(int(start), int(end))


def _nearest(said: str, text: str, near: Span) -> Span:
    """Where words stand in the text: the place nearest to the event."""
    at, places = text.find(said), []
    while at >= 0:
        places.append(Span(at, at + len(said)))
        at = text.find(said, at + 1)
    if not places:
        raise Refused(400, f"the report does not say {said!r}; give words as they stand in its text")
    return min(places, key=lambda span: (max(span.gap(near), 0), span))


def corrections(asked: Asked, slot: str, report: Report, near: Span) -> dict[str, Correction]:
    """What is asked for a slot, from the fields of a form."""
    if slot == "type":
        kind, _, mode = (asked.one("value") or "").partition(" ")
        return {"type": Correction(value=kind), "mode": Correction(value=mode.strip() or None)}
    given = {name: asked.one(name) for name in ("name", "country", "sector", "low", "high", "what", "kind")}
    value = _VALUE.get(slot, _plain)(asked, given)
    words_of = () if slot in FIELDS and not FIELDS[slot].words else spans(asked, report, near)
    return {slot: Correction(words_of, value)}


def _plain(asked: Asked, _: Mapping[str, str | None]) -> Any:
    return asked.one("value")


def _somebody(_: Asked, given: Mapping[str, str | None]) -> Any:
    return _some(given, "name", "country", "sector")


def _somewhere(_: Asked, given: Mapping[str, str | None]) -> Any:
    return _some(given, "name", "country")


def _number(_: Asked, given: Mapping[str, str | None]) -> Any:
    return _some(given, "low", "high", "what") if given["low"] or given["high"] else None


def _kind(_: Asked, given: Mapping[str, str | None]) -> Any:
    return given["kind"]


def _some(given: Mapping[str, str | None], *names: str) -> dict[str, str] | None:
    return {name: said for name in names if (said := given[name])} or None


_VALUE: Mapping[str, Callable[[Asked, Mapping[str, str | None]], Any]] = {
    "actor": _somebody,
    "recipient": _somebody,
    "place": _somewhere,
    "count": _number,
    "source": _kind,
}


# --- the queue ---


def _queue(asked: Asked) -> Answer:
    page = review.queue(asked.ledger, asked.wanted, limit=1, after=asked.one("after"))
    waiting = review.count_waiting(asked.ledger, asked.wanted, most=SHOWN_WAITING)
    last = review.last(asked.ledger, asked.user.name)
    data: dict[str, Any] = {
        "shows": asked.wanted.phrase,
        "waiting": waiting,
        "after": page.after,
        "claim": None,
    }
    shown = for_templates() | {"last": None, "skip": page.after, "waiting": waiting, "most": SHOWN_WAITING}
    if last is not None:
        shown["last"] = {"said": review.in_words([last[1]])[0], "batch": last[1].batch, "report": last[0][:16]}
    if not page.found:
        return Answer(data, shown | {"report": None})
    key, telling = page.found[0]
    report = replace(telling.report, claims=(telling.claim,))
    data["claim"] = layout.claim_json(telling.claim) | {
        "report": key,
        "page": report_page.address(report, telling.claim),
        "words": telling.claim.sentence.of(report.text),
    }
    return Answer(
        data,
        shown
        | {
            "report": report,
            "claim": telling.claim,
            "base": claim_base(report),
            "pieces": marks.pieces(report),
            "slots": report_page.slots,
            "title": words.title(report),
            "address": report_page.address,
            "judged": judged(asked, report),
        },
    )


def _training(asked: Asked) -> Iterable[str]:
    return training_data.lines(asked.ledger)


PAGES = (
    Page(
        "/review",
        "The claim that the reader is least sure of and nobody has judged, with its report.",
        "review.html",
        _queue,
        params=(Param("after", "Go on after this claim: what the page before gave as `after`."),),
        filters=True,
        role=Role.CODER,
        nav="Review",
        files=(File(".jsonl", "application/x-ndjson", "all that was reviewed, as training data", _training),),
    ),
)
_CLAIM = "/reports/{report}/claims/{claim}"
ACTIONS = (
    Action(f"{_CLAIM}/accept", "Accept a claim.", _accept, (WHY, THEN), Role.CODER),
    Action(f"{_CLAIM}/reject", "Reject a claim: it no longer stands.", _reject, (WHY, THEN), Role.CODER),
    Action(
        f"{_CLAIM}/correct",
        "Correct a slot of a claim, by words of the text, by a value, or both; neither empties it.",
        _correct,
        (Param("slot", f"One of {', '.join(FIELDS)}.", required=True), SPAN, WORDS, *VALUES, WHY, THEN),
        Role.CODER,
        again=Again("report.html", _again),
    ),
    Action(
        "/reports/{report}/claims",
        "Add a claim that the reader missed, by the words that name its event, and its type.",
        _add,
        (
            SPAN, WORDS, TYPE, STATUS, WHY, THEN,
        ),
        Role.CODER,
        again=Again("report.html", _again_added),
    ),
    Action(
        "/review/undo",
        "Undo an act on single claims: your own last one, or the one that is named.",
        _undo,
        (Param("batch", "The act, as its answer named it."), THEN),
        Role.CODER,
    ),
)  # fmt: skip
