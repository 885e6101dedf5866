"""The family of errors the app answers with: each has a code, an HTTP status and a sentence for people.

BotError
├── BadRequest 400          the caller sent something that cannot be read or is out of range
├── Unauthorised 401        nobody is signed in, or the password is wrong
├── Forbidden 403           signed in, but the role or the origin does not allow it
├── NotFound 404
├── Conflict 409            two people did the same thing; somebody else was first
├── TooLarge 413
├── TooManyRequests 429     carries retry_after seconds
├── Misconfigured 500       a setting is wrong; printed at the start as one line
└── Unavailable 503         a part the request needs is down
"""


class BotError(Exception):
    """Root of the family. `text` is public: it must never hold secrets or customer text."""

    status = 500
    code = "internal_error"

    def __init__(self, text: str, code: str | None = None) -> None:
        super().__init__(text)
        self.text = text
        if code is not None:
            self.code = code


class BadRequest(BotError):
    status, code = 400, "bad_request"


class Unauthorised(BotError):
    status, code = 401, "unauthorised"


class Forbidden(BotError):
    status, code = 403, "forbidden"


class NotFound(BotError):
    status, code = 404, "not_found"


class Conflict(BotError):
    status, code = 409, "conflict"


class TooLarge(BotError):
    status, code = 413, "too_large"


class TooManyRequests(BotError):
    """`retry_after`: whole seconds until the same request can succeed."""

    status, code = 429, "too_many_requests"

    def __init__(self, text: str, retry_after: int, code: str | None = None) -> None:
        super().__init__(text, code)
        self.retry_after = retry_after


class Misconfigured(BotError):
    status, code = 500, "misconfigured"


class Unavailable(BotError):
    status, code = 503, "unavailable"
