"""The design system by living examples: every component in every state, with its call beside it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from jinja2 import Environment
from markupsafe import Markup

from hub.choices import Choice, Group
from hub.forms import Form
from hub.pages.mailbox import development
from hub.rendering import TEMPLATES, Pages, page
from hub.views.cards import EventCard, OrganisationCard, PersonCard, PostCard, ProjectCard
from hub.views.expertise import ClaimRow, Claims, TermRow
from hub.views.registering import Asked
from hub.views.shell import Filter, Pager, View
from services.kit.times import When

FOLDER = TEMPLATES / "pages" / "design" / "examples"
SECTIONS = (
    "colours",
    "type",
    "art",
    "buttons",
    "badges",
    "fields",
    "choices",
    "forms",
    "cards",
    "lists",
    "facts",
    "plots",
    "messages",
    "menus",
)
"""Files of examples, in the order of the page."""
_PARTS = re.compile(r"^\{#- (.+?) -#\}\n", re.MULTILINE)

router = APIRouter(prefix="/dev", dependencies=[Depends(development)], include_in_schema=False)


@dataclass(frozen=True)
class Example:
    """One call of a component, and what it gives."""

    title: str
    source: str
    html: Markup


@dataclass(frozen=True)
class Section:
    """Examples that belong together."""

    id: str
    title: str
    examples: Sequence[Example]


@dataclass(frozen=True)
class DesignPage(View):
    """All components of the hub."""

    template = "pages/design/show.html"

    sections: Sequence[Section]


@router.get("/design")
async def design(request: Request) -> Response:
    """Every token and component, to look at and to copy from."""
    pages: Pages = request.app.state.pages
    return await page(request, DesignPage(sections(pages.environment)))


def sections(environment: Environment) -> list[Section]:
    """All examples, rendered."""
    return [_section(environment, name) for name in SECTIONS]


def _section(environment: Environment, name: str) -> Section:
    _, title, _, *parts = _PARTS.split((FOLDER / f"{name}.html").read_text())
    return Section(
        name,
        title,
        [
            _example(environment, example, source.strip())
            for example, source in zip(parts[::2], parts[1::2], strict=True)
        ],
    )


def _example(environment: Environment, title: str, source: str) -> Example:
    html = environment.from_string(source).render(sample=SAMPLE, form=FRESH, wrong=WRONG)
    return Example(title, source, Markup(html))  # noqa: S704 - a template of ours, escaped by itself


FRESH = Form(
    {"language": ["nl"], "topics_of": ["care"], "directory": ["yes"], "seats_shown": ["yes"]}
)
WRONG = Form(
    {"email": ["anna@example"], "title": [""], "side": [""], "terms": []},
    {
        "email": "Please write an e-mail address such as name@example.org.",
        "title": "Say in a few words what it is called.",
        "about": "Please say a little more: two sentences are enough.",
        "side": "Please choose the side you are on.",
        "terms": "Please read and accept the rules.",
        "starts_wrong": "This moment does not exist: the clocks change at night.",
    },
)


def _event(**changed: Any) -> EventCard:
    given: dict[str, Any] = {
        "slug": "genomic-data",
        "title": "Genomic data for everyday care",
        "summary": "For nurses and data people: what a hospital can share, and how.",
        "kind": "Workshop",
        "mode": "In person and online",
        "place": "Erasmus MC, Rotterdam, and online",
        "when": When(
            weekday="Tue",
            day="1",
            month="Dec",
            text="Tue 1 Dec, 14:00 to 15:30 (Brussels)",
            own="13:00 in your time",
            iso="2026-12-01T13:00:00+00:00",
        ),
        "repeats": "",
        "seats": "7 seats left",
        "full": False,
        "status": "published",
        "topics": ["genomics", "data sharing"],
        "language": "en",
        "made_up": False,
        "own": "",
        "picture": "",
    }
    return EventCard(**{**given, **changed})


_PROJECT = ProjectCard(
    slug="falls-at-home",
    title="Fewer falls at home",
    challenge="One in three people over 65 falls each year. Floors that notice a fall could call "
    "for help at once; we look for homes to try them in.",
    step="Connect",
    region="Zuid-Holland",
    terms=["elderly care", "sensors", "home care", "ethics", "co-design"],
    made_up=True,
)
_PERSON = PersonCard(
    name="Ada Beispiel",
    side="research",
    side_label="Research or education",
    region="Berlin",
    organisation="Charité example institute",
    organisation_path="/organisations/charite",
    offered=["genomics", "federated learning"],
    sought=["a hospital with a biobank"],
    path="/people",
    made_up=True,
)
_CLAIMS = Claims(
    contact_id="ada",
    offered=[
        ClaimRow(
            term_id="hub:genomics",
            label="Genomics",
            path="/expertise",
            level="Others ask for advice",
            proof="https://example.org/publications",
            endorsed=3,
            endorsers=[("/people", "Bram de Vries"), ("/people", "Dorota Nowak")],
            own=True,
        ),
        ClaimRow(
            term_id="hub:federated-learning",
            label="Federated learning",
            path="/expertise",
            level="Does this",
            proof="",
            endorsed=0,
            endorsers=[],
            own=False,
        ),
        ClaimRow(
            term_id="free:sequencing-on-wards",
            label="sequencing on wards",
            path="",
            level="",
            proof="",
            endorsed=0,
            endorsers=[],
            own=False,
        ),
    ],
    sought=[("Biobanks", "/expertise"), ("a hospital to start with", "")],
    can_endorse=True,
)
_DAYS = (Choice("Monday", "Monday"), Choice("Tuesday", "Tuesday"))
_ASKED = [
    Asked("answer-1", "short", "What do you eat?", "Vegan, for example.", True, ()),
    Asked("answer-2", "long", "What would you like to learn?", "", False, ()),
    Asked("answer-3", "choice", "Which day suits you?", "", True, _DAYS),
    Asked("answer-4", "several", "When could you stay?", "", False, _DAYS),
    Asked("answer-5", "number", "How many of you come?", "", False, ()),
    Asked("answer-6", "date", "When do you arrive?", "", False, ()),
    Asked("answer-7", "consent", "Pictures of me may be shown", "", False, ()),
]
SAMPLE = SimpleNamespace(
    asked=_ASKED,
    places=[Choice("onsite", "In person"), Choice("online", "Online")],
    event=_event(),
    full=_event(title="Consent that people understand", full=True, seats="Full, 3 waiting"),
    booked=_event(
        title="Meet the field labs", own="You have a seat", repeats="Every week, 4 times"
    ),
    cancelled=_event(title="Data spaces in Flanders", status="cancelled"),
    draft=_event(title="A first draft", status="draft", made_up=True),
    over=_event(title="Opening of the hub", status="finished"),
    post=PostCard(
        slug="call",
        title="Call: health data spaces for small hospitals",
        summary="Up to 200 000 euro for hospitals that open their data for care research, "
        "together with at least one company and one patient group.",
        kind="Funding",
        topics=["funding", "data spaces", "hospitals", "regions", "ethics"],
        language="en",
        published="Mon 16 Nov",
        deadline="Fri 15 Jan 2027",
        closed=False,
        made_up=False,
    ),
    project=_PROJECT,
    person=_PERSON,
    people=[
        _PERSON,
        SimpleNamespace(name="Bram de Vries", side="business"),
        SimpleNamespace(name="Chiara", side="citizen"),
        SimpleNamespace(name="Dorota Nowak", side="healthcare"),
        SimpleNamespace(name="Émile Roux", side="government"),
    ],
    organisation=OrganisationCard(
        slug="field-lab",
        name="Field Lab Rotterdam",
        side="business",
        side_label="Company or field lab",
        region="Zuid-Holland",
        description="Rooms that can be a ward, a home or a street, to try things out in.",
        expertise=["prototyping", "usability", "elderly care"],
        verified=True,
        made_up=False,
    ),
    claims=_CLAIMS,
    terms=[
        TermRow("Data governance", "/expertise", people=9, organisations=4, seekers=6),
        TermRow("Home care", "/expertise", people=5, organisations=2, seekers=11),
        TermRow("Informed consent", "/expertise", people=3, organisations=0, seekers=1),
        TermRow("sequencing on wards", "", people=0, organisations=0, seekers=2),
    ],
    sought_terms=[TermRow("Biobanks", "/expertise", people=0, organisations=0, seekers=4)],
    pager=Pager(number=2, previous="?page=1", next="?page=3"),
    filters=[
        Filter("?", "Coming", True, 12),
        Filter("?past=true", "Past", False, 48),
        Filter("?mine=true", "I organise", False, None),
    ],
    facets=[
        SimpleNamespace(
            name="kind",
            label="Kind",
            options=[
                SimpleNamespace(value="seminar", label="Seminar", count=4, chosen=False),
                SimpleNamespace(value="workshop", label="Workshop", count=3, chosen=True),
                SimpleNamespace(value="visit", label="Field visit", count=0, chosen=False),
            ],
        ),
        SimpleNamespace(
            name="region",
            label="Region",
            options=[SimpleNamespace(value="NL33", label="Zuid-Holland", count=5, chosen=False)],
        ),
    ],
    counts={"citizen": 14, "business": 9, "research": 22, "government": 4, "healthcare": 11},
    choices=[
        Choice("care", "Care", "Wards, homes, ambulances."),
        Choice("data", "Data"),
        Choice("ethics", "Ethics"),
    ],
    languages=[Choice("en", "English"), Choice("de", "Deutsch"), Choice("nl", "Nederlands")],
    zones=[
        Group("Europe", [Choice("Europe/Brussels", "Brussels"), Choice("Europe/London", "London")])
    ],
    timeline=[
        SimpleNamespace(when="3 Sep", title="Idea written down", text="", state="done"),
        SimpleNamespace(
            when="12 Oct", title="Partners found", text="A hospital and a field lab.", state="done"
        ),
        SimpleNamespace(
            when="Now", title="Trial of eight weeks", text="In two wards in Rotterdam.", state="now"
        ),
        SimpleNamespace(when="March 2027", title="Report for everybody", text="", state=""),
    ],
    columns=[
        {"title": "Learn", "items": [], "empty": "Ideas start here."},
        {"title": "Connect", "items": [_PROJECT], "empty": ""},
        {"title": "Demonstrate", "items": [_PROJECT], "empty": ""},
        {"title": "Bring to market", "items": [], "empty": ""},
    ],
)
