"""The made-up community: people, and the organisations some of them belong to.

Nobody here exists. Every family name is some language's word for 'example', every
organisation is called Demo, every address is at example.org (RFC 2606).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from events.catalogue.membership import Consent, HelixSide, Role

DOMAIN = "example.org"

_ALL: tuple[Consent, ...] = ("terms", "directory", "newsletter", "matchmaking")
_MOST: tuple[Consent, ...] = ("terms", "directory", "matchmaking")
_NO_MATCHES: tuple[Consent, ...] = ("terms", "directory")
_FEWEST: tuple[Consent, ...] = ("terms",)


@dataclass(frozen=True)
class DemoOrganisation:
    """An organisation that does not exist."""

    name: str
    side: HelixSide
    region: str
    country: str
    about: str
    expertise: tuple[str, ...]


@dataclass(frozen=True)
class Person:
    """Someone who does not exist."""

    name: str
    side: HelixSide
    region: str
    offers: tuple[str, ...]
    seeks: tuple[str, ...] = ()
    organisation: str | None = None
    consents: tuple[Consent, ...] = _MOST
    roles: tuple[Role, ...] = ()
    language: str = "en"

    @property
    def email(self) -> str:
        """An address that reaches nobody."""
        return f"{'.'.join(self.name.lower().split())}@{DOMAIN}"

    @property
    def time_zone(self) -> str:
        """The zone of the region's country."""
        return _ZONES.get(self.region[:2], "Europe/Brussels")


_ZONES = {
    "BE": "Europe/Brussels",
    "DE": "Europe/Berlin",
    "EE": "Europe/Tallinn",
    "EL": "Europe/Athens",
    "ES": "Europe/Madrid",
    "FI": "Europe/Helsinki",
    "FR": "Europe/Paris",
    "IE": "Europe/Dublin",
    "IT": "Europe/Rome",
    "NL": "Europe/Amsterdam",
    "PL": "Europe/Warsaw",
    "PT": "Europe/Lisbon",
    "SE": "Europe/Stockholm",
    "SI": "Europe/Ljubljana",
}

COORDINATOR = "Ada Beispiel"
"""Who brings the real input into a demonstration."""

GUESTS = ("Gast Voorbeeld", "Ospite Esempio", "Invitada Ejemplo")
"""People without an account, who register by e-mail."""


def _org(
    name: str, side: HelixSide, region: str, about: str, *expertise: str, country: str | None = None
) -> DemoOrganisation:
    return DemoOrganisation(
        f"Demo {name}", side, region, country or region[:2], about, tuple(expertise)
    )


ORGANISATIONS: Sequence[DemoOrganisation] = (
    _org("University Hospital Ghent-on-Paper", "healthcare", "BE23",
         "A hospital that sequences tumours and asks what to do with the answers.",
         "cancer care", "clinical trials", "genomics"),
    _org("Genome Centre of Flanders-in-Theory", "research", "BE23",
         "Sequencing, variant interpretation and a biobank of imaginary samples.",
         "genomics", "bioinformatics", "biobanking"),
    _org("Patients Together", "citizen", "NL36",
         "People with rare diseases who take part in research from its first question.",
         "patient involvement", "rare diseases", "plain language"),
    _org("Region of Middle Nowhere", "government", "ES21",
         "A regional ministry that buys innovation for its health service.",
         "public procurement", "health data governance", "regional development"),
    _org("Pharmacogenomics Laboratory Ltd", "business", "PT11",
         "A field lab that turns a drop of blood into a dose.",
         "pharmacogenomics", "laboratory automation", "companion diagnostics"),
    _org("Federated Data Works", "business", "FI1B",
         "Software with which hospitals learn from each other's data without sharing them.",
         "federated learning", "data protection", "interoperability"),
    _org("Institute of Health Economics", "research", "DE21",
         "What a treatment costs, what it is worth, and to whom.",
         "health economics", "health technology assessment", "reimbursement"),
    _org("Wearables and Sensors Co", "business", "ITC4",
         "Sensors that people forget they wear.",
         "wearable sensors", "remote monitoring", "medical devices"),
    _org("Children's Hospital of Example", "healthcare", "PL21",
         "Care for children with diseases that few have seen.",
         "rare diseases", "primary care", "newborn screening"),
    _org("Agency for Digital Health", "government", "EE00",
         "Records that follow the patient, with consent.",
         "digital health", "interoperability", "health data governance"),
    _org("Ethics Forum", "citizen", "FRK2",
         "Citizens' panels on what may be done with health data.",
         "ethics and law", "patient involvement", "data protection"),
    _org("Medical Imaging Group", "research", "SE11",
         "Pictures, and machines that look at them.",
         "medical imaging", "artificial intelligence", "clinical validation"),
    _org("Rehabilitation Clinic by the Sea", "healthcare", "EL30",
         "Recovery at home, watched over from afar.",
         "remote monitoring", "rehabilitation", "digital health"),
    _org("Innovation Cluster West", "business", "IE06",
         "Brings small companies to hospitals, and both to investors.",
         "business development", "investment", "regulatory affairs"),
    _org("Academy of Personalised Medicine", "research", "SI04",
         "Courses for those who will explain a genome to a family.",
         "training and education", "genetic counselling", "pharmacogenomics"),
)  # fmt: skip

