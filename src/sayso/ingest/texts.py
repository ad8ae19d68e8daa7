"""Bytes of a text file to its characters, and Markdown to plain text: nothing is guessed in silence."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from sayso.errors import InputError

# Longer first: the mark of UTF-32-LE begins with that of UTF-16-LE.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# How files begin that are no text, what they are, and what to do about it.
_MAGIC = (
    (b"%PDF", "a PDF: turn it into text first, for example with pdftotext"),
    (b"PK\x03\x04", "a zip archive or an office document: unpack it, or save it as plain text"),
    (b"\xd0\xcf\x11\xe0", "an old office document: save it as plain text"),
    (b"{\\rtf", "a rich-text document: save it as plain text"),
    (b"\x89PNG", "an image: Sayso reads text only"),
    (b"\xff\xd8\xff", "an image: Sayso reads text only"),
    (b"GIF8", "an image: Sayso reads text only"),
    (b"\x1f\x8b", "compressed with gzip: end its name in .gz"),
    (b"BZh", "compressed: unpack it first"),
    (b"\xfd7zXZ", "compressed: unpack it first"),
)


def refuse_binary(data: bytes) -> None:
    """Raise `InputError`, saying what to do, if `data` is a known kind of file that is no text, or holds NUL bytes."""
    for magic, advice in _MAGIC:
        if data.startswith(magic):
            raise InputError(f"this is {advice}")
    if not data.startswith(tuple(mark for mark, _ in _MARKS)) and b"\0" in data:
        raise InputError("this is binary data, not text; text in UTF-16 needs its byte order mark")


def decode(data: bytes) -> tuple[str, str | None]:
    """The characters of `data`, line ends as they are, and an issue where their encoding had to be assumed.

    UTF-8, or what a byte order mark says; else Windows-1252, which covers most old Western text. Bytes that even that
    does not know become U+FFFD.
    """
    refuse_binary(data)
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), None
            except UnicodeDecodeError as exc:
                raise InputError(f"the byte order mark says {encoding}, but the text is not: {exc.reason}") from exc
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), "not UTF-8: read as Windows-1252"


class Markdown(NamedTuple):
    """Plain text of a Markdown file, its title, and the fields of its front matter with lower-cased names."""

    text: str
    title: str | None
    fields: dict[str, str]


_FRONT_MATTER = re.compile(r"\A(---|\+\+\+)[ \t]*\r?\n(.*?)^\1[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_FIELD = re.compile(r"^(\w[\w -]*?)\s*[:=]\s*(.*?)\s*$", re.MULTILINE)
_HEADING = re.compile(
    r"\A\s*(?:#{1,6}[ \t]+(?P<atx>.+?)[ \t]*#*[ \t]*(?:\r?\n|\Z)|(?P<setext>[^\r\n]+)\r?\n(?:=+|-+)[ \t]*(?:\r?\n|\Z))"
)
# What is taken away, in this order; each is a mark that a reader of the text would not say aloud.
_MARKUP: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"<!--.*?-->", re.DOTALL), ""),
    (re.compile(r"^[ \t]*(?:```|~~~).*\r?\n?", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*(?:[-*_][ \t]*){3,}$", re.MULTILINE), ""),
    (re.compile(r"!\[[^\]]*\]\([^)\s]*(?:\s[^)]*)?\)"), ""),
    (re.compile(r"\[([^\]]+)\](?:\([^)\s]*(?:\s[^)]*)?\)|\[[^\]]*\])"), r"\1"),
    (re.compile(r"<(https?://[^>\s]+)>"), r"\1"),
    (re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+(.*?)[ \t]*#*[ \t]*$", re.MULTILINE), r"\1"),
    (re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*[-*+][ \t]+", re.MULTILINE), ""),
    (re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w_])"), r"\1"),
    (re.compile(r"`([^`\n]+)`"), r"\1"),
)


def markdown(text: str) -> Markdown:
    """Plain text of Markdown: front matter read and taken off, the first heading as title, simple marks removed.

    Only marks that stand alone go: tables, footnotes and embedded HTML stay as written.
    """
    fields: dict[str, str] = {}
    if front := _FRONT_MATTER.match(text):
        fields = {name.lower(): value.strip("\"'") for name, value in _FIELD.findall(front[2])}
        text = text[front.end() :]
    title = None
    if heading := _HEADING.match(text):
        title = (heading["atx"] or heading["setext"]).strip()
        text = text[heading.end() :]
    for pattern, instead in _MARKUP:
        text = pattern.sub(instead, text)
    return Markdown(text.strip(), fields.get("title") or title, fields)
