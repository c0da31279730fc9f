"""Every page of the hub, once: what the review opens, checks and takes pictures of.

A page that is not listed here fails `test_listed.py`. An address has names in braces for what
only a filled hub knows (`stage.py` finds them).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Audience = Literal["visitor", "member", "organiser", "coordinator", "admin"]
State = Literal["demo", "empty", "new"]


@dataclass(frozen=True)
class ListedPage:
    """One page as one audience sees it in one state of the hub."""

    name: str
    route: str
    audience: Audience = "visitor"
    state: State = "demo"
    address: str = ""
    """Where it is opened; the route when empty."""
    sends: Mapping[str, str] | None = field(default=None, hash=False)
    """Sent by the form of the page at `address` whose action is the route; None only opens it."""
    status: int = 200

    @property
    def opened_at(self) -> str:
        """The address, with names in braces."""
        return self.address or self.route


def _errors() -> tuple[ListedPage, ...]:
    """An error page each, by the page of development that provokes it."""
    return tuple(
        ListedPage(
            f"error-{status}", "/dev/errors/{status}", address=f"/dev/errors/{status}",
            status=status,
        )
        for status in (400, 403, 404, 410, 422, 429, 500, 503)
    )  # fmt: skip


PAGES: tuple[ListedPage, ...] = (
    # What everybody sees.
    ListedPage("home", "/"),
    ListedPage("home-member", "/", "member"),
    ListedPage("home-coordinator", "/", "coordinator"),
    ListedPage("home-admin", "/", "admin"),
    ListedPage("home-empty", "/", state="empty"),
    ListedPage("search", "/search", address="/search?q=data"),
    ListedPage("search-none", "/search", address="/search?q=nothing+like+this"),
    ListedPage("search-empty", "/search"),
    ListedPage("about", "/about"),
    ListedPage("privacy", "/privacy"),
    ListedPage("accessibility", "/accessibility"),
    ListedPage("imprint", "/imprint"),
    ListedPage("imprint-empty", "/imprint", state="empty"),
    ListedPage("api", "/api"),
    # Events.
    ListedPage("events", "/events"),
    ListedPage("events-member", "/events", "member"),
    ListedPage("events-organiser", "/events", "organiser"),
    ListedPage("events-month", "/events", address="/events?view=month"),
    ListedPage("events-agenda", "/events", address="/events?view=agenda"),
    ListedPage("events-past", "/events", address="/events?past=true"),
    ListedPage("events-topic", "/events", address="/events?topic=personalised+medicine"),
    ListedPage("events-none", "/events", address="/events?topic=nothing+like+this"),
    ListedPage("events-empty", "/events", state="empty"),
    ListedPage("events-mine", "/events/mine", "organiser"),
    ListedPage("events-mine-empty", "/events/mine", "admin", "empty"),
    ListedPage("embed", "/embed/events"),
    ListedPage("embed-empty", "/embed/events", state="empty"),
    ListedPage("organise", "/organise", "organiser"),
    ListedPage("organise-empty", "/organise", "admin", "empty"),
    ListedPage("organise-event", "/organise/{slug}", "organiser", address="{organised}"),
    ListedPage("event", "/events/{slug}", address="{event}"),
    ListedPage("event-registered", "/events/{slug}", "member", address="{event}"),
    ListedPage("event-waitlisted", "/events/{slug}", "member", address="{full_event}"),
    ListedPage("event-full", "/events/{slug}", address="{full_event}"),
    ListedPage("event-series", "/events/{slug}", address="{series}"),
    ListedPage("event-organiser", "/events/{slug}", "organiser", address="{series}"),
    ListedPage("event-called-off", "/events/{slug}", address="{called_off}"),
    ListedPage(
        "event-guest-refused", "/events/{slug}/register", address="{event}",
        sends={"name": "Gia Guest", "email": "nonsense"}, status=422,
    ),
    ListedPage("event-new", "/events/new", "organiser"),
    ListedPage(
        "event-new-refused", "/events/new", "organiser",
        sends={"repeats": "weekly", "capacity": "many"}, status=422,
    ),
    ListedPage("event-join", "/events/{slug}/join", address="{series}/join"),
    ListedPage(
        "event-join-early", "/events/{slug}/join", "member", address="{series}/join", status=409
    ),
    ListedPage("check-in", "/checkin/{secret}", "organiser", address="{ticket}"),
    ListedPage("event-ticket", "/events/{slug}/ticket", "member", address="{event}/ticket"),
    ListedPage("event-feedback", "/events/{slug}/feedback", "member", address="{event}/feedback"),
    ListedPage(
        "event-attendance", "/organise/{slug}/attendance", "organiser",
        address="{organised}/attendance",
    ),
    ListedPage(
        "event-seats", "/organise/{slug}/registration", "organiser",
        address="{organised}/registration",
    ),
    ListedPage(
        "event-group", "/events/{slug}/register/group", "member",
        address="{event}/register/group",
    ),
    ListedPage("event-register", "/events/{slug}/register", address="{series}/register"),
    ListedPage(
        "event-results", "/organise/{slug}/feedback", "organiser", address="{organised}/feedback"
    ),
    ListedPage("event-agenda-empty", "/events/{slug}/agenda", address="{event}/agenda"),
    ListedPage("event-with-agenda", "/events/{slug}", address="{with_agenda}"),
    ListedPage("event-agenda", "/events/{slug}/agenda", address="{with_agenda}/agenda"),
    ListedPage("event-session", "/events/{slug}/agenda/{id}", address="{session}"),
    ListedPage(
        "event-session-new", "/events/{slug}/agenda/new", "organiser",
        address="{with_agenda}/agenda/new",
    ),
    ListedPage(
        "event-session-refused", "/events/{slug}/agenda/new", "organiser",
        address="{with_agenda}/agenda/new", status=422,
        sends={"title": "", "starts_local": "2049-01-01T10:00"},
    ),
    ListedPage(
        "event-session-edit", "/events/{slug}/agenda/{id}/edit", "organiser",
        address="{session_edit}",
    ),
    ListedPage(
        "event-materials", "/events/{slug}/materials", "member", address="{event}/materials"
    ),
    ListedPage(
        "event-materials-organiser", "/organise/{slug}/materials", "organiser",
        address="{organised}/materials",
    ),
    ListedPage(
        "event-invited", "/organise/{slug}/invited", "organiser", address="{organised}/invited"
    ),
    ListedPage(
        "event-cover", "/organise/{slug}/cover", "organiser", address="{organised}/cover"
    ),
    ListedPage("event-dates", "/events/{slug}/dates", "organiser", address="{series}/dates"),
    ListedPage("event-date", "/events/{slug}/dates/{date}", "organiser", address="{date}"),
    ListedPage("event-edit", "/events/{slug}/edit", "organiser", address="{series}/edit"),
    ListedPage("event-people", "/events/{slug}/people", "organiser", address="{series}/people"),
    ListedPage(
        "event-people-refused", "/events/{slug}/people", "organiser", address="{series}/people",
        sends={"name": "", "email": "nonsense", "role": "host"}, status=422,
    ),
    ListedPage("registration", "/registrations/{secret}", address="{registration}"),
    ListedPage(
        "registration-ticket", "/registrations/{secret}/ticket", address="{registration}/ticket"
    ),
    ListedPage(
        "registration-materials", "/registrations/{secret}/materials",
        address="{registration}/materials",
    ),
    ListedPage(
        "registration-feedback", "/registrations/{secret}/feedback",
        address="{registration}/feedback",
    ),
    # Finding a date.
    ListedPage("polls", "/polls", "organiser"),
    ListedPage("polls-empty", "/polls", "admin", "empty"),
    ListedPage("poll-new", "/polls/new", "organiser"),
    ListedPage(
        "poll-new-refused", "/polls/new", "organiser", sends={"title": "", "minutes": "long"},
        status=422,
    ),
    ListedPage("poll-results", "/polls/{id}/results", "organiser", address="{poll}/results"),
    ListedPage("poll-vote", "/polls/{secret}", address="{shared_poll}"),
    ListedPage(
        "poll-vote-refused", "/polls/{secret}", address="{shared_poll}", sends={"name": ""},
        status=422,
    ),
    ListedPage("poll-vote-member", "/polls/{id}/vote", "organiser", address="{poll}/vote"),
    ListedPage("poll-closed", "/polls/{secret}", address="{closed_poll}"),
    # Knowledge.
    ListedPage("posts", "/posts"),
    ListedPage("posts-found", "/posts", "member", address="/posts?q=data"),
    ListedPage("posts-none", "/posts", address="/posts?q=nothing+like+this"),
    ListedPage("posts-empty", "/posts", state="empty"),
    ListedPage("post", "/posts/{slug}", address="{post}"),
    ListedPage("post-new", "/posts/new", "member"),
    ListedPage("post-new-refused", "/posts/new", "member", sends={"title": ""}, status=422),
    # Demonstration projects.
    ListedPage("projects", "/demo-cases"),
    ListedPage("projects-empty", "/demo-cases", state="empty"),
    ListedPage("project", "/demo-cases/{slug}", address="{project}"),
    ListedPage("project-member", "/demo-cases/{slug}", "member", address="{project}"),
    ListedPage("project-new", "/demo-cases/new", "coordinator"),
    ListedPage(
        "project-new-refused", "/demo-cases/new", "coordinator", sends={"title": ""}, status=422
    ),
    # People and organisations.
    ListedPage("people", "/people"),
    ListedPage("people-member", "/people", "member"),
    ListedPage("people-admin", "/people", "admin"),
    ListedPage("people-chosen", "/people", "member", address="/people?side=government&region=BE"),
    ListedPage("people-none", "/people", address="/people?q=nothing+like+this"),
    ListedPage("people-empty", "/people", state="empty"),
    ListedPage("people-empty-admin", "/people", "admin", "empty"),
    ListedPage("invite", "/people/invite", "coordinator"),
    ListedPage(
        "invite-refused", "/people/invite", "coordinator",
        sends={"name": "", "email": "nonsense"}, status=422,
    ),
    ListedPage("person-coordinator", "/people/{id}", "coordinator", address="{person}"),
    ListedPage("person", "/people/{id}", "member", address="{person}"),
    ListedPage("organisations", "/organisations"),
    ListedPage("organisations-chosen", "/organisations", address="/organisations?side=research"),
    ListedPage("organisations-empty", "/organisations", state="empty"),
    ListedPage("organisation", "/organisations/{reference}", address="{organisation}"),
    ListedPage(
        "organisation-member", "/organisations/{reference}", "member", address="{organisation}"
    ),
    ListedPage(
        "organisation-moderator", "/organisations/{reference}", "admin", address="{organisation}"
    ),
    ListedPage(
        "organisation-edit", "/organisations/{reference}/edit", "admin",
        address="{organisation}/edit",
    ),
    ListedPage(
        "organisation-edit-refused", "/organisations/{reference}/edit", "admin",
        address="{organisation}/edit",
        sends={"name": "", "website": "nonsense", "ror_id": "00cv9y107", "vat_id": "BE1"},
        status=422,
    ),
    ListedPage(
        "organisation-people", "/organisations/{reference}/people", "admin",
        address="{organisation}/people",
    ),
    ListedPage("organisation-review", "/moderation/organisations", "admin"),
    ListedPage("organisation-review-empty", "/moderation/organisations", "admin", "empty"),
    ListedPage("inbox", "/inbox", "member"),
    ListedPage("inbox-empty", "/inbox", "admin", "empty"),
    ListedPage("expertise", "/expertise"),
    ListedPage("expertise-empty", "/expertise", state="empty"),
    ListedPage("expertise-term", "/expertise/{id}", "member", address="/expertise/hub:genomics"),
    ListedPage("expertise-theme", "/expertise/{id}", address="/expertise/hub:data"),
    ListedPage("expertise-mesh", "/expertise/{id}", address="/expertise/mesh:D000006"),
    ListedPage("me-expertise", "/me/expertise", "member"),
    ListedPage("me-expertise-empty", "/me/expertise", "admin", "empty"),
    ListedPage("me-expertise-refused", "/me/expertise", "member",
               sends={"term-0": "genomics", "proof-0": "nonsense"}, status=422),
    ListedPage("moderation-terms", "/moderation/terms", "admin"),
    ListedPage("moderation-terms-empty", "/moderation/terms", "admin", "empty"),
    ListedPage("me", "/me", "member"),
    ListedPage("me-empty", "/me", "admin", "empty"),
    ListedPage("profile", "/me/profile", "member"),
    ListedPage("profile-refused", "/me/profile", "member", sends={"name": ""}, status=422),
    ListedPage("consents", "/me/consents", "member"),
    ListedPage("address-use", "/address", address="/address?secret=example"),
    ListedPage("address-back", "/address/back", address="/address/back?secret=example"),
    ListedPage("still-right", "/still-right", address="/still-right?secret=example"),
    ListedPage("me-calendar", "/me/calendar", "member", address="/me", sends={"label": "Phone"}),
    ListedPage("my-data", "/me/data", "member"),
    ListedPage("my-data-ready", "/me/data", "member", sends={}),
    ListedPage("leave", "/me/leave", "member"),
    ListedPage("stay", "/stay", address="/stay?secret=example"),
    # Joining and signing in.
    ListedPage("join", "/join"),
    ListedPage("join-citizen", "/join", address="/join?as=citizen"),
    ListedPage("join-business", "/join", address="/join?as=business"),
    ListedPage(
        "join-refused", "/join", address="/join?as=research",
        sends={"name": "", "email": "nonsense"}, status=422,
    ),
    ListedPage(
        "join-invited-over", "/join/invited", address="/join/invited?secret=example", status=410
    ),
    ListedPage("sign-in", "/sign-in"),
    ListedPage("sign-in-refused", "/sign-in", sends={"email": "nonsense"}, status=422),
    ListedPage("sign-in-sent", "/sign-in", sends={"email": "anna@example.org"}),
    ListedPage("sign-in-code", "/sign-in/code"),
    ListedPage("sign-in-code-refused", "/sign-in/code", sends={"code": "12"}, status=410),
    ListedPage("security", "/me/security", "member"),
    ListedPage(
        "provider-failed", "/sign-in/with/{name}/return",
        address="/sign-in/with/example/return?state=unknown", status=400,
    ),
    ListedPage("sign-in-use", "/sign-in/use", address="/sign-in/use?secret=example"),
    ListedPage("confirm", "/confirm", address="/confirm?secret=example"),
    ListedPage(
        "link-used", "/confirm", address="/confirm?secret=example",
        sends={"secret": "example"}, status=410,
    ),
    # Moderating.
    ListedPage("moderation", "/moderation", "admin"),
    ListedPage("accounts", "/moderation/people", "admin"),
    ListedPage("accounts-none", "/moderation/people", "admin",
               address="/moderation/people?q=nothing+like+this"),
    ListedPage("account", "/moderation/people/{id}", "admin", address="{account}"),
    # Setting the hub up.
    ListedPage("setup-code", "/setup", state="new"),
    ListedPage("setup", "/setup", state="new", address="/setup?code={code}"),
    ListedPage(
        "setup-refused", "/setup", state="new", address="/setup?code={code}",
        sends={"admin_name": "", "email": "nonsense", "code": "{code}"}, status=422,
    ),
    ListedPage("regions", "/admin/regions", "admin"),
    ListedPage("regions-none", "/admin/regions", "admin", "empty"),
    ListedPage("regions-refused", "/admin/regions", "admin",
               sends={"name": "", "places": "Limburg"}, status=422),
    ListedPage("region", "/admin/regions/{slug}", "admin", address="{region}"),
    ListedPage("settings", "/settings", "admin"),
    ListedPage("settings-refused", "/settings", "admin", sends={"controller_email": "nonsense"},
               status=422),
    # What goes wrong.
    ListedPage("not-found", "/events/{slug}", address="/events/no-such-event", status=404),
    ListedPage("not-allowed", "/events/new", "member", status=403),
    *_errors(),
    # Development.
    ListedPage("mailbox", "/dev/mailbox"),
    ListedPage("mailbox-empty", "/dev/mailbox", state="empty"),
    ListedPage("design", "/dev/design"),
)  # fmt: skip

NO_PAGES: Mapping[str, str] = {
    "/sign-in/with/{name}": "leads to a provider of accounts",
    "/me/security/link/{name}": "leads to a provider of accounts",
    "/healthz": "health, for programs",
    "/readyz": "health, for programs",
    "/robots.txt": "for search engines",
    "/favicon.ico": "leads to a picture",
    "/static/{digest}/{name:path}": "static files",
    "/schemas/{type}.json": "JSON",
    "/feeds/{path:path}": "calendars",
    "/events/{slug}.ics": "a calendar",
    "/events/{slug}/certificate.pdf": "a file to print",
    "/events/{slug}/cover/{file}": "a picture",
    "/events/{slug}/materials/{id}": "a file",
    "/registrations/{secret}/materials/{id}": "a file",
    "/organise/{slug}/attendance.csv": "a file",
    "/organise/{slug}/attendance.xlsx": "a file",
    "/members": "leads to people",
    "/dev/mailbox.json": "JSON",
    "/api/{service}/openapi.json": "JSON",
    "/embed/events.json": "JSON",
    "/suggest/expertise": "JSON",
    "/suggest/organisations": "JSON",
    "/suggest/regions": "JSON",
    "/manifest.webmanifest": "JSON",
    "/inbox/bell": "a part of every member's page",
    "/live": "server-sent events",
    "/dev/mailbox/mail": "a mail, which has a look and tests of its own",
}
"""What answers GET and is no page, and why."""


def listed_as(name: str) -> ListedPage:
    """The page of a name."""
    (found,) = (page for page in PAGES if page.name == name)
    return found
