"""One's own account with its tokens, and the audit log."""

from __future__ import annotations

import dataclasses

from sayso.desk.page import Action, Again, Answer, Asked, Moved, Page, Param, Refused
from sayso.ledger.team import accounts, audit
from sayso.ledger.team.accounts import Role

SHOWN = 100
_LONGEST_LABEL = 100


def _account(asked: Asked) -> Answer:
    own = [] if asked.settings.token else accounts.tokens(asked.ledger, asked.user.name)
    data = {
        "name": asked.user.name,
        "role": str(asked.user.role),
        "tokens": [dataclasses.asdict(token) for token in own],
    }
    return Answer(data, {"tokens": own, "made": None})


def _make(asked: Asked) -> Answer:
    if asked.settings.token:
        raise Refused(400, "there are no accounts here; programs send the token that `sayso serve` printed")
    label = asked.needed("label")
    if len(label) > _LONGEST_LABEL:
        raise Refused(400, f"say what it is for in up to {_LONGEST_LABEL} characters")
    made = accounts.make_token(asked.ledger, asked.user.name, label)
    shown = _account(asked)
    return Answer({**shown.json(), "made": made}, {**shown.shown, "made": made})


def _revoke(asked: Asked) -> Moved:
    accounts.revoke_token(asked.ledger, asked.user.name, asked.needed("key"))
    return Moved("/account")


def _log(asked: Asked) -> Answer:
    before = asked.one("before")
    if before is not None and not (before.isascii() and before.isdecimal() and len(before) < 19):
        raise Refused(400, f"{before!r} is no number of a row")
    rows = audit.entries(asked.ledger, limit=SHOWN + 1, before=int(before) if before else None)
    data = {
        "entries": [dataclasses.asdict(row) | {"about": dict(row.about)} for row in rows[:SHOWN]],
        "before": rows[SHOWN - 1].number if len(rows) > SHOWN else None,
    }
    return Answer(data, {"rows": rows[:SHOWN]})


PAGES = (
    Page("/account", "Who is signed in, and the tokens of the account.", "account.html", _account),
    Page(
        "/log",
        "The audit log, newest first: sign-ins, judgements, exports.",
        "log.html",
        _log,
        params=(Param("before", "Rows before this number."),),
        role=Role.ADMIN,
    ),
)
ACTIONS = (
    Action(
        "/account/tokens",
        "Make a token for programs; it is shown once.",
        _make,
        fields=(Param("label", "What it is for.", required=True),),
        role=Role.VIEWER,
        template="account.html",
        again=Again("account.html", lambda asked, _: _account(asked)),
    ),
    Action(
        "/account/tokens/revoke",
        "Revoke a token.",
        _revoke,
        fields=(Param("key", "Which one: the beginning of its digest, as listed.", required=True),),
        role=Role.VIEWER,
    ),
)
