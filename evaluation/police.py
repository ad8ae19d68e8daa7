"""What police did, sentence by sentence: India Police Events, Gujarat 2002."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from evaluation.bench import Bench, Figures
from evaluation.reading import Row
from evaluation.scores import Matches, same, total
from sayso.model import Claim, Report, Span, Status

INDIA = "corpora/coding/india-police-dev.jsonl"
# Whom the corpus means by police: its annotators counted the army and paramilitaries sent to keep order as well. Found on its
# training part, where the soldiers' words raised the F1 of ANY_ACTION from 0.46 to 0.49.
_POLICE = re.compile(
    r"\b(?:police\w*|cops?|constables?|inspectors?|psi|cid|cbi|crpf|rpf|srp|raf|bsf|rapid action force|paramilitary|commandos?"
    r"|security (?:forces|personnel|men)|army|military|troops|jawans?)\b",
    re.IGNORECASE,
)
_BEFORE = re.compile(rf"(?:{_POLICE.pattern})\W+(?:\w+\W+)?\Z", re.IGNORECASE)  # "police firing"
_AFTER = re.compile(rf"\b(?:in|by|from)\W+(?:the\W+)?(?:{_POLICE.pattern})", re.IGNORECASE)  # "killed in police firing"
_DEATH = re.compile(r"\b(?:kill\w*|dead|deaths?|died|dies|shot)\b", re.IGNORECASE)
_TOLD = frozenset((Status.ACTUAL, Status.ALLEGED))


@dataclass(frozen=True, slots=True)
class Seen:
    """A claim with the words of its sentence."""

    claim: Claim
    text: str
    sentence: str

    def of_police(self) -> bool:
        """Whether its actor is police in words, or it names none and police stand right beside its trigger."""
        if self.claim.actor:
            return any(_POLICE.search(argument.span.of(self.text)) for argument in self.claim.actor)
        start, end = self.claim.trigger
        return bool(_BEFORE.search(self.text, max(start - 30, 0), start) or _AFTER.search(self.text, end, end + 40))

    def by_police(self) -> bool:
        """Whether its actor is police in words, or it names none and its sentence speaks of police."""
        return self.of_police() if self.claim.actor else bool(_POLICE.search(self.sentence))


def _arrest(seen: Seen) -> bool:
    named_other = bool(seen.claim.actor) and not seen.by_police()
    return seen.claim.type == "COERCE" and seen.claim.mode == "arrest" and not named_other


# Label of the corpus -> which claims stand for it. Force asks more than police in the sentence: most sentences on violence quote
# them. With that, F1 on 62 articles of the training part went from 0.56 to 0.82 (KILL) and from 0.60 to 0.86 (FORCE).
LABELS: dict[str, Callable[[Seen], bool]] = {
    "ARREST": _arrest,
    "KILL": lambda seen: seen.claim.type == "ASSAULT" and seen.of_police() and bool(_DEATH.search(seen.sentence)),
    "FORCE": lambda seen: seen.claim.type == "ASSAULT" and seen.of_police(),
    "ANY_ACTION": lambda seen: seen.by_police() or _arrest(seen),
}


def india(bench: Bench) -> Figures:
    """F1 of sentences by label: a sentence has a label where a claim of `LABELS` has its trigger in it.

    Sentences of an article are joined to one text in their order. Only claims told as actual or alleged count. The corpus asks for
    police actions of any kind, and a sentence may earn its label from the one before; claims answer for their own sentence only.
    """
    articles = [list(rows) for _, rows in groupby(bench.rows(INDIA), key=lambda row: row["doc"])]
    joined = [join(rows) for rows in articles]
    reports = bench.readings.read(row for row, _ in joined)
    scores = [
        by_label(report, spans, [row["labels"] for row in rows])
        for report, (_, spans), rows in zip(reports, joined, articles, strict=True)
    ]
    return {label: total(score[label] for score in scores).f1 for label in LABELS}


def join(rows: Sequence[Row]) -> tuple[Row, list[Span]]:
    """The sentences of one article as one row, and where each stands in its text."""
    spans: list[Span] = []
    for row in rows:
        start = spans[-1].end + 1 if spans else 0
        spans.append(Span(start, start + len(row["text"])))
    return {
        "id": rows[0]["doc"],
        "published": rows[0]["published"],
        "text": "\n".join(row["text"] for row in rows),
    }, spans


def by_label(report: Report, sentences: Sequence[Span], labels: Sequence[Sequence[str]]) -> dict[str, Matches]:
    """Matches of one article for each label of `LABELS`; `labels` are those of each sentence."""
    claims = [
        (index, Seen(claim, report.text, span.of(report.text)))
        for index, span in enumerate(sentences)
        for claim in report.claims
        if claim.status in _TOLD and span.start <= claim.trigger.start < span.end
    ]
    return {
        label: same(
            {index for index, seen in claims if stands(seen)},
            {index for index, own in enumerate(labels) if label in own},
        )
        for label, stands in LABELS.items()
    }
