"""The desk: a ledger read, checked and corrected in a browser. It reads through the ledger's queries and adds judgements."""

from __future__ import annotations

from sayso.desk.app import create_app
from sayso.desk.settings import Settings

__all__ = ["Settings", "create_app"]
