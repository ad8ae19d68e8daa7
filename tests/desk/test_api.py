"""What programs send, at random but always the same: nothing brings the desk down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok
from starlette.testclient import TestClient
from tests.desk import plot
from tests.desk.conftest import TOKEN

from sayso.ledger import Ledger, incidents

EXAMPLES = 12  # of each operation; all of them together take less than a minute


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    path: Path = tmp_path_factory.mktemp("api") / "plot.db"
    with plot.ledger(path) as made:
        yield made


def operations(desk: TestClient, there: dict[str, str]) -> list[Any]:
    """Everything that the desk says it can be asked, half of the time about what is `there`."""
    described = desk.get("/openapi.json").json()
    for operation in (one for path in described["paths"].values() for one in path.values()):
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "path" and parameter["name"] in there:
                parameter["schema"] = {"type": "string", "enum": [there[parameter["name"]], "none", "%00", "💥"]}
    schema = schemathesis.openapi.from_dict(described)
    found = (one.ok() for one in schema.get_all_operations() if isinstance(one, Ok))
    return list(found)


def asked(desk: TestClient, operation: Any) -> list[int]:
    """The statuses that an operation answers with, for requests of its form and of others."""
    strategy = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in schemathesis.GenerationMode))
    answered: list[int] = []

    @seed(20260308)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def ask(case: Any) -> None:
        sent = case.as_transport_kwargs(base_url="http://127.0.0.1:8750")
        body = sent.pop("data", None)
        given = {name: sent[name] for name in ("method", "url", "params", "json") if name in sent}
        if isinstance(body, (str, bytes)):
            given["content"] = body
        answered.append(desk.request(**given, follow_redirects=False).status_code)

    ask()
    return answered


def test_no_request_that_the_api_describes_or_nearly_does_brings_an_error_of_ours(
    client: Callable[..., TestClient], book: Ledger
) -> None:
    desk = client(book)
    desk.headers["Authorization"] = f"Bearer {TOKEN}"

    there = {"incident": next(incidents.find(book, type="COERCE")).id, "report": "wire", "claim": "arrest-20"}

    answered = {operation.label: asked(desk, operation) for operation in operations(desk, there)}

    assert len(answered) > 20
    assert {label: found for label, found in answered.items() if max(found, default=0) >= 500} == {}
    assert sum(status == 200 for found in answered.values() for status in found) > 40
