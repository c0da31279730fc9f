"""Language and theme, chosen on any page."""

from contextlib import suppress
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response

from hub.forms import Posted
from hub.pages.asking import ClientsOf, CommunityOf, SettingsOf, safe_next
from hub.preferences import KEPT, LANGUAGE_COOKIE, THEME_COOKIE, THEMES
from hub.rendering import redirect
from hub.sessions import Visitor, sessions_of
from services.kit.errors import Invalid

router = APIRouter()


@router.post("/preferences")
async def prefer(
    request: Request,
    clients: ClientsOf,
    settings: SettingsOf,
    community: CommunityOf,
    person: Visitor,
    form: Posted,
) -> Response:
    """Keep a choice in this browser, a member's language in their profile, and go back."""
    form.only("language", "theme", "next")
    response = redirect(request, _back(request, safe_next(form.text("next", "/"))))

    def keep(name: str, value: str) -> None:
        response.set_cookie(
            name, value, max_age=KEPT, path="/", secure=settings.secure, httponly=True,
            samesite="lax",
        )  # fmt: skip

    if language := form.text("language"):
        if language not in community.languages:
            raise Invalid("This hub does not speak that language.")
        keep(LANGUAGE_COOKIE, language)
        if person and person.language != language:
            await clients.membership.update_me({"language": language}, person.identity)
            sessions_of(request).drop(contact_id=person.contact_id)
    if "theme" in form.values:
        theme = form.text("theme")
        if theme not in ("", *THEMES):
            raise Invalid("There is no such theme.")
        if theme:
            keep(THEME_COOKIE, theme)
        else:
            response.delete_cookie(THEME_COOKIE, path="/", httponly=True, samesite="lax")
    return response


def _back(request: Request, path: str) -> str:
    """The page somebody was on, with what it was asked for where the browser tells it."""
    with suppress(ValueError):
        came = urlsplit(request.headers.get("referer", ""))
        full = f"{path}?{came.query}"
        if came.query and came.path == path and safe_next(full) == full:
            return full
    return path
