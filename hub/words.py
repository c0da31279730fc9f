"""The words people see for what the code names its own way; one place, in their order."""

from types import SimpleNamespace

from services.kit.language import N_, Words

SIDES = Words(
    {
        "citizen": N_("Citizen or patient"),
        "business": N_("Company or field lab"),
        "research": N_("Research or education"),
        "government": N_("Government or region"),
        "healthcare": N_("Hospital or care provider"),
    }
)
"""Helix sides, in the order of the strands of the mark."""

I_AM = Words(
    {
        "citizen": N_("a citizen or patient"),
        "business": N_("a company or field lab"),
        "research": N_("a researcher or teacher"),
        "government": N_("a government or region"),
        "healthcare": N_("a hospital or care provider"),
    }
)
"""How someone joining completes the sentence 'I am here as ...'."""

GATHERING_KINDS = Words(
    {
        "seminar": N_("Seminar"),
        "workshop": N_("Workshop"),
        "plenary": N_("Plenary meeting"),
        "brokerage": N_("One-to-one partner meetings"),
        "visit": N_("Field visit"),
    }
)

MODES = Words(
    {"online": N_("Online"), "onsite": N_("In person"), "hybrid": N_("In person and online")}
)

EVENT_ROLES = Words({"co-organiser": N_("Helps to run the event"), "host": N_("Host")})
"""What people are to an event besides its organiser."""

EVENT_FIELDS = Words(
    {
        "title": N_("Title"),
        "summary": N_("In one sentence"),
        "description": N_("Description"),
        "starts_local": N_("Start"),
        "ends_local": N_("End"),
        "time_zone": N_("Time zone"),
        "location": N_("Place"),
        "mode": N_("How people take part"),
        "kind": N_("Kind of event"),
        "language": N_("Language"),
        "topics": N_("Topics"),
        "capacity": N_("Number of seats"),
        "join_url": N_("Address of the online meeting"),
        "costs": N_("What it costs"),
        "access": N_("Access"),
        "captions": N_("Live captions"),
        "overrides": N_("Dates of the series"),
        "host_ids": N_("Hosts"),
        "host_organisation_ids": N_("Hosts"),
    }
)
"""Fields of an event whose change is shown to everybody, in the order of the page."""

EVENT_STEPS = Words(
    {
        "draft": N_("Draft"),
        "published": N_("Published"),
        "again": N_("It takes place again"),
        "postponed": N_("Postponed"),
        "cancelled": N_("Called off"),
        "finished": N_("Over"),
    }
)
"""What became of an event."""

MATERIALS = Words(
    {
        "slides": N_("Slides"),
        "recording": N_("Recording"),
        "document": N_("Document"),
        "link": N_("Link"),
    }
)
"""What is left of an event."""

POST_KINDS = Words(
    {
        "article": N_("Article"),
        "question": N_("Question"),
        "news": N_("News"),
        "practice": N_("Good practice"),
        "funding": N_("Funding"),
        "resource": N_("Resource"),
    }
)

STEPS = Words(
    {
        "learn": N_("Learn"),
        "connect": N_("Connect"),
        "demonstrate": N_("Demonstrate"),
        "commercialise": N_("Bring to market"),
    }
)
"""Steps of a demonstration project."""

CONSENTS = ("directory", "matchmaking", "newsletter")
"""Consents beside the terms; their texts are membership's own."""

INTERESTS = Words(
    {
        "cancer": N_("Cancer"),
        "heart": N_("Heart and circulation"),
        "diabetes": N_("Diabetes and weight"),
        "brain": N_("Brain and nerves"),
        "mental-health": N_("Mental health"),
        "rare-diseases": N_("Rare diseases"),
        "children": N_("Children and families"),
        "healthy-ageing": N_("Healthy ageing"),
        "prevention": N_("Prevention and nutrition"),
        "medicines": N_("Medicines"),
        "genetics": N_("Genes and heredity"),
        "digital-health": N_("Apps and devices"),
        "data-privacy": N_("Data and privacy"),
        "care-at-home": N_("Care at home"),
    }
)
"""Broad topics of citizens; only they themselves see what they chose."""

