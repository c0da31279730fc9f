"""Use cases of versions: write down what changed, and read it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic_core import to_jsonable_python
from sqlmodel import Session, col, select

from services.kit.identity import Identity
from services.scheduling.gatherings.access import find, may_manage
from services.scheduling.gatherings.models import Gathering
from services.scheduling.versions.models import GatheringVersion
from services.scheduling.versions.schemas import VersionRead

UNTOLD = frozenset({"join_url", "co_organiser_ids", "host_ids"})
"""Fields of which only the change is kept: a secret, and people."""
MOST_SHOWN = 100


def note(
    session: Session, gathering: Gathering, before: Mapping[str, Any], moment: datetime
) -> None:
    """Write down a change of the gathering, which has its new values and version already.

    `before` are the old values of the fields that changed.
    """
    changes = [
        {"field": name}
        if name in UNTOLD
        else {
            "field": name,
            "before": to_jsonable_python(old),
            "after": to_jsonable_python(getattr(gathering, name)),
        }
        for name, old in sorted(before.items())
    ]
    session.add(
        GatheringVersion(
            gathering_id=gathering.id,
            version=gathering.version,
            status=gathering.status,
            changes=changes,
            changed_at=moment,
        )
    )


def of_gathering(session: Session, *, reference: str, viewer: Identity) -> list[VersionRead]:
    """What changed, newest first; what a draft went through is for those who look after it."""
    gathering = find(session, reference=reference, viewer=viewer)
    return changes_of(session, gathering, viewer=viewer)


def changes_of(session: Session, gathering: Gathering, *, viewer: Identity) -> list[VersionRead]:
    """The same of a gathering that the viewer may see."""
    wanted = select(GatheringVersion).where(GatheringVersion.gathering_id == gathering.id)
    if not may_manage(gathering, viewer):
        wanted = wanted.where(GatheringVersion.status != "draft")
    rows = session.exec(wanted.order_by(col(GatheringVersion.version).desc()).limit(MOST_SHOWN))
    return [VersionRead.model_validate(row) for row in rows]
