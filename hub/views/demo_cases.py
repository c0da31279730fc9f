"""Pages of demonstration projects."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.choices import Choice, Group
from hub.forms import Form
from hub.views.cards import ProjectCard
from hub.views.shell import Filter, Pager, View


@dataclass(frozen=True)
class ProjectsPage(View):
    """Demonstration projects by step."""

    template = "pages/demo_cases/list.html"
    kept = True

    projects: Sequence[ProjectCard]
    filters: Sequence[Filter]
    pager: Pager
    step: str
    may_propose: bool


@dataclass(frozen=True)
class Match:
    """A person or organisation that fits a project, and why."""

    name: str
    path: str
    kind: str
    percent: int
    reason: str
    covers: Sequence[str]
    missing: Sequence[str]


@dataclass(frozen=True)
class ProjectPage(View):
    """One demonstration project with those who fit it; `matches` is None for visitors."""

    template = "pages/demo_cases/show.html"
    kept = True

    card: ProjectCard
    step: str
    challenge: str
    solution: str
    link: str
    lead: str
    lead_path: str
    matches: Sequence[Match] | None


@dataclass(frozen=True)
class ProjectFormPage(View):
    """The form that proposes a demonstration project."""

    template = "pages/demo_cases/new.html"

    form: Form
    regions: Sequence[Group]
    organisations: Sequence[Choice]
