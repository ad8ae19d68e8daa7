"""Every page and action of the desk, in the order of the navigation."""

from __future__ import annotations

from collections.abc import Sequence

from sayso.desk.page import Action, Page
from sayso.desk.pages import account, actors, coding, coups, exporting, incident, now, report, review, search, searches

PAGES: Sequence[Page] = (
    *now.PAGES,
    *search.PAGES,
    *searches.PAGES,
    *actors.PAGES,
    *coups.PAGES,
    *review.PAGES,
    *coding.PAGES,
    *report.PAGES,
    *incident.PAGES,
    *exporting.PAGES,
    *account.PAGES,
)
ACTIONS: Sequence[Action] = (*review.ACTIONS, *coding.ACTIONS, *searches.ACTIONS, *incident.ACTIONS, *account.ACTIONS)
