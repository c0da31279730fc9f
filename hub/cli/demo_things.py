"""What the made-up community does: gatherings, posts and demo-cases, all of them invented."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from events.catalogue.matchmaking import Phase
from hub.cli.demo_people import COORDINATOR
from services.kit.fields import zone

BRUSSELS = "Europe/Brussels"
_ONLINE = "https://example.org/demo/room"
_PERSONALISED = "personalised medicine"


@dataclass(frozen=True)
class DemoGathering:
    """An event that will not take place; registrations are made in the order of the people."""

    order: dict[str, Any]
    organiser: str
    registered: int
    """How many of the people register."""
    guests: int = 0
    cancels: int | None = None
    """Which of them gives the seat up again."""


@dataclass(frozen=True)
class Written:
    """A post or demo-case and who brings it."""

    order: dict[str, Any]
    by: str


def gatherings(today: date) -> Sequence[DemoGathering]:
    """Coming events of all kinds, placed by the day they are looked at."""
    change = clock_change(today + timedelta(days=21))
    series = change - timedelta(days=(change.weekday() - 1) % 7 + 7)
    return (
        DemoGathering(
            _gathering(
                "seminar", "online", "Pharmacogenomics in daily practice",
                _weekday(today, 9), "14:00", "15:30", "Europe/Lisbon",
                summary="What a drop of blood says about a dose, with three cases.",
                description=(
                    "For doctors and pharmacists who have a result in front of them and a "
                    "patient beside it.\n\n1. Three cases\n2. What the guidelines say\n"
                    "3. Your questions"
                ),
                capacity=40, join_url=f"{_ONLINE}/dose",
                topics=[_PERSONALISED, "pharmacogenomics"], region_code="PT11",
            ),
            organiser="Ines Exemplo", registered=14, guests=2,
        ),
        DemoGathering(
            _gathering(
                "workshop", "onsite", "From sequence to treatment: a day at the tumour board",
                _weekday(today, 20), "09:30", "16:30", BRUSSELS,
                summary="Bring a case, leave with a plan.",
                description=(
                    "We work in groups of six, each with a doctor, a geneticist and a patient.\n\n"
                    "| Time | What |\n|---|---|\n| 09:30 | Welcome |\n| 10:00 | Four cases |\n"
                    "| 13:30 | What we would change |\n| 16:00 | Who does what |"
                ),
                capacity=30, location="Demo Hall, Example Square 1, Ghent-on-Paper",
                topics=[_PERSONALISED, "cancer", "genomics"], region_code="BE23",
            ),
            organiser="Bruno Voorbeeld", registered=12,
        ),
        DemoGathering(
            _gathering(
                "seminar", "online", "Tuesdays with data: learning together without sharing",
                series, "16:00", "17:00", BRUSSELS,
                summary="Six afternoons on federated learning, at the same hour all along.",
                description=(
                    "The clocks change in between: it stays at four o'clock in Brussels, and your "
                    "calendar shows it in your own time."
                ),
                rrule="FREQ=WEEKLY;COUNT=6", capacity=100, join_url=f"{_ONLINE}/tuesdays",
                topics=[_PERSONALISED, "health data", "federated learning"], region_code="FI1B",
            ),
            organiser="Eeva Esimerkki", registered=16, guests=1,
        ),
        DemoGathering(
            _gathering(
                "workshop", "onsite", "Master class: explaining a genome to a family",
                _weekday(today, 15), "13:00", "17:00", "Europe/Ljubljana",
                summary="Six seats, so that everybody gets to speak.",
                description="Role play with two genetic counsellors. There is a waitlist.",
                capacity=6, location="Demo Academy, Vaja 2, Ljubljana",
                topics=[_PERSONALISED, "genetic counselling"], region_code="SI04",
            ),
            organiser=COORDINATOR, registered=11, guests=1, cancels=2,
        ),
        DemoGathering(
            _gathering(
                "brokerage", "hybrid", "Partner meetings: field labs meet hospitals",
                _weekday(today, 34), "10:00", "17:00", BRUSSELS,
                summary="Twenty minutes with each of those who need what you have.",
                description=(
                    "Say in your profile what you offer and what you look for; we bring you "
                    "together with those who fit."
                ),
                capacity=60, location="Demo Exchange, Example Quay 7, Bilbao",
                join_url=f"{_ONLINE}/partners",
                topics=[_PERSONALISED, "partner search"], region_code="ES21",
            ),
            organiser=COORDINATOR, registered=18,
        ),
        DemoGathering(
            _gathering(
                "plenary", "hybrid", "Plenary of the partnership: from pilots to practice",
                _weekday(today, 48), "09:00", "12:30", BRUSSELS,
                summary="All regions, once a year.",
                description="Where the pilots stand, what they found missing, and what comes next.",
                capacity=200, location="Demo House of the Regions, Example Lane 3, Brussels",
                join_url=f"{_ONLINE}/plenary",
                topics=[_PERSONALISED, "regional development"], region_code="BE10",
            ),
            organiser=COORDINATOR, registered=22, guests=2,
        ),
        DemoGathering(
            _gathering(
                "visit", "onsite", "A morning in the pharmacogenomics field lab",
                _weekday(today, 27), "10:00", "12:00", "Europe/Lisbon",
                summary="See where the samples go.",
                description="Robots, freezers and the people who know what the numbers mean.",
                capacity=15, location="Demo Laboratory, Rua do Exemplo 4, Porto",
                topics=["pharmacogenomics", "laboratory automation"], region_code="PT11",
            ),
            organiser="Ines Exemplo", registered=9,
        ),
        DemoGathering(
            _gathering(
                "seminar", "online", "Données de santé : qui décide ?",
                _weekday(today, 12), "18:00", "19:30", "Europe/Paris",
                summary="Une soirée pour les citoyens, avec des citoyens.",
                description="Trois histoires, puis la parole est à vous. En français.",
                join_url=f"{_ONLINE}/citoyens",
                topics=["health data", "ethics and law"], region_code="FRK2", language="fr",
            ),
            organiser="Bruno Voorbeeld", registered=8, guests=1,
        ),
    )  # fmt: skip


def clock_change(after: date) -> date:
    """The first day after this one on which the clocks change in Brussels."""
    day = after
    while _offset(day) == _offset(day + timedelta(days=1)):
        day += timedelta(days=1)
    return day


def _offset(day: date) -> timedelta | None:
    return datetime.combine(day, time(), zone(BRUSSELS)).utcoffset()


def _weekday(today: date, days: int) -> date:
    day = today + timedelta(days=days)
    return day + timedelta(days=max(0, 7 - day.isoweekday() + 1) if day.isoweekday() > 5 else 0)


def _gathering(
    kind: str, mode: str, title: str, day: date, starts: str, ends: str, time_zone: str, **more: Any
) -> dict[str, Any]:
    return {
        "kind": kind,
        "mode": mode,
        "title": title,
        "starts_local": f"{day.isoformat()}T{starts}:00",
        "ends_local": f"{day.isoformat()}T{ends}:00",
        "time_zone": time_zone,
        "made_up": True,
        **more,
    }


def _post(
    by: str, kind: str, title: str, summary: str, body: str, *topics: str, **more: Any
) -> Written:
    order = {
        "kind": kind,
        "title": title,
        "summary": summary,
        "body": body,
        "topics": list(topics),
        "made_up": True,
        **more,
    }
    return Written(order, by)


POSTS: Sequence[Written] = (
    _post("Ines Exemplo", "practice", "How we brought pharmacogenomic tests into primary care",
          "Eleven practices, one courier, and what we would do differently.",
          "Eleven practices took part. **What worked:** one courier a day, results in the "
          "record and not in a letter.\n\n**What did not:** training only the doctors. The "
          "receptionists answer the first question.",
          _PERSONALISED, "pharmacogenomics", "primary care"),
    _post("Eeva Esimerkki", "article", "Learning from data that never leave the hospital",
          "Federated learning explained without a formula.",
          "The model travels, the data stay.\n\n1. Each hospital trains on what it has.\n"
          "2. Only what was learnt is sent.\n3. A server puts it together, and it starts "
          "again.\n\nIt is no cure for bad data: agree on the codes first.",
          _PERSONALISED, "federated learning", "health data"),
    _post("Lotte Staal", "question", "How do you pay patients who advise you?",
          "We would like to compare rules before we write ours.",
          "Our members give their evenings. Some regions pay by the hour, some with vouchers, "
          "some not at all. What are your rules, and are they fair?",
          "patient involvement"),
    _post("Greta Muster", "resource", "A spreadsheet for the cost of a gene panel",
          "Fill in eight figures and see what a test costs you.",
          "Staff, machines, reagents, and the failed runs that everybody forgets. It computes "
          "a range, not a figure, and says which of your guesses matters most.",
          "health economics", _PERSONALISED),
    _post(COORDINATOR, "news", "Three regions join the pilot on personalised medicine",
          "Welcome to everybody from the new regions.",
          "With them come two hospitals, a patients' association and a field lab. They "
          "introduce themselves at the plenary.",
          "regional development", _PERSONALISED),
    _post("Jonas Exempel", "article", "What our imaging model saw, and what it missed",
          "Results from a validation at a second hospital.",
          "At home it was right in 94 of 100 cases, elsewhere in 86. The difference was not in "
          "the patients: it was in the scanner's settings. _All figures are invented._",
          "medical imaging", "artificial intelligence"),
    _post("Kadri Naide", "practice", "One consent form that people understand",
          "We tested six versions with forty people.",
          "The shortest did not win. The one with a picture of who sees what did. Ask us for "
          "the text in three languages.",
          "health data", "plain language", "ethics and law"),
    _post("Franek Przyklad", "question", "Who screens newborns for more than thirty diseases?",
          "We look for regions to compare with.",
          "We want to know how you tell families about a result that may never matter.",
          "rare diseases", "newborn screening"),
    _post("Carla Ejemplo", "resource", "Checklist for buying innovation in health",
          "Twelve questions before the call is published.",
          "- Who uses it on a Sunday night?\n- What happens when the company is gone?\n"
          "- Which figure would make you stop?\n\nThe other nine are in the checklist.",
          "public procurement", audience="members"),
    _post("Milan Primer", "news", "New course: genetic counselling for nurses",
          "Twenty places, online, in spring.",
          "Ten evenings, with homework that takes an hour. Those who finish can teach it.",
          "training", "genetic counselling"),
)  # fmt: skip


def _demo_case(
    by: str,
    lead: str,
    region: str,
    phase: Phase,
    title: str,
    challenge: str,
    solution: str,
    *terms: str,
) -> Written:
    order = {
        "title": title,
        "challenge": challenge,
        "solution": solution,
        "lead_organisation": lead,
        "region_code": region,
        "phase": phase,
        "required_terms": list(terms),
        "made_up": True,
    }
    return Written(order, by)


DEMO_CASES: Sequence[Written] = (
    _demo_case("Carla Ejemplo", "Demo Region of Middle Nowhere", "ES21", "demonstrate",
               "Recovery at home after heart surgery",
               "Patients stay in hospital for a week because nobody can watch them at home.",
               "Sensors, a nurse on call and a rule for when to come back, for 200 patients.",
               "wearable sensors", "remote monitoring", "health technology assessment"),
    _demo_case(COORDINATOR, "Demo University Hospital Ghent-on-Paper", "BE23", "connect",
               "The right dose the first time",
               "One in ten people on blood thinners ends up in hospital in the first months.",
               "A pharmacogenomic test before the first dose, with the result in the record.",
               "pharmacogenomics", "interoperability", "health economics", "primary care"),
    _demo_case("Kadri Naide", "Demo Agency for Digital Health", "EE00", "learn",
               "Finding rare diseases in records that stay where they are",
               "Families wait for years for a name of what their child has.",
               "A model trained across five hospitals points to those worth a second look.",
               "federated learning", "rare diseases", "patient involvement", "data protection"),
)  # fmt: skip
