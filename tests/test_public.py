"""The names that Sayso offers."""

from __future__ import annotations

import subprocess
import sys

import pytest

import sayso


def test_offers_just_these_names() -> None:
    assert sayso.__all__ == ["__version__", "read", "read_report", "read_sources", "to_arrow", "to_pandas"]
    assert all(getattr(sayso, name) for name in sayso.__all__)


def test_says_so_when_a_name_does_not_exist() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        sayso.nothing  # noqa: B018


def test_importing_sayso_loads_nothing_heavy() -> None:
    code = "import sys, sayso; print(sorted({'numpy', 'onnxruntime', 'pandas', 'torch'} & set(sys.modules)))"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout == "[]\n"
