"""All tables of matchmaking, for its migrations."""

from services.matchmaking.base import Base
from services.matchmaking.demo_cases.models import DemoCase
from services.matchmaking.projection import (
    Candidate,
    CandidateMerger,
    CandidateTerm,
    CandidateVersion,
    CandidateWord,
)

__all__ = [
    "Base",
    "Candidate",
    "CandidateMerger",
    "CandidateTerm",
    "CandidateVersion",
    "CandidateWord",
    "DemoCase",
]
