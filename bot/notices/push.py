"""Seals a notice for one browser, as RFC 8291 and 8292 (VAPID) have it; the only module that knows pywebpush."""

import base64
import time
from urllib.parse import urlsplit

import orjson
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from bot.notices.model import Notice, PushSubscription, Request, Undeliverable

LIFETIME = 60 * 60
"""Seconds a push service keeps a notice for a browser that is off; an hour later nobody waits for it any more."""

TOKEN_LIFETIME = 12 * 60 * 60


class Push:
    """`secret`: 32 random bytes as base64url, the installation's private key; `contact`: an https or mailto address
    that a push service's operators may complain to."""

    def __init__(self, secret: str, contact: str) -> None:
        self._vapid = Vapid02.from_raw(secret.encode())
        self._contact = contact if contact.startswith(("https://", "mailto:")) else "mailto:zeroline@localhost"
        point = self._vapid.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.key = base64.urlsafe_b64encode(point).rstrip(b"=").decode()
        """What a browser needs to subscribe: `applicationServerKey`."""

    def seal(self, subscription: PushSubscription, notice: Notice) -> Request:
        """The encrypted request. Raises Undeliverable when the browser's keys are none."""
        plain = orjson.dumps(
            {
                "kind": notice.kind,
                "ticket": notice.ticket_id,
                "number": notice.number,
                "ru": notice.text_ru,
                "en": notice.text_en,
            }
        )
        from pywebpush import WebPusher, WebPushException  # noqa: PLC0415 - brings aiohttp, a second of every start

        keys = {"p256dh": subscription.p256dh, "auth": subscription.auth}
        try:
            sealed = WebPusher({"endpoint": subscription.endpoint, "keys": keys}).encode(plain)
        except (ValueError, IndexError, WebPushException) as error:
            raise Undeliverable(f"the browser's keys cannot be used: {error}") from error
        headers = {
            **self._signature(subscription.endpoint),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(LIFETIME),
            "Urgency": "high",
            # The push service keeps one notice a ticket for a browser that is off, the newest. At most 32 characters.
            "Topic": notice.ticket_id.replace("-", "")[:32],
        }
        return Request(subscription.endpoint, headers, sealed["body"])

    def _signature(self, endpoint: str) -> dict[str, str]:
        parts = urlsplit(endpoint)
        claims = {
            "sub": self._contact,
            "aud": f"{parts.scheme}://{parts.netloc}",
            "exp": int(time.time()) + TOKEN_LIFETIME,
        }
        signed: dict[str, str] = self._vapid.sign(claims)
        return signed
