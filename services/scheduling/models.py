"""All tables of scheduling, for its migrations."""

from services.scheduling.admission.models import SeatPool
from services.scheduling.agenda.models import AgendaSession
from services.scheduling.attendance.models import Attendance, Ticket
from services.scheduling.base import Base
from services.scheduling.feedback.models import Feedback, FeedbackGiven
from services.scheduling.gatherings.models import Gathering
from services.scheduling.invitations.models import Invitation
from services.scheduling.materials.models import Material
from services.scheduling.people.models import GatheringPerson
from services.scheduling.polls.models import Ballot, BallotLink, Poll, Slot
from services.scheduling.projection import KnownContact
from services.scheduling.questions.models import Answer, Question
from services.scheduling.registrations.models import (
    DateSeats,
    Registration,
    RegistrationDate,
    RegistrationLink,
)
from services.scheduling.versions.models import GatheringVersion

__all__ = [
    "AgendaSession",
    "Answer",
    "Attendance",
    "Ballot",
    "BallotLink",
    "Base",
    "DateSeats",
    "Feedback",
    "FeedbackGiven",
    "Gathering",
    "GatheringPerson",
    "GatheringVersion",
    "Invitation",
    "KnownContact",
    "Material",
    "Poll",
    "Question",
    "Registration",
    "RegistrationDate",
    "RegistrationLink",
    "SeatPool",
    "Slot",
    "Ticket",
]
