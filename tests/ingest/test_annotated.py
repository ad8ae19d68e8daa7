"""Marks of Label Studio and doccano projects become values; nothing that nobody marked does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sayso.errors import InputError
from sayso.ingest.annotated import Annotated, Marked, read
from sayso.model import Span

TYPES = {"COERCE": ("arrest", "martial-law"), "PROTEST": ("demo",)}
TEXT = "Police in Lyon 👮 arrested 12 miners on Sunday, a union official said."


def span(words: str) -> tuple[int, int]:
    return TEXT.index(words), TEXT.index(words) + len(words)


def region(name: str, words: str, *labels: str) -> dict[str, Any]:
    start, end = span(words)
    value = {"start": start, "end": end, "text": words, "labels": list(labels)}
    return {"id": name, "type": "labels", "from_name": "label", "to_name": "text", "value": value}


def relation(one: str, other: str, *labels: str) -> dict[str, Any]:
    return {"type": "relation", "from_id": one, "to_id": other, "direction": "right", "labels": list(labels)}


def label_studio(*results: dict[str, Any], **fields: Any) -> str:
    made = {"completed_by": {"id": 3, "email": "ana@example.org"}, "result": list(results), **fields}
    return json.dumps([{"id": 1, "data": {"text": TEXT, "outlet": "Example Wire"}, "annotations": [made]}])


WHOLE = (
    region("a", "arrested", "COERCE arrest"),
    region("b", "Police", "actor"),
    region("c", "12 miners", "recipient"),
    region("d", "a union official", "source anonymous"),
    {"id": "a", "type": "choices", "value": {"choices": ["alleged", "historical"]}},
    relation("a", "b"),
    relation("c", "a"),
    relation("a", "d"),
)
EVENT = Marked(
    Span(*span("arrested")), "COERCE", "arrest", "alleged", True, "anonymous",
    {"actor": (Span(*span("Police")),), "recipient": (Span(*span("12 miners")),), "source": (Span(*span("a union official")),)},
)  # fmt: skip


def one(text: str) -> Annotated:
    (found,) = read(text, TYPES)
    assert isinstance(found, Annotated)
    return found


def test_label_studio_gives_an_event_with_its_slots() -> None:
    found = one(label_studio(*WHOLE))

    assert (found.report.text, found.report.outlet, found.by) == (TEXT, "Example Wire", "ana@example.org")
    assert (found.events, found.issues) == ((EVENT,), ())


def test_doccano_gives_the_same() -> None:
    entities = [
        {"id": number, "label": label, "start_offset": span(words)[0], "end_offset": span(words)[1]}
        for number, (words, label) in enumerate(
            [
                ("arrested", "COERCE/arrest"),
                ("Police", "actor"),
                ("12 miners", "recipient"),
                ("a union official", "source:anonymous"),
            ]
        )
    ]
    relations = [{"id": 9, "from_id": 0, "to_id": other, "type": ""} for other in (1, 2, 3)]
    found = one(json.dumps({"id": 4, "text": TEXT, "entities": entities, "relations": relations, "Comments": []}))

    (event,) = found.events
    assert (event.trigger, event.type, event.mode, event.slots) == (EVENT.trigger, "COERCE", "arrest", EVENT.slots)
    assert event.source_kind == "anonymous"


def test_doccano_labels_without_relations_give_events_and_say_what_is_left_out() -> None:
    found = one(
        json.dumps({"text": TEXT, "label": [[*span("arrested"), "COERCE_martial_law"], [*span("Police"), "actor"]]})
    )

    assert found.events == (Marked(EVENT.trigger, "COERCE", "martial-law"),)
    assert found.issues == ("left out, no relation ties it to an event: actor 'Police'",)


def test_the_label_of_a_relation_may_name_the_slot() -> None:
    found = one(
        label_studio(region("a", "arrested", "COERCE"), region("b", "Lyon", "span"), relation("a", "b", "place"))
    )

    assert found.events[0].slots == {"place": (Span(*span("Lyon")),)}


def test_offsets_that_count_an_emoji_twice_are_put_right_by_the_words() -> None:
    made = region("a", "arrested", "COERCE")
    made["value"] |= {"start": made["value"]["start"] + 1, "end": made["value"]["end"] + 1}

    assert one(label_studio(made)).events[0].trigger == EVENT.trigger


def test_a_span_that_is_not_in_the_text_is_left_out_and_said() -> None:
    made = region("a", "arrested", "COERCE")
    made["value"] |= {"start": 5000, "end": 5008}

    assert (one(label_studio(made)).events, one(label_studio(made)).issues) == (
        (),
        ("a span that is not in the text: arrested",),
    )


def test_cancelled_annotations_are_none() -> None:
    assert list(read(label_studio(*WHOLE, was_cancelled=True), TYPES)) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there are no tasks in it"),
        ("[{", "not the JSON of a Label Studio or doccano project"),
        ("[" * 100_000, "not the JSON of a Label Studio or doccano project"),
    ],
    ids=["empty", "cut off", "nested"],
)
def test_what_is_no_project_is_refused(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        list(read(text, TYPES))


def test_a_damaged_task_stops_no_other() -> None:
    tasks = [1, {"data": {"outlet": "x"}, "annotations": [{}]}, {"text": TEXT}, json.loads(label_studio(*WHOLE))[0]]
    found = list(read(json.dumps(tasks), TYPES))

    assert [str(one) for one in found if isinstance(one, InputError)] == [
        "task 1: a task is a JSON object",
        'task 2: it has no "text" that is a string',
        "task 3: neither a task of Label Studio (data, annotations) nor one of doccano (text, label or entities)",
    ]
    assert isinstance(found[-1], Annotated)
