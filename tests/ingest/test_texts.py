"""Bytes to characters, and Markdown to plain text."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import InputError
from sayso.ingest.texts import Markdown, decode, markdown


@pytest.mark.parametrize(
    ("data", "text", "issue"),
    [
        ("Ségou\r\n".encode(), "Ségou\r\n", None),
        (codecs.BOM_UTF8 + "Ségou".encode(), "Ségou", None),
        ("Ségou".encode("utf-16"), "Ségou", None),
        (codecs.BOM_UTF16_BE + "Ségou".encode("utf-16-be"), "Ségou", None),
        ("Ségou “x”".encode("cp1252"), "Ségou “x”", "not UTF-8: read as Windows-1252"),
        (b"", "", None),
    ],
)
def test_text_is_decoded_and_an_assumed_encoding_is_an_issue(data: bytes, text: str, issue: str | None) -> None:
    assert decode(data) == (text, issue)


@pytest.mark.parametrize(
    ("data", "advice"),
    [
        (b"%PDF-1.7 ...", "pdftotext"),
        (b"PK\x03\x04rest", "unpack it"),
        (b"\x89PNG\r\n", "image"),
        (b"\xff\xd8\xff\xe0", "image"),
        (b"{\\rtf1 x}", "plain text"),
        (b"\x1f\x8b\x08", ".gz"),
        (b"some\0bytes", "binary"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8x", "utf-16"),
    ],
)
def test_what_is_no_text_is_refused_with_advice(data: bytes, advice: str) -> None:
    with pytest.raises(InputError, match=advice):
        decode(data)


@given(st.text())
def test_utf_8_comes_back_to_the_character(text: str) -> None:
    if "\0" not in text and not text.startswith(("﻿", "%PDF", "PK\x03\x04", "{\\rtf", "GIF8", "BZh")):
        assert decode(text.encode()) == (text, None)


def test_front_matter_and_marks_are_taken_off() -> None:
    source = (
        '---\ntitle: "Plot foiled"\ndate: 2025-08-10\noutlet: The Courier\n---\n# Plot *foiled*\n\n'
        "The **army** held [14 officers](https://a.example/x) on _Sunday_, ![a photo](x.jpg)`sources` say.\n\n"
        "> Calm reigns\n\n- one\n- two_words_here\n\n---\n\n## What next\n\n2 * 3 * 4"
    )

    assert markdown(source) == Markdown(
        "The army held 14 officers on Sunday, sources say.\n\nCalm reigns\n\none\ntwo_words_here\n\n\n\n"
        "What next\n\n2 * 3 * 4",
        "Plot foiled",
        {"title": "Plot foiled", "date": "2025-08-10", "outlet": "The Courier"},
    )


@pytest.mark.parametrize("source", ["# Plot foiled\nText", "Plot foiled\n===\nText", "## Plot foiled ##\r\nText"])
def test_the_first_heading_is_the_title(source: str) -> None:
    assert markdown(source)[:2] == ("Text", "Plot foiled")


def test_text_without_marks_stays() -> None:
    assert markdown("Just text, 2*3.\n\nMore.") == Markdown("Just text, 2*3.\n\nMore.", None, {})
