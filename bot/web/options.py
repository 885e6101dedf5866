"""What the web door can be told from outside; the defaults are those of one machine at home."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bot.web.limits import Rate

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


# A visitor: one message or press a second, ten at once, 30 a minute.
_MESSAGES = (Rate(1, 10), Rate(2, 30))
# A socket: 20 frames a second, and 20 pieces of nonsense that are forgotten within 100 s.
_FRAMES, _NONSENSE = Rate(0.05, 60), Rate(5, 20)
# A visitor, and their address: ten files at once, then one every 10 s.
_UPLOADS = Rate(10, 10)
# An address, which may be a whole office or a mobile network: 60 new chats an hour, 2 handshakes and 20 pages a second.
_VISITORS, _HANDSHAKES, _REQUESTS = Rate(60, 60), Rate(0.5, 80), Rate(0.05, 200)


@dataclass(frozen=True, slots=True)
class Limits:
    """Ceilings on what strangers send; `sockets` is how many one address may hold open.

    `frame_bytes` lets 2,000 characters through however a client escapes them (12 bytes each): a message that is closed
    upon would be sent again for ever.
    """

    messages: tuple[Rate, ...] = _MESSAGES
    frames: Rate = _FRAMES
    nonsense: Rate = _NONSENSE
    visitors: Rate = _VISITORS
    uploads: Rate = _UPLOADS
    handshakes: Rate = _HANDSHAKES
    requests: Rate = _REQUESTS
    sockets: int = 40
    frame_bytes: int = 32 * 1024
    body_bytes: int = 64 * 1024


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds. `close`: how long a peer may take to hang up once we have; `resync`: how long a lost ring may stay
    unnoticed; `position`: pause between two places in the queue; `promise`: how often who waits is told afresh when
    nothing moves; `drain`: for work in hand when the server stops;
    `ready`: how long one look at the parts serves every probe."""

    send: float = 10
    ping: float = 15
    pong: float = 15
    close: float = 3
    hello: float = 30
    session: float = 60
    resync: float = 60
    position: float = 2
    promise: float = 30
    drain: float = 10
    ready: float = 1


@dataclass(frozen=True, slots=True)
class WebOptions:
    """`public_url`: how browsers reach us; `sites`: origins that may embed the widget; `trusted_proxies`: how many
    reverse proxies in front append to X-Forwarded-For; `metrics_token`: opens /metrics and the details of /readyz."""

    public_url: str = "http://localhost:8080"
    sites: tuple[str, ...] = ()
    static_dir: Path = Path(__file__).parents[1] / "static"
    demo: bool = True
    trusted_proxies: int = 0
    metrics_token: str = ""
    limits: Limits = field(default_factory=Limits)
    timings: Timings = field(default_factory=Timings)

    @property
    def secure(self) -> bool:
        """Whether browsers reach us by https, so that cookies may be sent by https only."""
        return urlsplit(self.public_url).scheme == "https"

    @property
    def at_home(self) -> bool:
        """Whether the product is reached on this machine only."""
        return _origin(self.public_url)[1] in _LOOPBACK

    @property
    def own_origins(self) -> frozenset[str]:
        """Origins of our own pages. On this machine its three names are one."""
        scheme, host, port = _origin(self.public_url)
        hosts = _LOOPBACK if host in _LOOPBACK else (host,)
        return frozenset(f"{scheme}://{name}{port}" for name in hosts)

    @property
    def site_origins(self) -> frozenset[str]:
        """Origins of the sites that may embed the widget, as browsers write them."""
        return frozenset("{}://{}{}".format(*_origin(site)) for site in self.sites)


def _origin(url: str) -> tuple[str, str, str]:
    """Scheme, host and port of an address as browsers write them in `Origin`: default ports left out."""
    parts = urlsplit(url.lower())
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, host, f":{parts.port}" if parts.port and parts.port != usual else ""
