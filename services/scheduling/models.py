"""All tables of scheduling, for its migrations."""

from services.scheduling.base import Base
from services.scheduling.gatherings.models import Gathering
from services.scheduling.registrations.models import Registration, RegistrationLink

__all__ = ["Base", "Gathering", "Registration", "RegistrationLink"]
