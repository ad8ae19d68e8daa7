"""What a page of the desk is: declared once, and answered as HTML, JSON and, where it lists claims, as tables.

A page is a row: a path, a view that turns what is asked into an `Answer`, and a template. An action is the same for writing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from sayso.desk.remembered import Remembered
from sayso.ledger import filters
from sayso.ledger.team.accounts import Role, User

if TYPE_CHECKING:
    from sayso.desk.settings import Settings
    from sayso.ledger import Ledger
    from sayso.model import Telling

Json = dict[str, Any]


class Refused(Exception):  # noqa: N818 - an answer, not a fault
    """Ends a request with a status and words that say what to do."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status = status
        self.said = said


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter of an address, or a field of a form."""

    name: str
    help: str
    many: bool = False
    required: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, checked: who asks, in which ledger, for what.

    `kept` holds counts that cost much, `path` the words of the address that stand for something,
    `given` the parameters of the address, `form` what was sent.
    """

    ledger: Ledger
    settings: Settings
    user: User
    address: str
    kept: Remembered = field(default_factory=Remembered)
    wanted: filters.Wanted = field(default_factory=filters.Wanted)
    path: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    form: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def one(self, name: str) -> str | None:
        """The one value of a parameter or field, None where it is not given or blank."""
        found = self.form.get(name) or self.given.get(name)
        return found[0] if found else None

    def several(self, name: str) -> tuple[str, ...]:
        """All values of a parameter or field."""
        return tuple(self.form.get(name) or self.given.get(name) or ())

    def needed(self, name: str) -> str:
        """The one value of a field that must be given."""
        found = self.one(name)
        if found is None:
            raise Refused(400, f"{name} is missing")
        return found

    def may(self, role: str) -> bool:
        """Whether the user may do what asks for `role`."""
        return self.user.role.covers(Role(role))

    def link(self, address: str | None = None, /, **changes: Any) -> str:
        """The address of this page, or another, with the parameters it has now and `changes`; None takes one out.

        Without `address` the place in a listing is dropped: a changed filter begins at the top.
        """
        kept: dict[str, Any] = {name: list(found) for name, found in self.given.items()}
        kept.pop("after", None)
        return to(address or self.address, **(kept | changes))

    def filtered(self, address: str) -> str:
        """Another page with the filters that this one has, and nothing else of its address."""
        return to(address, **{name: list(found) for name, found in self.given.items() if name in filters.BY_NAME})

    def toggled(self, name: str, value: str) -> str:
        """The address of this page with a value of a filter added, or taken out where it is there."""
        now = list(self.given.get(name, ()))
        row = filters.BY_NAME.get(name)
        if value in now:
            now.remove(value)
        elif row is not None and row.many:
            now.append(value)
        else:
            now = [value]
        return self.link(**{name: now})

    def has(self, name: str, value: str) -> bool:
        """Whether a filter has this value."""
        return value in self.given.get(name, ())


def to(address: str, **parameters: Any) -> str:
    """An address with parameters in one order, so that the same question always has the same address."""
    pairs = []
    for name, value in sorted(parameters.items()):
        listed: Iterable[Any] = value if isinstance(value, (list, tuple)) else [] if value is None else [value]
        pairs += [(name, str(one)) for one in listed]
    return f"{address}?{urlencode(pairs)}" if pairs else address


def segment(word: str) -> str:
    """A word as a part of a path."""
    return quote(word, safe="")


@dataclass(frozen=True, slots=True)
class Answer:
    """`data` is what the JSON twin says, or what makes that where it costs; `shown` are further values for the template."""

    data: Json | Callable[[], Json]
    shown: Mapping[str, Any] = field(default_factory=dict)

    def json(self) -> Json:
        """What the JSON twin says."""
        return self.data() if callable(self.data) else self.data


@dataclass(frozen=True, slots=True)
class Moved:
    """The page is at another address; `for_good` where it will stay there. `data` is what the JSON twin of an action says."""

    to: str
    for_good: bool = False
    data: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class File:
    """What a page also gives as a file, at its address with `ending`: `written` makes the text, `name` is what links call it."""

    ending: str
    media: str
    name: str
    written: Callable[[Asked], Iterable[str]]
    saved: bool = True  # to be kept as a file, rather than read where it is


@dataclass(frozen=True, slots=True)
class Sent:
    """A file made for this request; `path` is removed when it is sent."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it comes back: what was typed, and why it was refused; neither where it is new."""

    sent: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    said: str | None = None

    def was(self, name: str, usual: str = "") -> str:
        """What a field held, or what it holds at first."""
        return next(iter(self.sent.get(name, ())), "" if self.said else usual)

    def had(self, name: str, value: str) -> bool:
        """Whether a field held this value, perhaps among others."""
        return value in self.sent.get(name, ())


@dataclass(frozen=True, slots=True)
class Again:
    """A form shown once more: the template of its page, and its values from what was sent and the words of the refusal."""

    template: str
    shown: Callable[[Asked, str], Answer]


@dataclass(frozen=True, slots=True)
class Page:
    """A page. `filters` says that it takes those of the ledger; `tellings` are the claims that it shows, for its exports.

    `files` are further files. An `open` page checks by itself who may see it, and is asked by nobody in particular; one with
    `only_files` is no page besides.
    `nav` is its name in the head of every page, None where it has none there. `help` is one sentence for the documentation.
    `again` makes the page that shows its form once more, where what was asked for by it makes no sense. A `kept` page shows nothing
    but the ledger to a user: what was drawn once is shown again until something comes or is judged.
    """

    path: str
    help: str
    template: str
    view: Callable[[Asked], Answer | Moved | Sent]
    params: Sequence[Param] = ()
    filters: bool = False
    tellings: Callable[[Asked], Iterable[Telling]] | None = None
    role: Role = Role.VIEWER
    nav: str | None = None
    files: Sequence[File] = ()
    open: bool = False
    only_files: bool = False
    again: Again | None = None
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """A change: sent by a form (`Moved` to a page afterwards) or as JSON to the same address with ``.json``.

    Where there is something to see once, such as a new token, it answers by a `template` instead. What `act` calls of the ledger
    leaves one row in the audit log, in the transaction of what it does. `again` makes the page that shows the form once more, with
    what was typed (`Typed`) and why it was refused; without it, the error says what was typed.
    """

    path: str
    help: str
    act: Callable[[Asked], Answer | Moved]
    fields: Sequence[Param] = ()
    role: Role = Role.EDITOR
    template: str | None = None
    again: Again | None = None


def local(address: str | None, otherwise: str) -> str:
    """An address of this desk to go back to; what leads elsewhere is not followed."""
    plain = address is not None and address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if plain and address and address.isprintable() else otherwise
