"""Every page and action of the desk, in the order of the navigation."""

from __future__ import annotations

from collections.abc import Sequence

from sayso.desk.page import Action, Page
from sayso.desk.pages import report, search

PAGES: Sequence[Page] = (*search.PAGES, *report.PAGES)
ACTIONS: Sequence[Action] = ()
