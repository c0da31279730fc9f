"""All tables of scheduling, for its migrations."""

from services.scheduling.attendance.models import Attendance, Ticket
from services.scheduling.base import Base
from services.scheduling.feedback.models import Feedback, FeedbackGiven
from services.scheduling.gatherings.models import Gathering
from services.scheduling.materials.models import Material
from services.scheduling.polls.models import Ballot, BallotLink, Poll, Slot
from services.scheduling.registrations.models import Registration, RegistrationLink

__all__ = [
    "Attendance",
    "Ballot",
    "BallotLink",
    "Base",
    "Feedback",
    "FeedbackGiven",
    "Gathering",
    "Material",
    "Poll",
    "Registration",
    "RegistrationLink",
    "Slot",
    "Ticket",
]
