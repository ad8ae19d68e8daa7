"""Every page and action of the desk, in the order of the navigation."""

from __future__ import annotations

from collections.abc import Sequence

from sayso.desk.page import Action, Page
from sayso.desk.pages import account, incident, now, report, search

PAGES: Sequence[Page] = (*now.PAGES, *search.PAGES, *report.PAGES, *incident.PAGES, *account.PAGES)
ACTIONS: Sequence[Action] = (*incident.ACTIONS, *account.ACTIONS)
