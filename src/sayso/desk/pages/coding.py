"""Second coding: a sample judged again by others who do not see the first, and how far all agree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sayso import layout
from sayso.desk import exports, marks, words
from sayso.desk.judged import ADDING, SLOTS, Editing, for_templates
from sayso.desk.page import Action, Again, Answer, Asked, File, Moved, Page, Param, Refused, segment
from sayso.desk.pages import report as report_page
from sayso.desk.pages.review import SPAN, STATUS, TYPE, VALUES, WORDS, added, chosen_words, corrections
from sayso.ledger import filters
from sayso.ledger.judgements import coding
from sayso.ledger.judgements.agreement import Agreement
from sayso.ledger.judgements.coding import Item, Sample
from sayso.ledger.judgements.slots import FIELDS
from sayso.ledger.team.accounts import Role

USUAL_SIZE = 50
OFFERED = ("type", "country", "source_kind", "outlet", "since", "until")  # filters that the form offers


def _address(sample: Sample | str) -> str:
    return f"/second-coding/{segment(sample if isinstance(sample, str) else sample.id)}"


def _sample_json(sample: Sample) -> dict[str, object]:
    return {
        "id": sample.id,
        "filters": dict(sample.asked),
        "shows": filters.wanted(sample.asked).phrase,
        "made_by": sample.made_by,
        "made_at": sample.made_at,
        "size": sample.size,
        "done": dict(sample.done),
        "page": _address(sample),
    }


def _samples(asked: Asked) -> Answer:
    found = coding.samples(asked.ledger)
    listed = [_sample_json(sample) for sample in found]
    return Answer({"samples": listed}, {"samples": listed, "usual": USUAL_SIZE, "fields": OFFERED})


def _undrawn(asked: Asked, _: str) -> Answer:
    """The form as it was sent."""
    answer = _samples(asked)
    sent = [name for name in asked.form if name in filters.BY_NAME]
    return Answer(answer.data, {**answer.shown, "fields": tuple(dict.fromkeys((*OFFERED, *sent)))})


def _draw(asked: Asked) -> Moved:
    size = asked.one("size") or str(USUAL_SIZE)
    if not size.isdecimal() or len(size) > 6:
        raise Refused(400, f"{size!r} is no number of claims; write one such as {USUAL_SIZE}")
    given = {row.name: list(asked.several(row.name)) for row in filters.FILTERS if asked.several(row.name)}
    sample = coding.draw(asked.ledger, int(size), by=asked.user.name, asked=given)
    return Moved(_address(sample), data={"sample": sample.id, "size": sample.size})


def _sample(asked: Asked) -> Answer:
    sample = coding.sample(asked.ledger, asked.path["sample"])
    agreed = coding.agreed(asked.ledger, sample.id)
    left = coding.following(asked.ledger, sample.id, coder=asked.user.name)
    data = _sample_json(sample) | {"agreement": [_agreement_json(one) for one in agreed]}
    return Answer(data, {"sample": sample, "agreed": agreed, "left": left, "shows": data["shows"]})


def _agreement_json(one: Agreement) -> dict[str, object]:
    return {"field": one.field, "claims": one.units, "share": one.share, "alpha": one.alpha}


def _table(asked: Asked) -> Answer:
    sample = coding.sample(asked.ledger, asked.path["sample"])
    rows = list(coding.table(asked.ledger, sample.id))
    return Answer({"sample": sample.id, "rows": rows}, {"sample": sample, "rows": rows})


def _rows(asked: Asked) -> Iterable[str]:
    return exports.table(coding.table(asked.ledger, coding.sample(asked.ledger, asked.path["sample"]).id))


# --- coding ---


def _claim(asked: Asked) -> Answer:
    return _shown(asked, coding.following(asked.ledger, asked.path["sample"], coder=asked.user.name))


def _shown(asked: Asked, item: Item | None) -> Answer:
    """The page of a claim of a sample, or of the end of it."""
    sample = coding.sample(asked.ledger, asked.path["sample"])
    done = sample.done.get(asked.user.name, 0)
    data: dict[str, object] = {"sample": sample.id, "done": done, "size": sample.size, "claim": None}
    shown = for_templates() | {"sample": sample, "done": done, "item": item}
    if item is None:
        return Answer(data, shown)
    own = coding.added(asked.ledger, item)
    claim = replace(item.claim, id=str(item.position))  # its addresses are those of the sample
    report = replace(item.report, claims=(claim,))
    data["claim"] = layout.claim_json(item.claim) | {"position": item.position, "report": item.report.id}
    data["added"] = [layout.claim_json(one.claim) | {"number": one.number} for one in own]
    return Answer(
        data,
        shown
        | {
            "report": report,
            "claim": claim,
            "added": own,
            "pieces": marks.pieces(report),
            "slots": report_page.slots,
            "title": words.title(report),
            "base": f"{_address(sample)}/claims",
        },
    )


def _item(asked: Asked) -> Item:
    position = asked.path["position"]
    if not position.isdecimal() or len(position) > 9:
        raise Refused(404, "there is no such claim in this sample")
    return coding.item(asked.ledger, asked.path["sample"], int(position), coder=asked.user.name)


def _again(asked: Asked, said: str) -> Answer:
    """The page of the claim with the form as it was sent."""
    item, slot = _item(asked), asked.one("slot") or ADDING
    if slot not in (*SLOTS, ADDING):
        raise Refused(400, said)
    here = replace(asked, address=f"{_address(asked.path['sample'])}/claims", form={})
    answer = _shown(here, item)
    words_of = tuple(chosen_words(asked, item.report))
    editing = Editing(None if slot == ADDING else str(item.position), slot, here.address, asked.form, words_of, said)
    return Answer(answer.data, {**answer.shown, "asked": here, "editing": editing})


def _done(asked: Asked) -> Moved:
    return Moved(f"{_address(asked.path['sample'])}/claims")


def _keep(asked: Asked) -> Moved:
    coding.finish(asked.ledger, _item(asked), kept=True)
    return _done(asked)


def _reject(asked: Asked) -> Moved:
    coding.finish(asked.ledger, _item(asked), kept=False)
    return _done(asked)


def _correct(asked: Asked) -> Moved:
    item = _item(asked)
    wanted = corrections(asked, asked.needed("slot"), item.report, item.claim.trigger)
    coding.correct(asked.ledger, item, wanted, resolve=asked.settings.resolve)
    return _done(asked)


def _add(asked: Asked) -> Moved:
    item = _item(asked)
    coding.add(asked.ledger, item, *added(asked, item.report), resolve=asked.settings.resolve)
    return _done(asked)


def _withdraw(asked: Asked) -> Moved:
    number = asked.path["number"]
    if not number.isdecimal() or len(number) > 15:
        raise Refused(404, "there is no such claim in this sample")
    coding.withdraw(asked.ledger, asked.path["sample"], int(number), coder=asked.user.name)
    return _done(asked)


PAGES = (
    Page(
        "/second-coding",
        "Samples of judged claims for a second, blind coding.",
        "samples.html",
        _samples,
        role=Role.CODER,
    ),
    Page(
        "/second-coding/{sample}",
        "How far the coders of a sample agree, field by field.",
        "sample.html",
        _sample,
        role=Role.CODER,
    ),
    Page(
        "/second-coding/{sample}/claims",
        "The next claim of a sample that you have not coded, as it was read.",
        "coding.html",
        _claim,
        role=Role.CODER,
    ),
    Page(
        "/second-coding/{sample}/table",
        "The raw table: a row for each claim and coder.",
        "coded.html",
        _table,
        role=Role.CODER,
        files=(File(".csv", "text/csv", "CSV", _rows),),
    ),
)
_ITEM = "/second-coding/{sample}/claims/{position}"
_SIZE = Param("size", f"How many claims; {USUAL_SIZE} if not given.")
_SLOT = Param("slot", f"One of {', '.join(FIELDS)}.", required=True)
_IDLE = (Param("why", "Not kept."), Param("then", "Not used."))
ACTIONS = (
    Action(
        "/second-coding",
        "Draw a sample of claims that were judged, by the filters of the ledger.",
        _draw,
        (_SIZE, *(Param(row.name, row.help, row.many) for row in filters.FILTERS)),
        Role.EDITOR,
        again=Again("samples.html", _undrawn),
    ),
    Action(f"{_ITEM}/accept", "Keep a claim as it now is for you.", _keep, _IDLE, Role.CODER),
    Action(f"{_ITEM}/reject", "Say that the report makes no such claim.", _reject, _IDLE, Role.CODER),
    Action(
        f"{_ITEM}/correct",
        "Correct a slot of a claim for yourself alone.",
        _correct,
        (_SLOT, SPAN, WORDS, *VALUES, *_IDLE),
        Role.CODER,
        again=Again("coding.html", _again),
    ),
    Action(
        f"{_ITEM}/missed",
        "Add a claim that the reader missed in the report of this one, for yourself alone.",
        _add,
        (SPAN, WORDS, TYPE, STATUS, *_IDLE),
        Role.CODER,
        again=Again("coding.html", _again),
    ),
    Action(
        "/second-coding/{sample}/missed/{number}/withdraw",
        "Take out a claim that you added to a sample.",
        _withdraw,
        _IDLE,
        Role.CODER,
    ),
)
