"""Words before a trigger that say how its event is told."""

from __future__ import annotations

import pytest

from sayso.model import Span, Status
from sayso.reader import cues


@pytest.mark.parametrize(
    ("text", "trigger", "told"),
    [
        ("They banned the planned mass protests.", "protests", Status.PLANNED),
        ("The suspected chemical attack came at dawn.", "attack", Status.ALLEGED),
        ("The area was said to be closed.", "closed", Status.ALLEGED),
        ("Police feared a possible protest.", "protest", Status.HYPOTHETICAL),
        ("The leaders were not arrested.", "arrested", Status.NEGATED),
        ("The minister didn't resign.", "resign", Status.NEGATED),
        ("The army denied that it shelled the town.", "shelled", Status.NEGATED),
        ("No protests were held.", "protests", Status.NEGATED),
        ("Nobody was hurt. Protests followed.", "Protests", None),
        ("They did not leave. Police arrested them.", "arrested", None),
        ("Police arrested them.", "arrested", None),
    ],
)
def test_words_right_before_a_trigger_in_its_sentence_say_its_status(
    text: str, trigger: str, told: Status | None
) -> None:
    start = text.index(trigger)
    sentence = Span(text.rfind(". ", 0, start) + 1, len(text))

    assert cues.status(text, sentence, Span(start, start + len(trigger))) is told
