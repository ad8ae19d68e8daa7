"""What a ledger answers is fetched as it is looked at, and goes into tables."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import polars
import pytest
from tools.example_ledger import ARRESTS, COUP, example, fill, group, reports

from sayso import layout, ledger
from sayso.errors import ConfigError
from sayso.export import FORMATS, export
from sayso.ledger import Ledger, incidents

CLAIMS = [claim for report in reports() for claim in report.claims]


@pytest.fixture
def book(book: Ledger) -> Ledger:
    fill(book)
    groups = {
        name: [claim.id for claim in CLAIMS if claim.type == kind]
        for name, kind in ((ARRESTS, "COERCE"), (COUP, "COUP"))
    }
    group(book, groups)
    return book


def test_an_answer_can_be_looked_through_again(book: Ledger) -> None:
    found = ledger.claims(book, type="COERCE")

    assert [one.claim.id for one in found] == [one.claim.id for one in found]
    assert found.count() == len(list(found)) == 3
    assert found[1] == list(found)[1]
    assert next(islice(found, 1)) == found[0]
    with pytest.raises(IndexError, match="there are not that many claims"):
        found[3]
    with pytest.raises(IndexError, match="looked through from its beginning"):
        found[-1]


def test_an_answer_says_what_it_is(book: Ledger) -> None:
    assert repr(ledger.claims(book, type="COERCE", country="GW")) == "<claims of type COERCE, in GW>"
    assert repr(incidents.find(book)) == "<all incidents>"


def test_a_filter_that_there_is_not_is_refused_at_once(book: Ledger) -> None:
    with pytest.raises(ConfigError, match="there is no filter 'kind'"):
        ledger.claims(book, kind="COERCE")


def test_claims_are_the_same_in_every_kind_of_table(book: Ledger) -> None:
    found = ledger.claims(book)
    table, frame, other = found.to_arrow(), found.to_pandas(), found.to_polars()

    assert table.column_names == ["incident", *(name for name, _ in layout.COLUMNS), "url", "origin"]
    assert table.to_pylist() == other.to_dicts()
    assert frame.astype(object).where(frame.notna(), None).to_dict("records") == table.to_pylist()
    assert set(table["incident"].to_pylist()) == {ARRESTS, COUP}


def test_incidents_carry_the_range_of_their_numbers(book: Ledger) -> None:
    frame = incidents.find(book, type="COERCE").to_pandas()
    (row,) = frame.to_dict("records")

    assert (row["incident_id"], row["count_low"], row["count_high"], row["differs"]) == (ARRESTS, 20, 50, "numbers")
    assert (row["claims"], row["reports"], row["anonymous"]) == (3, 3, 2)
    assert frame["count_best"].isna().all()
    assert isinstance(incidents.find(book).to_polars(), polars.DataFrame)


def test_an_empty_answer_has_all_columns(book: Ledger) -> None:
    nothing = ledger.claims(book, country="FR")

    assert nothing.to_arrow().num_rows == 0
    assert list(nothing.to_pandas().columns) == nothing.to_arrow().column_names == nothing.to_polars().columns


def test_both_databases_export_the_same_bytes(book: Ledger, tmp_path: Path) -> None:
    names = [name for name, form in FORMATS.items() if not form.one_incident]
    with example(tmp_path) as other:
        export(book, names, tmp_path / "one")
        export(other, names, tmp_path / "other")

    assert {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()} == {
        path.name: path.read_bytes() for path in (tmp_path / "other").iterdir()
    }