PEOPLE: Sequence[Person] = (
    Person(COORDINATOR, "government", "BE23", ("regional development", "public procurement"),
           ("federated learning", "health economics"), None, _ALL, ("organiser", "coordinator")),
    Person("Bruno Voorbeeld", "healthcare", "BE23", ("cancer care", "clinical trials"),
           ("pharmacogenomics",), "Demo University Hospital Ghent-on-Paper", _ALL,
           ("organiser",), "nl"),
    Person("Carla Ejemplo", "government", "ES21", ("public procurement", "health data governance"),
           ("wearable sensors", "remote monitoring"), "Demo Region of Middle Nowhere", _MOST,
           ("coordinator",), "es"),
    Person("Dario Esempio", "business", "ITC4", ("wearable sensors", "medical devices"),
           ("clinical trials",), "Demo Wearables and Sensors Co", _MOST, (), "it"),
    Person("Eeva Esimerkki", "business", "FI1B", ("federated learning", "data protection"),
           ("medical imaging",), "Demo Federated Data Works", _ALL, ("organiser",)),
    Person("Franek Przyklad", "healthcare", "PL21", ("rare diseases", "newborn screening"),
           ("genomics", "genetic counselling"), "Demo Children's Hospital of Example", _MOST, (),
           "pl"),
    Person("Greta Muster", "research", "DE21", ("health economics", "reimbursement"),
           ("cancer care",), "Demo Institute of Health Economics", _MOST, (), "de"),
    Person("Hugo Exemple", "citizen", "FRK2", ("ethics and law", "patient involvement"),
           ("plain language",), "Demo Ethics Forum", _MOST, ("moderator",), "fr"),
    Person("Ines Exemplo", "business", "PT11", ("pharmacogenomics", "companion diagnostics"),
           ("primary care", "regulatory affairs"), "Demo Pharmacogenomics Laboratory Ltd", _ALL,
           ("organiser",), "pt"),
    Person("Jonas Exempel", "research", "SE11", ("medical imaging", "artificial intelligence"),
           ("clinical validation",), "Demo Medical Imaging Group"),
    Person("Kadri Naide", "government", "EE00", ("digital health", "interoperability"),
           ("health data governance",), "Demo Agency for Digital Health", _MOST, ("coordinator",)),
    Person("Lotte Staal", "citizen", "NL36", ("patient involvement", "rare diseases"),
           ("clinical trials",), "Demo Patients Together", _ALL, (), "nl"),
    Person("Milan Primer", "research", "SI04", ("training and education", "genetic counselling"),
           (), "Demo Academy of Personalised Medicine"),
    Person("Niamh Sampla", "business", "IE06", ("business development", "investment"),
           ("companion diagnostics",), "Demo Innovation Cluster West", _ALL),
    Person("Orestis Paradeigma", "healthcare", "EL30", ("remote monitoring", "rehabilitation"),
           ("wearable sensors",), "Demo Rehabilitation Clinic by the Sea"),
    Person("Pia Beispiel", "research", "BE23", ("genomics", "bioinformatics"),
           ("federated learning",), "Demo Genome Centre of Flanders-in-Theory", _ALL),
    Person("Quinten Voorbeeld", "research", "BE23", ("biobanking", "health data governance"), (),
           "Demo Genome Centre of Flanders-in-Theory", _MOST, (), "nl"),
    Person("Rosa Ejemplo", "citizen", "ES21", ("patient involvement", "plain language"),
           ("digital health",), None, _MOST, (), "es"),
    Person("Sergio Esempio", "healthcare", "ITC4", ("primary care", "pharmacogenomics"),
           ("training and education",), None, _MOST, (), "it"),
    Person("Tuuli Esimerkki", "research", "FI1B", ("artificial intelligence", "bioinformatics"),
           ("genomics",), None, _ALL),
    Person("Ula Przyklad", "government", "PL21", ("public procurement", "reimbursement"),
           ("health technology assessment",), None, _NO_MATCHES, (), "pl"),
    Person("Viktor Muster", "business", "DE21", ("laboratory automation", "medical devices"),
           ("public procurement",), None, _MOST, (), "de"),
    Person("Wanda Exemple", "healthcare", "FRK2", ("cancer care", "medical imaging"),
           ("artificial intelligence",), None, _MOST, (), "fr"),
    Person("Xavier Exemplo", "government", "PT11", ("regional development",),
           ("pharmacogenomics", "health economics"), None, _NO_MATCHES, (), "pt"),
    Person("Ylva Exempel", "healthcare", "SE11", ("clinical validation", "medical imaging"),
           ("federated learning",), "Demo Medical Imaging Group"),
    Person("Zane Paraugs", "citizen", "EE00", ("plain language",), ("rare diseases",), None,
           _FEWEST),
    Person("Anouk Staal", "business", "NL36", ("interoperability", "digital health"),
           ("remote monitoring",), None, _MOST, (), "nl"),
    Person("Bor Primer", "healthcare", "SI04", ("genetic counselling", "cancer care"),
           ("companion diagnostics",), None),
    Person("Ciara Sampla", "research", "IE06", ("regulatory affairs", "clinical trials"),
           ("investment",), "Demo Innovation Cluster West"),
    Person("Dafni Paradeigma", "government", "EL30", ("health data governance",),
           ("interoperability",), None, _FEWEST),
    Person("Emil Beispiel", "citizen", "DE21", ("patient involvement",), ("cancer care",), None,
           _NO_MATCHES, (), "de"),
    Person("Fleur Voorbeeld", "business", "BE23", ("companion diagnostics", "investment"),
           ("genomics", "cancer care"), None, _ALL, (), "nl"),
    Person("Gorka Ejemplo", "research", "ES21", ("wearable sensors", "artificial intelligence"),
           ("rehabilitation",), None, _MOST, (), "es"),
    Person("Heini Esimerkki", "healthcare", "FI1B", ("primary care", "digital health"),
           ("data protection",), None),
    Person("Ilaria Esempio", "government", "ITC4", ("health technology assessment",),
           ("remote monitoring", "reimbursement"), None, _NO_MATCHES, (), "it"),
    Person("Julien Exemple", "business", "FRK2", ("bioinformatics", "data protection"),
           ("biobanking",), None, _MOST, (), "fr"),
    Person("Klara Muster", "citizen", "DE21", ("ethics and law",), (), None, _FEWEST, (), "de"),
    Person("Luis Exemplo", "research", "PT11", ("pharmacogenomics", "clinical trials"),
           ("laboratory automation",), None, _MOST, (), "pt"),
    Person("Maja Przyklad", "citizen", "PL21", ("rare diseases",), ("newborn screening",), None,
           _NO_MATCHES, (), "pl"),
    Person("Nils Exempel", "business", "SE11", ("remote monitoring", "business development"),
           ("regulatory affairs",), None, _FEWEST),
)  # fmt: skip
