"""Writes the parts of the documentation that the code already says: event types, columns, options, worked examples.

    python tools/make_codebook.py            # rewrite them in docs/
    python tools/make_codebook.py --check    # say which are out of date, change nothing

A part stands between ``<!-- generated: name -->`` and ``<!-- end -->``; everything else in those files is written by hand.
The counts and dates are resolved when this runs, so the tables show what Sayso does and not what somebody remembers.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import typer.main

sys.path.insert(0, str(Path(__file__).parents[1]))  # however this is run, `tools` can be imported

from tools import make_formats

from sayso import frames, layout, summary
from sayso.cli import app
from sayso.model import (
    Actor,
    Argument,
    Attribution,
    Claim,
    Count,
    Counted,
    Date,
    Place,
    Precision,
    Report,
    Source,
    SourceKind,
    Span,
    Status,
)
from sayso.reconcile import compare
from sayso.resolve import counts, dates
from sayso.resolve.claims import _GROUNDS

DOCS = Path(__file__).parents[1] / "docs"
ONTOLOGY: Mapping[str, Any] = json.loads(resources.files("sayso.data").joinpath("ontology.json").read_text("utf-8"))

# Words whose reading the codebook shows.
NUMBERS = (
    "20", "a man", "two dozen", "around 50", "at least 20", "more than 100", "up to 30", "between 10 and 15", "dozens", "scores",
    "hundreds", "several hundred", "thousands", "tens of thousands", "1.2 million", "many", "several people", "a group of men",
)  # fmt: skip
PUBLISHED = dt.date(2025, 8, 12)  # a Tuesday
TIMES = (
    ("Sunday", ""),
    ("Thursday", "The two ministers will meet on Thursday."),
    ("early Monday", ""),
    ("10 August", ""),
    ("the weekend", ""),
    ("last week", ""),
    ("early June", ""),
    ("three months ago", ""),
    ("since July", ""),
    ("2012", ""),
    ("from June to August 2020", ""),
    ("recently", ""),
    ("03/04/2020", ""),
)


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table; None is an empty cell."""
    lines = [list(head), *([("" if cell is None else str(cell)).replace("|", "\\|") for cell in row] for row in rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def overview() -> str:
    """All event types on one screen."""
    return table(
        ("type", "kind of act", "score", "modes"),
        (
            (f"[{name}](#{name.lower()})", entry["quad"], entry["score"], ", ".join(entry["modes"]))
            for name, entry in ONTOLOGY["types"].items()
        ),
    )


def types() -> str:
    """One section a type: definition, modes, boundaries."""
    return "\n\n".join(_type(name, entry) for name, entry in ONTOLOGY["types"].items())


def _type(name: str, entry: Mapping[str, Any]) -> str:
    wanted = "always has a recipient" if entry["recipient_required"] else "may lack a recipient"
    parts = [f"### {name}", f"*{entry['quad'].capitalize()}; score {entry['score']:g}; {wanted}.*", entry["definition"]]
    if entry["modes"]:
        rows = ((f"`{mode}`", f"{said['score']:g}", said["definition"]) for mode, said in entry["modes"].items())
        parts.append(table(("mode", "score", "what it is"), rows))
    if entry["boundaries"]:
        parts.append("\n".join(f"- {boundary}" for boundary in entry["boundaries"]))
    return "\n\n".join(parts)


def coup() -> str:
    """Sayso's own type, with what it becomes where only PLOVER is known."""
    entry = ONTOLOGY["extension"]["COUP"]
    rows = (
        (f"`{mode}`", said["definition"], " ".join(part or "without mode" for part in said["plover"]))
        for mode, said in entry["modes"].items()
    )
    return f"### COUP\n\n{entry['definition']}\n\n{table(('mode', 'what it is', 'in PLOVER terms'), rows)}"


def sectors() -> str:
    """Codes of `Actor.sector`."""
    every = {**ONTOLOGY["sectors"], **ONTOLOGY["nonstate_actors"]}
    return table(("sector", "who"), ((f"`{code}`", who) for code, who in every.items()))


def number_words() -> str:
    """Number words with the bounds that `sayso.resolve.counts` gives them."""
    rows = []
    for words in NUMBERS:
        bounds, reason = counts.resolve(words)
        low, high = bounds or (None, None)
        said = [("open" if side is None else side) if bounds else None for side in (low, high)]
        rows.append((f'"{words}"', *said, reason))
    return table(("words", "low", "high", "why there is no number"), rows)


def time_words() -> str:
    """Time words with the date that `sayso.resolve.dates` gives them in a report of `PUBLISHED`."""
    rows = []
    for words, context in TIMES:
        date, reason = dates.resolve(words, PUBLISHED, context=context)
        said = f'"{words}"' + (f' in "{context}"' if context else "")
        rows.append((said, f"`{date.value}`" if date else None, date.how if date else reason))
    return table(("words", "date", "how, or why not"), rows)


def country_grounds() -> str:
    """The slots that say where an event of each type happened when it names no place."""
    return table(("type", "slots asked, in turn"), ((kind, ", ".join(slots)) for kind, slots in _GROUNDS.items()))


def columns() -> str:
    """The columns of a claim as a row."""
    words = {"bool": "true or false", "float64": "number", "int64": "whole number"}
    kinds = {name: words[kind] for kind, names in frames._TYPES.items() for name in names}
    rows = ((f"`{name}`", kinds.get(name, "text"), about) for name, about in layout.COLUMNS)
    return table(("column", "type", "what it holds"), rows)


def incident_columns() -> str:
    """The columns of an incident as a row."""
    return table(("column", "what it holds"), ((f"`{name}`", about) for name, about in layout.INCIDENT_COLUMNS))


def count_rules() -> str:
    """The rules that make one figure of several numbers."""
    return table(("rule", "figure"), ((f"`{rule.name}`", rule.says) for rule in summary.RULES.values()))


def commands() -> str:
    """Every command with its options, from the command line itself."""
    group: Any = typer.main.get_command(app)
    parts = [_options("sayso", group)]
    for name, command in group.commands.items():
        parts.append(f"### sayso {name}\n\n{_plain(command.help)}\n\n{_options(f'sayso {name}', command)}".rstrip())
    return "\n\n".join(parts)


def _options(name: str, command: Any) -> str:
    wanted = [param for param in command.params if param.name not in ("help", "install_completion", "show_completion")]
    rows = [(_spelt(param), _plain(param.help)) for param in wanted]
    rows += [(f"`{word}`", said) for word, said in _COMPLETION.items() if any(word in p.opts for p in command.params)]
    return table((f"`{name}`", "what it does"), rows) if rows else "It takes no options."


def _spelt(param: Any) -> str:
    """How an argument or an option is written, with the value that it takes: "`--published DATE`"."""
    if param.param_type_name != "option":
        return f"`{param.name.upper()}`"
    value = "" if param.is_flag else f" {param.metavar or ('NUMBER' if _is_number(param) else 'TEXT')}"
    return ", ".join(f"`{word}{value}`" for word in (*param.opts, *param.secondary_opts))


def _is_number(param: Any) -> bool:
    """Whether an option takes a number; versions of Typer tell it in different places."""
    kind = str(getattr(getattr(param, "type", None), "name", ""))
    return (
        isinstance(param.default, int) or getattr(param, "min", None) is not None or kind.startswith(("int", "float"))
    )


_COMPLETION = {
    "--install-completion": "Complete commands and options on Tab in this shell from now on.",
    "--show-completion": "Print the lines that would do so.",
}


def _plain(help_text: str | None) -> str:
    """Help without the markup of the terminal, in which a backslash before a bracket keeps the bracket."""
    return re.sub(r"(?<!\\)\[/?\w+\]", "", " ".join((help_text or "").split())).replace("\\[", "[")


def example_report() -> Report:
    """An invented report with one claim of every slot, and one whose words stay unresolved."""
    text = "LYON, Aug 12 - Police in Lyon arrested at least 12 protesters and several others on Sunday, a union official said."

    def span(words: str) -> Span:
        return Span(text.index(words), text.index(words) + len(words))

    police = "country not named; sector COP: in its own words, 'Police'"
    protesters = "country not named; sector CVL: in its own words, 'protesters'"
    others = "neither the words 'several others' nor the report say a country or sector"
    lyon = Place(2996944, "Lyon", "FR", "Auvergne-Rhône-Alpes", 45.7485, 4.8467, Precision.TOWN, '"Lyon" in GeoNames')
    claim = Claim(
        id="5c1f0a9be27d4e63",
        trigger=span("arrested"),
        sentence=Span(0, len(text)),
        type="COERCE",
        mode="arrest",
        status=Status.ACTUAL,
        historical=False,
        source=Source(SourceKind.ANONYMOUS, span("a union official"), 0.93),
        actor=(Argument(span("Police"), Actor("Police", None, "COP", police), confidence=0.97),),
        recipient=(
            Argument(
                span("at least 12 protesters"),
                Actor("at least 12 protesters", None, "CVL", protesters),
                confidence=0.9,
            ),
            Argument(span("several others"), reason=others, confidence=0.64),
        ),
        place=Argument(span("Lyon"), lyon, confidence=0.88),
        country="FR",
        country_how="place",
        date=Argument(span("Sunday"), Date("2025-08-10", "the weekday on or before publication"), confidence=0.95),
        count=Argument(span("at least 12"), Count(12, None, Counted.ARRESTED), confidence=0.92),
        confidence=0.89,
    )
    said = Span(text.index("Police"), text.index("Sunday") + len("Sunday"))
    attribution = Attribution((span("a union official"),), (span("said"),), (said,))
    return Report(
        id="wire-0001", text=text, title="Twelve held in Lyon", outlet="Example Wire", published=PUBLISHED, language="en",
        url="https://wire.example/0001", attributions=(attribution,), claims=(claim,),
    )  # fmt: skip


def example_json() -> str:
    """`example_report` as `sayso read --json` writes it, broken into lines for reading."""
    written = json.dumps(layout.report_json(example_report()), ensure_ascii=False, indent=2)
    pairs = re.sub(r"\[\s+(\d+),\s+(\d+)\s+\]", r"[\1, \2]", written)
    return f"```json\n{pairs}\n```"


def features() -> str:
    """The features of two claims with the weight of each level, as they ship."""
    table = compare.weights()
    rows = [
        f"| {name} | {'; '.join(f'{level} {weight:+.2f}' for level, weight in levels.items())} |"
        for name, levels in table.levels.items()
    ]
    return "\n".join(
        ["| feature | levels with their weights |", "| --- | --- |", f"| base | {table.base:+.2f} |", *rows]
    )


PAGES: Mapping[str, Mapping[str, Callable[[], str]]] = {
    "codebook.md": {
        "types in short": overview, "types": types, "coup": coup, "sectors": sectors, "number words": number_words,
        "time words": time_words, "countries": country_grounds,
    },
    "formats.md": {
        "commands": commands, "columns": columns, "example": example_json,
        "export formats": make_formats.overview, "exports": make_formats.details,
    },
    "incidents.md": {"incident columns": incident_columns, "count rules": count_rules, "features": features},
}  # fmt: skip
_PART = re.compile(r"(<!-- generated: (?P<name>[\w ]+) -->\n)(?:.*?\n)??(<!-- end -->)", re.DOTALL)


def pages() -> Iterator[tuple[Path, str, str]]:
    """Each page with its text as it is and as it should be. Raises `ValueError` where a page lacks one of its parts."""
    for name, parts in PAGES.items():
        path = DOCS / name
        text = path.read_text("utf-8")
        found = [match["name"] for match in _PART.finditer(text)]
        if sorted(found) != sorted(parts):
            raise ValueError(f"{path.name} has the parts {found}; its makers are {list(parts)}")
        made = {part: make() for part, make in parts.items()}
        yield path, text, _PART.sub(lambda match, made=made: f"{match[1]}\n{made[match['name']]}\n\n{match[3]}", text)  # type: ignore[misc]


def main() -> None:
    """Rewrite the pages, or with --check say which are out of date."""
    stale = [(path, wanted) for path, text, wanted in pages() if text != wanted]
    if "--check" in sys.argv[1:]:
        if stale:
            sys.exit(f"out of date: {', '.join(path.name for path, _ in stale)}; run python tools/make_codebook.py")
        return
    for path, wanted in stale:
        path.write_text(wanted, "utf-8")


if __name__ == "__main__":
    main()
