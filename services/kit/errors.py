"""Errors with a message for people and a status; answered as problem+json (RFC 9457)."""

from services.kit.language import N_


class HubError(Exception):
    """Something the caller can do something about."""

    status = 400
    title = N_("That did not work")

    def __init__(self, detail: str, *, field: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.field = field


class Invalid(HubError):
    """What was sent does not hold together; `field` names the input at fault."""

    status = 422
    title = N_("Please check what you entered")


class NotFound(HubError):
    """There is no such thing, or the caller may not know of it."""

    status = 404
    title = N_("Not found")


class Gone(HubError):
    """It was here and is no longer."""

    status = 410
    title = N_("No longer available")


class Forbidden(HubError):
    """The caller is known and may not do this."""

    status = 403
    title = N_("Not allowed")


class SignInNeeded(HubError):
    """The caller must sign in first."""

    status = 401
    title = N_("Please sign in")


class Conflict(HubError):
    """It does not fit the present state."""

    status = 409
    title = N_("Not possible now")


class TooLarge(HubError):
    """The body is over the limit."""

    status = 413
    title = N_("Too large")


class Busy(HubError, TimeoutError):
    """The database did not get to this in time; nothing was written."""

    status = 503
    title = N_("Very busy")
