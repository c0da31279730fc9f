"""HTTP to the mailbox and back."""

from typing import Annotated

from fastapi import Query, Request

from services.kit.app import Db
from services.kit.errors import NotFound
from services.kit.identity import HubItself
from services.kit.routes import Router
from services.notification.mailbox import service
from services.notification.mailbox.schemas import MailRead

router = Router(prefix="/mailbox", tags=["mailbox"])


@router.get("")
def list_mails(
    request: Request, db: Db, hub: HubItself, limit: Annotated[int, Query(ge=1, le=1000)] = 200
) -> list[MailRead]:
    """Mails that were kept instead of sent, newest first; in development only."""
    if not request.app.state.settings.development:
        raise NotFound("There is no mailbox in production.")
    with db.reader() as session:
        return service.listed(session, limit=limit)
