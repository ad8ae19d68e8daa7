"""Saved searches: filters under a name, with a feed and an address that is told of news."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import replace
from xml.sax.saxutils import escape, quoteattr

from sayso import summary
from sayso.desk import words
from sayso.desk.page import Action, Again, Answer, Asked, File, Moved, Page, Param, Refused, segment, to
from sayso.errors import ConfigError
from sayso.ledger import filters
from sayso.ledger.team import searches
from sayso.ledger.team.accounts import Role
from sayso.ledger.team.searches import Item, Search

OFFERED = ("text", "type", "country", "source_kind", "status")  # filters that the form offers
LISTED = 50  # incidents of a feed
_ATOM = "application/atom+xml; charset=utf-8"
# What XML 1.0 cannot hold, however it is written.
_NO_XML = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535, *range(55296, 57344)), "�")


def _address(search: Search) -> str:
    return f"/searches/{segment(search.id)}"


def _mine(asked: Asked, search: Search) -> bool:
    """Whether the user may see the keys of a search and end it: its owner, and admins."""
    return search.owner == asked.user.name or asked.may(Role.ADMIN)


def _search_json(asked: Asked, search: Search) -> dict[str, object]:
    data: dict[str, object] = {
        "id": search.id,
        "name": search.name,
        "filters": dict(search.asked),
        "shows": search.wanted.phrase,
        "owner": search.owner,
        "made_at": search.made_at,
        "page": _address(search),
        "webhook": search.webhook if _mine(asked, search) else None,
    }
    if _mine(asked, search):
        data |= {"feed": _feed_address(asked, search), "secret": search.secret}
    return data


def _feed_address(asked: Asked, search: Search) -> str:
    return asked.settings.address + to(f"{_address(search)}.atom", key=search.feed_key)


# --- pages ---


def _list(asked: Asked) -> Answer:
    found = [_search_json(asked, search) for search in searches.saved(asked.ledger)]
    given = _given(asked)
    shown = {"found": found, "given": given, "fields": () if given else OFFERED, "webhooks": asked.settings.webhooks}
    return Answer({"searches": found}, shown)


def _again(asked: Asked, _: str) -> Answer:
    """The form as it was sent. Filters can be mended there, but for those with several values, which stay as they are."""
    sent = {name: found for name, found in asked.form.items() if name in filters.BY_NAME}
    kept = {name: found for name, found in sent.items() if len(found) > 1}
    here = replace(asked, address="/searches", given=kept, wanted=_wanted(kept))
    answer = _list(here)
    fields = [name for name in dict.fromkeys((*OFFERED, *sent)) if name not in kept]
    return Answer(answer.data, {**answer.shown, "asked": here, "fields": fields})


def _wanted(given: Mapping[str, tuple[str, ...]]) -> filters.Wanted:
    """Filters, for words that say them; none where they are what was refused."""
    try:
        return filters.wanted(given)
    except ConfigError:
        return filters.Wanted()


def _given(asked: Asked) -> dict[str, tuple[str, ...]]:
    """The filters that the page was opened with, to be saved."""
    return {name: found for name, found in asked.given.items() if name in filters.BY_NAME}


def _one(asked: Asked) -> Answer:
    search = searches.search(asked.ledger, asked.path["search"])
    items = searches.news(asked.ledger, search, limit=LISTED)
    mine = _mine(asked, search)
    told = searches.told(asked.ledger, search.id) if mine and search.webhook else []
    data = _search_json(asked, search) | {"news": [_item_json(one) for one in items]}
    shown = {
        "search": search,
        "items": [(one, titled(one)) for one in items],
        "mine": mine,
        "feed": _feed_address(asked, search) if mine else None,
        "told": told,
    }
    return Answer(data, shown)


def _item_json(one: Item) -> dict[str, object]:
    return {
        "incident": one.incident.id,
        "news": str(one.news),
        "changed_at": one.incident.changed_at,
        "title": titled(one),
        "said": one.said,
        "page": f"/incidents/{segment(one.incident.id)}",
    }


def titled(one: Item) -> str:
    """What the incident is called everywhere on the desk."""
    return words.incident(summary.summarise(one.incident.tellings))


# --- the feed ---


def _feed(asked: Asked) -> Iterable[str]:
    try:
        search = searches.search(asked.ledger, asked.path["search"])
    except ConfigError:
        raise Refused(404, "there is no such feed, or its key is another") from None
    key = asked.one("key") or ""
    if not asked.user.name and not hmac.compare_digest(key.encode(), search.feed_key.encode()):
        raise Refused(404, "there is no such feed, or its key is another")
    return _atom(asked, search, searches.news(asked.ledger, search, limit=LISTED))


def _atom(asked: Asked, search: Search, items: list[Item]) -> Iterable[str]:
    """The feed as Atom (RFC 4287), its texts as text."""
    home, here = asked.settings.address, asked.settings.address + _address(search)
    updated = items[0].incident.changed_at if items else search.made_at
    yield '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
    yield f"<id>{_text(here)}</id>\n<title>{_text(search.name)}</title>\n<updated>{updated}</updated>\n"
    yield f'<link rel="alternate" href={_attribute(here)}/>\n<link rel="self" href={_attribute(here + ".atom")}/>\n'
    yield "<author><name>Sayso</name></author>\n"
    for one in items:
        page = f"{home}/incidents/{segment(one.incident.id)}"
        yield "<entry>\n"
        yield f"<id>{_text(page)}#{one.incident.changed_at}</id>\n<title>{_text(f'{one.news}: {titled(one)}')}</title>\n"
        yield f"<updated>{one.incident.changed_at}</updated>\n<published>{one.incident.known_from}</published>\n"
        yield f'<link href={_attribute(page)}/>\n<category term="{one.news}"/>\n<summary>{_text(one.said)}</summary>\n</entry>\n'
    yield "</feed>\n"


def _text(said: str) -> str:
    return escape(said.translate(_NO_XML))


def _attribute(said: str) -> str:
    return quoteattr(said.translate(_NO_XML))


# --- acts ---


def _save(asked: Asked) -> Moved:
    webhook = asked.one("webhook")
    if webhook is not None and not any(_begins(webhook, beginning) for beginning in asked.settings.webhooks):
        raise Refused(400, "this desk may not tell that address; whoever runs it allows addresses with --webhook-to")
    given: Mapping[str, list[str]] = {
        name: list(asked.several(name)) for name in filters.BY_NAME if asked.several(name)
    }
    search = searches.save(asked.ledger, asked.needed("name"), given, owner=asked.user.name, webhook=webhook)
    return Moved(_address(search), data=_search_json(asked, search))


def _begins(address: str, beginning: str) -> bool:
    """A first look for a quick answer; `sayso.notices` holds every message against the allowed addresses before it is sent."""
    return address == beginning or address.startswith(beginning if beginning.endswith("/") else f"{beginning}/")


def _end(asked: Asked) -> Moved:
    search = searches.search(asked.ledger, asked.path["search"])
    if not _mine(asked, search):
        raise Refused(403, f"this search is {search.owner}'s; its owner or an admin ends it")
    searches.end(asked.ledger, search.id, by=asked.user.name)
    return Moved("/searches")


_FILTERS = tuple(Param(row.name, row.help, row.many) for row in filters.FILTERS if row.name != "as_of")
PAGES = (
    Page("/searches", "Saved searches, and a form to save one.", "searches.html", _list, filters=True),
    Page("/searches/{search}", "A saved search: its feed, and what became of its incidents.", "search.html", _one),
    Page(
        "/searches/{search}",
        "The feed of a saved search.",
        "search.html",
        _one,
        params=(Param("key", "Opens this feed to whoever has it."),),
        files=(File(".atom", _ATOM, "Atom", _feed, saved=False),),
        open=True,
        only_files=True,
    ),
)
ACTIONS = (
    Action(
        "/searches",
        "Save filters under a name; an address that the desk may tell is told of what is new, changed or contradicted.",
        _save,
        (Param("name", "What it is called.", required=True), Param("webhook", "An address to tell."), *_FILTERS),
        Role.VIEWER,
        again=Again("searches.html", _again),
    ),
    Action("/searches/{search}/end", "End a saved search: its feed and its messages stop.", _end, (), Role.VIEWER),
)
