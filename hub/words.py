"""The words people see for what the code names its own way; one place, in their order."""

from types import SimpleNamespace

SIDES = {
    "citizen": "Citizen or patient",
    "business": "Company or field lab",
    "research": "Research or education",
    "government": "Government or region",
    "healthcare": "Hospital or care provider",
}
"""Helix sides, in the order of the strands of the mark."""

I_AM = {
    "citizen": "a citizen or patient",
    "business": "a company or field lab",
    "research": "a researcher or teacher",
    "government": "a government or region",
    "healthcare": "a hospital or care provider",
}
"""How someone joining completes the sentence 'I am here as ...'."""

GATHERING_KINDS = {
    "seminar": "Seminar",
    "workshop": "Workshop",
    "plenary": "Plenary meeting",
    "brokerage": "One-to-one partner meetings",
    "visit": "Field visit",
}

MODES = {"online": "Online", "onsite": "In person", "hybrid": "In person and online"}

POST_KINDS = {
    "article": "Article",
    "question": "Question",
    "news": "News",
    "practice": "Good practice",
    "funding": "Funding",
    "resource": "Resource",
}

STEPS = {
    "learn": "Learn",
    "connect": "Connect",
    "demonstrate": "Demonstrate",
    "commercialise": "Bring to market",
}
"""Steps of a demonstration project."""

CONSENTS = {
    "directory": (
        "Show me in the members' directory",
        "Other members see your name, side, region and expertise, never your e-mail address.",
    ),
    "matchmaking": (
        "Suggest me as a partner",
        "When your expertise fits a demonstration project, its people see your name and why.",
    ),
    "newsletter": (
        "Send me the newsletter",
        "A few times a year; every issue has a link that ends it.",
    ),
}
"""Consents beside the terms: what is asked, and what a yes means."""

LANGUAGES = {
    "en": "English",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "it": "Italiano",
    "nl": "Nederlands",
    "pl": "Polski",
    "pt": "Português",
}

REGISTRATION = {
    "confirmed": "You have a seat",
    "waitlisted": "You are on the waitlist",
    "cancelled": "You cancelled",
}

ROLES = {
    "member": "Member",
    "organiser": "Organiser",
    "coordinator": "Coordinator",
    "moderator": "Moderator",
    "admin": "Administrator",
}

WORDS = SimpleNamespace(
    sides=SIDES,
    i_am=I_AM,
    gathering_kinds=GATHERING_KINDS,
    modes=MODES,
    post_kinds=POST_KINDS,
    steps=STEPS,
    consents=CONSENTS,
    languages=LANGUAGES,
    registration=REGISTRATION,
    roles=ROLES,
)
"""The same for templates, as `words`."""
