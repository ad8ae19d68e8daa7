"""Who may use a ledger's desk: accounts, sessions and tokens, kept so that reading the ledger lets nobody in."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Select, func, insert, select, update

from sayso.errors import ConfigError
from sayso.ledger import schema, values
from sayso.ledger.connect import Ledger
from sayso.ledger.team import audit
from sayso.ledger.writer import utc_now

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 1000  # characters; hashing takes time with their number
SESSION = dt.timedelta(days=7)
_NAME = re.compile(r"[\w.@-]{1,60}")
_TOKEN = "sayso_"  # noqa: S105 - how tokens begin, so that one that leaked is known for what it is

if TYPE_CHECKING:
    from argon2 import PasswordHasher

Now = Callable[[], dt.datetime]


class Role(StrEnum):
    """What somebody may do; each may do what the ones before it may."""

    VIEWER = "viewer"
    CODER = "coder"
    EDITOR = "editor"
    ADMIN = "admin"

    def covers(self, needed: Role) -> bool:
        """Whether who has this role may do what asks for `needed`."""
        order = list(Role)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True)
class User:
    """Somebody at the desk."""

    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Token:
    """A token as its owner sees it: never its words. `key` is the beginning of its digest."""

    key: str
    label: str
    made_at: str
    revoked_at: str | None


# --- accounts ---


def add_user(ledger: Ledger, user: User, password: str, *, by: str, now: Now = utc_now) -> None:
    """Makes an account, or gives an existing one a new password and role and ends its sessions.

    Raises `ConfigError` for a name or password that will not do, and `LedgerError`.
    """
    if not _NAME.fullmatch(user.name):
        raise ConfigError(f"{user.name!r} is no name of an account; use up to 60 letters, digits, and . _ - @")
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise ConfigError(f"a password needs {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
    hashed, at = _hasher().hash(password), values.moment(now())
    users = schema.desk_users
    with ledger.write() as connection:
        row = {"password": hashed, "role": str(user.role), "closed_at": None}
        if not connection.execute(update(users).where(users.c.name == user.name).values(row)).rowcount:
            connection.execute(insert(users), {"name": user.name, "added_at": at, **row})
        connection.execute(schema.desk_sessions.delete().where(schema.desk_sessions.c.name == user.name))
        audit.note_within(connection, by, "account set", {"name": user.name, "role": str(user.role)}, at=at)


def close_user(ledger: Ledger, name: str, *, by: str, now: Now = utc_now) -> None:
    """Closes an account: its sessions and tokens end, its name stays with what it did. Raises `ConfigError` if there is none."""
    at, users, tokens = values.moment(now()), schema.desk_users, schema.desk_tokens
    with ledger.write() as connection:
        closed = update(users).where(users.c.name == name, users.c.closed_at.is_(None)).values(closed_at=at)
        if not connection.execute(closed).rowcount:
            raise ConfigError(f"there is no open account {name!r}")
        connection.execute(schema.desk_sessions.delete().where(schema.desk_sessions.c.name == name))
        connection.execute(
            update(tokens).where(tokens.c.name == name, tokens.c.revoked_at.is_(None)).values(revoked_at=at)
        )
        audit.note_within(connection, by, "account closed", {"name": name}, at=at)


def users(ledger: Ledger) -> list[User]:
    """Open accounts by name."""
    table = schema.desk_users.c
    query = select(table.name, table.role).where(table.closed_at.is_(None)).order_by(table.name)
    with ledger.read() as connection:
        return [User(name, Role(role)) for name, role in connection.execute(query)]


def has_users(ledger: Ledger) -> bool:
    """Whether anybody has an account, so that everybody has to sign in."""
    with ledger.read() as connection:
        count = select(func.count()).select_from(schema.desk_users).where(schema.desk_users.c.closed_at.is_(None))
        return connection.execute(count).scalar_one() > 0


def check(ledger: Ledger, name: str, password: str) -> User | None:
    """The user whose name and password these are. Takes as long for a name that there is not."""
    from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415 - needed at sign-in only

    table = schema.desk_users.c
    with ledger.read() as connection:
        query = select(table.password, table.role).where(table.name == name, table.closed_at.is_(None))
        row = connection.execute(query).first()
    try:
        _hasher().verify(row[0] if row else _nobody(), password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return None
    return User(name, Role(row[1])) if row else None


def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher  # noqa: PLC0415 - needed at sign-in only

    return PasswordHasher()


_hash_of_nobody: list[str] = []


def _nobody() -> str:
    """A hash that no password fits, made once."""
    if not _hash_of_nobody:
        _hash_of_nobody.append(_hasher().hash(secrets.token_urlsafe()))
    return _hash_of_nobody[0]


# --- sessions and tokens ---


def open_session(ledger: Ledger, user: User, *, now: Now = utc_now) -> str:
    """The secret of a new session; only its digest is kept. Sessions that have ended are cleared away."""
    secret, moment, sessions = secrets.token_urlsafe(32), now(), schema.desk_sessions
    row = {"digest": _digest(secret), "name": user.name, "began_at": values.moment(moment)}
    with ledger.write() as connection:
        connection.execute(sessions.delete().where(sessions.c.ends_at < values.moment(moment)))
        connection.execute(insert(sessions), row | {"ends_at": values.moment(moment + SESSION)})
    return secret


def session_user(ledger: Ledger, secret: str, *, now: Now = utc_now) -> User | None:
    """Whose session this is, if it has not ended."""
    sessions = schema.desk_sessions.c
    return _user_of(
        ledger,
        _of(sessions.name).where(sessions.digest == _digest(secret), sessions.ends_at > values.moment(now())),
    )


def end_session(ledger: Ledger, secret: str) -> None:
    """Ends a session."""
    with ledger.write() as connection:
        connection.execute(schema.desk_sessions.delete().where(schema.desk_sessions.c.digest == _digest(secret)))


def make_token(ledger: Ledger, name: str, label: str, *, now: Now = utc_now) -> str:
    """A new token of the account `name`, for programs. It is given once; its digest is kept."""
    secret = _TOKEN + secrets.token_urlsafe(32)
    row = {"digest": _digest(secret), "name": name, "label": label, "made_at": values.moment(now())}
    with ledger.write() as connection:
        connection.execute(insert(schema.desk_tokens), row)
        audit.note_within(connection, name, "token made", {"label": label}, at=row["made_at"])
    return secret


def tokens(ledger: Ledger, name: str) -> list[Token]:
    """The tokens of an account, newest first."""
    table = schema.desk_tokens.c
    query = select(table.digest, table.label, table.made_at, table.revoked_at).where(table.name == name)
    with ledger.read() as connection:
        found = connection.execute(query.order_by(table.made_at.desc(), table.digest)).all()
    return [Token(digest[:12], label, made, revoked) for digest, label, made, revoked in found]


def revoke_token(ledger: Ledger, name: str, key: str, *, now: Now = utc_now) -> None:
    """Revokes the token of `name` whose digest begins with `key`."""
    at, table = values.moment(now()), schema.desk_tokens
    mine = (table.c.name == name) & (func.substr(table.c.digest, 1, 12) == key) & table.c.revoked_at.is_(None)
    with ledger.write() as connection:
        if not connection.execute(update(table).where(mine).values(revoked_at=at)).rowcount:
            raise ConfigError("there is no such token, or it was revoked")
        audit.note_within(connection, name, "token revoked", {"key": key}, at=at)


def token_user(ledger: Ledger, secret: str) -> User | None:
    """Whose token this is, if it was not revoked."""
    table = schema.desk_tokens.c
    return _user_of(ledger, _of(table.name).where(table.digest == _digest(secret), table.revoked_at.is_(None)))


def _of(name: object) -> Select[str, str]:
    users = schema.desk_users.c
    return select(users.name, users.role).where(users.name == name, users.closed_at.is_(None))


def _user_of(ledger: Ledger, query: Select[str, str]) -> User | None:
    with ledger.read() as connection:
        row = connection.execute(query).first()
    return User(row[0], Role(row[1])) if row else None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "backslashreplace")).hexdigest()
