"""How a desk is run: where it listens, by what addresses it may be called, and who may come in."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from sayso.errors import ConfigError
from sayso.ledger.judgements.slots import Resolve, unresolved

PORT = 8750
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class Settings:
    """`token` lets whoever has it in as `user`, with every right; None where people sign in with accounts.

    `public` is the address that people use where that is another one than `host` and `port`, behind a proxy that speaks https.
    `resolve` says what words stand for that a reviewer selects; `webhooks` are beginnings of addresses that may be told of news.
    """

    host: str = "127.0.0.1"
    port: int = PORT
    public: str | None = None
    token: str | None = None
    user: str = "you"
    demo: bool = False
    resolve: Resolve = unresolved
    webhooks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raises `ConfigError` for settings that would leave the door open."""
        if self.public and urlsplit(self.public).scheme not in ("http", "https"):
            raise ConfigError(f"{self.public}: not an address; write it as https://desk.example.org")
        if self.token and not self.on_loopback:
            raise ConfigError(
                f"--host {self.host} lets others in: make accounts first, with `sayso desk-user add NAME --role admin`"
            )

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host in ("127.0.0.1", "localhost", "::1") and self.public is None

    @property
    def address(self) -> str:
        """Where people find it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.public or f"http://{host}:{self.port}").rstrip("/")

    @property
    def origins(self) -> frozenset[str]:
        """The origins whose pages may write: its own."""
        port = "" if self.port == 80 else f":{self.port}"  # browsers leave out the usual one
        return frozenset({self.address, *(f"http://{name}{port}" for name in _LOOPBACK)})

    @property
    def hosts(self) -> frozenset[str]:
        """What the Host header may say."""
        return frozenset(urlsplit(origin).netloc for origin in self.origins)

    @property
    def secure(self) -> bool:
        """Whether cookies may only travel encrypted."""
        return self.address.startswith("https:")

    @property
    def cookie(self) -> str:
        """Name of the cookie; browsers share cookies between the ports of a machine, so it has the port in it."""
        return "__Host-sayso" if self.secure else f"sayso-{self.port}"
