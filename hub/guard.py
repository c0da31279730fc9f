"""What every request passes first: tracing, proof that a form is ours, security headers."""

import re
import secrets

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from events.envelope import Context, in_context, new_id
from hub.preferences import cookie_header, language_of
from hub.problems import BROKEN, TOO_LARGE, error_answer
from hub.settings import Settings
from services.kit.errors import Forbidden, HubError, TooLarge
from services.kit.language import N_, speaking

POLICY = "; ".join(
    (
        "default-src 'none'",
        "img-src 'self'",
        "style-src 'self'",
        "script-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "manifest-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    # Not no-referrer: browsers would then send forms with `Origin: null`.
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "private, no-store",
}
EMBEDDED = {
    **HEADERS,
    "content-security-policy": POLICY.replace("frame-ancestors 'none'", "frame-ancestors *"),
    "cross-origin-resource-policy": "cross-origin",
    "access-control-allow-origin": "*",
    "cache-control": "public, max-age=60",
}
"""Headers of what other sites show; it is the same for everybody."""
log = structlog.get_logger()
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_CORRELATION = re.compile(r"[A-Za-z0-9-]{8,64}")
_TRACE = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


class CrossSite(Forbidden):
    """A form that was not sent from a page of this hub, or does not prove that it was."""

    title = N_("This form did not come from here")


class Guard:
    """ASGI middleware around every page; the calendar's feeds pass untouched."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check the request, carry its correlation on, and put headers on the answer."""
        if scope["type"] != "http" or scope["path"].startswith("/feeds/"):
            await self._app(scope, receive, send)
            return
        embedded = scope["path"].startswith("/embed/")
        if embedded:
            # In another site's frame nobody is known, whatever a browser sends along.
            named = [(name, value) for name, value in scope["headers"] if name != b"cookie"]
            scope = {**scope, "headers": named}
        headers = Headers(scope=scope)
        correlation = headers.get("x-correlation-id", "")
        if not _CORRELATION.fullmatch(correlation):
            correlation = new_id()
        trace = headers.get("traceparent", "")
        if not _TRACE.fullmatch(trace):
            trace = f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"
        scope.setdefault("state", {})["correlation"] = correlation

        started = False

        async def finish(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                answer = MutableHeaders(scope=message)
                for name, value in (EMBEDDED if embedded else HEADERS).items():
                    answer.setdefault(name, value)
                if self._settings.secure:
                    answer.setdefault("strict-transport-security", "max-age=31536000")
                answer.setdefault("x-correlation-id", correlation)
            await send(message)

        offered = scope["app"].state.community.languages
        language = language_of(cookie_header(headers), headers.get("accept-language", ""), offered)
        with in_context(Context(correlation, None, trace)), speaking(language):
            if complaint := self._complaint(scope["method"], headers) or self._size(headers):
                request = Request(scope, receive)
                await (await error_answer(request, complaint))(scope, receive, finish)
                return
            if scope["method"] == "HEAD" and not scope["path"].endswith(".ics"):
                # A page answers HEAD as GET; the server leaves the body out.
                scope = {**scope, "method": "GET"}
            try:
                await self._app(scope, self._limited(receive, self._most(headers)), finish)
            except Exception as error:
                log.error("page_failed", path=scope["path"], exc_info=error)
                if started:
                    raise
                request = Request(scope, receive)
                await (await error_answer(request, BROKEN))(scope, receive, finish)

    def _complaint(self, method: str, headers: Headers) -> HubError | None:
        """Why an unsafe request is refused, if it is.

        Browsers name where a request comes from in Sec-Fetch-Site, older ones in Origin; a
        program that sends neither is let through only without a session.
        """
        if method in SAFE:
            return None
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site is not None:
            if site == "same-origin":
                return None
        elif origin is not None:
            if self._ours(origin, headers.get("host", "")):
                return None
        elif self._settings.session_cookie not in cookie_header(headers):
            return None
        else:
            return CrossSite(
                N_(
                    "Your browser did not say which page this form was on, so it was not accepted "
                    "and nothing was changed. Open the page on this site again and send the form "
                    "from there; if it happens again, allow this site the Origin header in your "
                    "privacy settings."
                )
            )
        return CrossSite(
            N_(
                "The form was on a page of another site, so it was not accepted and nothing was "
                "changed. If this was you, do it again from a page of this hub."
            )
        )

    def _most(self, headers: Headers) -> int:
        """Bytes that the body may have: forms with a file in them may have more."""
        form = headers.get("content-type", "").startswith("multipart/form-data")
        return self._settings.body_limit + (self._settings.upload_limit if form else 0)

    def _size(self, headers: Headers) -> TooLarge | None:
        length = headers.get("content-length", "0")
        over = not length.isdecimal() or len(length) > 15 or int(length) > self._most(headers)
        return TOO_LARGE if over else None

    def _limited(self, receive: Receive, most: int) -> Receive:
        """The request's body as far as the limit; FastAPI's own answers with bare text."""
        total = 0

        async def limited() -> Message:
            nonlocal total
            message = await receive()
            total += len(message.get("body", b""))
            if total > most:
                raise TOO_LARGE
            return message

        return limited

    def _ours(self, origin: str, host: str) -> bool:
        return origin in (self._settings.address, f"http://{host}", f"https://{host}")
