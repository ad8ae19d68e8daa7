"""Languages: certain where there is enough text, left open where there is not."""

from __future__ import annotations

import pytest

from sayso.ingest.language import identify


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The army said on Sunday that it had arrested twenty officers.", ("en", True)),
        ("L'armée a annoncé dimanche l'arrestation de vingt officiers.", ("fr", True)),
        ("Полиция арестовала двадцать человек в Москве в воскресенье.", ("ru", True)),
        ("Das Militär hat am Sonntag zwanzig Offiziere verhaftet.", ("de", True)),
        ("", (None, False)),
        ("1234 5678 90", (None, False)),
        ("Bamako", (None, False)),
        ("Армия заявила", (None, False)),
    ],
)
def test_a_language_is_named_only_where_the_text_shows_it(text: str, expected: tuple[str | None, bool]) -> None:
    assert identify(text) == expected