VISIBILITIES = Words(
    {
        "public": N_("Everybody, also people who are not signed in"),
        "members": N_("Members of the hub"),
        "hidden": N_("Nobody: I am not listed"),
    }
)
"""Who finds a member who agreed to the directory."""

LANGUAGES = {
    "bg": "Български",
    "cs": "Čeština",
    "da": "Dansk",
    "de": "Deutsch",
    "el": "Ελληνικά",
    "en": "English",
    "es": "Español",
    "et": "Eesti",
    "fi": "Suomi",
    "fr": "Français",
    "ga": "Gaeilge",
    "hr": "Hrvatski",
    "hu": "Magyar",
    "it": "Italiano",
    "lt": "Lietuvių",
    "lv": "Latviešu",
    "mt": "Malti",
    "nl": "Nederlands",
    "nb": "Norsk bokmål",
    "pl": "Polski",
    "pt": "Português",
    "ro": "Română",
    "sk": "Slovenčina",
    "sl": "Slovenščina",
    "sv": "Svenska",
    "uk": "Українська",
}
"""Languages that events are held and posts are written in: the Union's and its neighbours'."""

REGISTRATION = Words(
    {
        "requested": N_("You have asked for a seat"),
        "unconfirmed": N_("A seat is kept for you"),
        "confirmed": N_("You have a seat"),
        "waitlisted": N_("You are on the waitlist"),
        "offered": N_("A seat is offered to you"),
        "declined": N_("You did not get a seat"),
        "cancelled": N_("Your registration is cancelled"),
    }
)

VOTES = Words({"yes": N_("Yes"), "maybe": N_("If need be"), "no": N_("No")})
"""What people say to a date they are asked about."""

QUESTIONS = Words(
    {
        "short": N_("In one line"),
        "long": N_("In several lines"),
        "choice": N_("One of several answers"),
        "several": N_("Any of several answers"),
        "number": N_("A number"),
        "date": N_("A day"),
        "consent": N_("Yes, by a tick"),
    }
)
"""How a question of an organiser is answered."""

ARRIVALS = Words(
    {
        "door": N_("At the door"),
        "online": N_("Online"),
        "organiser": N_("Noted by the organiser"),
        "import": N_("By the list of the video service"),
    }
)
"""How somebody came."""

RATINGS = Words(
    {
        "5": N_("Very good"),
        "4": N_("Good"),
        "3": N_("So-so"),
        "2": N_("Not good"),
        "1": N_("Bad"),
    }
)
"""How somebody found an event, best first."""

LEVELS = Words(
    {
        "learning": N_("Learning this"),
        "practising": N_("Does this"),
        "leading": N_("Others ask for advice"),
    }
)
"""How well somebody knows a term, as others read it."""

I_KNOW = Words(
    {
        "learning": N_("I am learning"),
        "practising": N_("I do this"),
        "leading": N_("Others ask me"),
    }
)
"""The same as members say it of themselves."""

ROLES = Words(
    {
        "member": N_("Member"),
        "organiser": N_("Organiser"),
        "coordinator": N_("Coordinator"),
        "moderator": N_("Moderator"),
        "admin": N_("Administrator"),
    }
)

REPRESENTATION = Words(
    {
        "owner": N_("Looks after this page"),
        "representative": N_("Speaks for the organisation"),
        "member": N_("Works here, by their own word"),
    }
)
"""What people are for their organisation."""

REPRESENTATION_WISHES = Words(
    {
        "owner": N_("wants to look after this page and decide who speaks for the organisation"),
        "representative": N_("wants to speak for the organisation"),
        "member": N_("wants to be listed as working here again"),
    }
)
"""What people ask their organisation for."""

WORDS = SimpleNamespace(
    sides=SIDES,
    i_am=I_AM,
    gathering_kinds=GATHERING_KINDS,
    modes=MODES,
    post_kinds=POST_KINDS,
    steps=STEPS,
    languages=LANGUAGES,
    registration=REGISTRATION,
    questions=QUESTIONS,
    roles=ROLES,
)
"""The same for templates, as `words`."""
