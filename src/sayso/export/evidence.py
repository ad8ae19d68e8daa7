"""A pack of evidence for one incident: its reports, its claims, what changed and when, as an RO-Crate."""

from __future__ import annotations

import hashlib
import json
import mimetypes
from pathlib import Path
from typing import Any

from sayso.export import codes, rows
from sayso.export.declared import Column, File, Format, Grain, Kind, Options, Sink, cells
from sayso.export.event import Event
from sayso.export.rows import INCIDENT_COLUMNS, TERMS
from sayso.export.told import Told
from sayso.model import Report

METADATA = "ro-crate-metadata.json"
_CONFORMS = "https://w3id.org/ro/crate/1.1"


class Pack(Sink):
    """Writes everything about the one incident when it comes."""

    def __init__(self, path: Path, options: Options) -> None:
        self._folder = path.parent
        self._options = options
        self._event: Event | None = None

    def incident(self, event: Event) -> None:
        """The incident whose pack it is."""
        self._event = event

    def close(self) -> None:
        """Writes the pack."""
        if self._event is not None:
            write(self._folder, self._event, self._options)

    def abandon(self) -> None:
        """Nothing was written yet."""


def write(folder: Path, event: Event, options: Options) -> None:
    """All files of the pack, and the metadata that lists them with their digests."""
    files = {
        "incident.json": _json(
            dict(zip((column.name for column in INCIDENT_COLUMNS), cells(INCIDENT_COLUMNS, event), strict=True))
        ),
        "history.json": _json(list(options.beside.history(event.id)) if options.beside else []),
    }
    about = {
        "incident.json": "The incident: what its claims say together, and where they differ.",
        "claims.csv": "Its claims: one row each, with who says so and the sentence.",
        "history.json": "What changed in it, by moment.",
    }
    entities: list[dict[str, Any]] = []
    for report in event.reports:
        name = f"reports/{codes.digest(report.id, report.outlet)}.txt"
        files[name] = report.text.encode()
        entities.append(_article(name, report))
        original = options.beside.original(report) if options.beside else None
        if original is not None:
            kept = f"{name.removesuffix('.txt')}.original"
            files[kept] = original
            about[kept] = "The bytes that the text beside it was taken from."
    _claims(folder / "claims.csv", event.told, options)
    files["claims.csv"] = (folder / "claims.csv").read_bytes()
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    listed = [_file(name, content, about.get(name)) for name, content in files.items() if not name.endswith(".txt")]
    texts = [entity | _measures(files[entity["@id"]]) for entity in entities]
    (folder / METADATA).write_bytes(_json(_crate(event, [*listed, *texts])))


def _claims(path: Path, told: tuple[Told, ...], options: Options) -> None:
    """The claims, as an export of claims.csv has them."""
    file = next(form.files[0] for form in rows.FORMATS if form.name == "claims.csv")
    sink = file.open(file, path, options)
    for one in told:
        sink.claim(one)
    sink.close()


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _measures(content: bytes) -> dict[str, Any]:
    return {"contentSize": str(len(content)), "sha256": hashlib.sha256(content).hexdigest()}


def _file(name: str, content: bytes, about: str | None) -> dict[str, Any]:
    media = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return {
        "@id": name,
        "@type": "File",
        "name": name,
        "description": about,
        "encodingFormat": media,
        **_measures(content),
    }


def _article(name: str, report: Report) -> dict[str, Any]:
    known = {
        "headline": report.title,
        "publisher": report.outlet,
        "datePublished": report.published.isoformat() if report.published else None,
        "inLanguage": report.language,
        "url": report.url,
        "identifier": report.id,
    }
    return {
        "@id": name,
        "@type": ["File", "NewsArticle"],
        "name": report.title or report.id,
        "encodingFormat": "text/plain",
        **{key: value for key, value in known.items() if value},
    }


def _crate(event: Event, files: list[dict[str, Any]]) -> dict[str, Any]:
    where = codes.country(event.country)
    name = ", ".join(filter(None, (" ".join(filter(None, (event.type, event.mode))), where.name if where else None)))
    days = event.summary.days
    root = {
        "@id": "./",
        "@type": "Dataset",
        "identifier": event.id,
        "name": f"Evidence: {name}",
        "description": f"Reports and claims of one incident, told by {event.summary.witnesses}.",
        "datePublished": event.incident.changed_at,
        "license": "The texts belong to their outlets; the rest belongs to who made this pack.",
        "hasPart": [{"@id": entity["@id"]} for entity in files],
        **({"temporalCoverage": days.words} if days else {}),
    }
    descriptor = {
        "@id": METADATA,
        "@type": "CreativeWork",
        "conformsTo": {"@id": _CONFORMS},
        "about": {"@id": "./"},
    }
    return {"@context": f"{_CONFORMS}/context", "@graph": [descriptor, root, *files]}


def _opened(_: File, path: Path, options: Options) -> Sink:
    return Pack(path, options)


KEYS = (
    Column("incident.json", "the columns of incidents", kind=Kind.OBJECT),
    Column("claims.csv", "the columns of claims, a row a claim", kind=Kind.LIST),
    Column("history.json", "what changed, by moment", kind=Kind.LIST),
    Column(
        "reports/",
        "the text of every report, named by a digest; with .original the bytes it was taken from, if they were kept",
        kind=Kind.LIST,
    ),
    Column(METADATA, "what each file is, with its size and SHA-256", kind=Kind.OBJECT),
)
FORMAT = Format(
    "evidence",
    "RO-Crate, a pack of evidence",
    (
        "One incident with all it stands on: reports in full, claims, history, digests (RO-Crate 1.1). Name the "
        "incident with --incident; end PATH in .zip for one file."
    ),
    Grain.INCIDENT,
    (File(METADATA, "application/ld+json", "the pack, listed", KEYS, _opened),),
    ("Reports are there in full, and with them the words by which they describe informants whom they do not name.",),
    TERMS,
    "as asked for with --counts; without it the range of all numbers that stand",
    one_incident=True,
)
