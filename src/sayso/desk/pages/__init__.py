"""Every page and action of the desk, in the order of the navigation."""

from __future__ import annotations

from collections.abc import Sequence

from sayso.desk.page import Action, Page
from sayso.desk.pages import account, coding, incident, now, report, review, search

PAGES: Sequence[Page] = (
    *now.PAGES,
    *search.PAGES,
    *review.PAGES,
    *coding.PAGES,
    *report.PAGES,
    *incident.PAGES,
    *account.PAGES,
)
ACTIONS: Sequence[Action] = (*review.ACTIONS, *coding.ACTIONS, *incident.ACTIONS, *account.ACTIONS)
