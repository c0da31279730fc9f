"""The scheduling service, put together."""

from datetime import timedelta
from functools import partial

from services.kit.app import Service, build_app
from services.kit.keeping import Keeper
from services.kit.peers import Peers
from services.kit.settings import Settings
from services.scheduling.admission import routes as admission
from services.scheduling.agenda import routes as agenda
from services.scheduling.attendance import routes as attendance
from services.scheduling.covers import routes as covers
from services.scheduling.feedback import routes as feedback
from services.scheduling.files import routes as files
from services.scheduling.files import service as filing
from services.scheduling.gatherings import routes as gatherings
from services.scheduling.gatherings import service
from services.scheduling.handlers import HANDLERS, forgetting
from services.scheduling.imports import routes as imports
from services.scheduling.invitations import routes as invitations
from services.scheduling.made_up import routes as made_up
from services.scheduling.materials import routes as materials
from services.scheduling.occurrences import routes as occurrences
from services.scheduling.people import routes as people
from services.scheduling.personal import routes as personal
from services.scheduling.polls import routes as polls
from services.scheduling.polls import service as polling
from services.scheduling.projection import PEOPLE, TABLES
from services.scheduling.questions import routes as questions
from services.scheduling.registrations import routes as registrations
from services.scheduling.registrations.forgetting import expire, expire_needs
from services.scheduling.registrations.rows import RELEASE
from services.scheduling.registrations.service import release
from services.scheduling.reminders import service as reminders
from services.scheduling.statistics import routes as statistics
from services.scheduling.versions import routes as versions


def create(settings: Settings, peers: Peers) -> Service:
    """Scheduling as the settings say."""
    app = build_app(
        "scheduling",
        settings,
        [
            registrations.router,
            admission.router,
            questions.router,
            attendance.router,
            feedback.router,
            statistics.router,
            materials.router,
            covers.router,
            invitations.router,
            files.router,
            gatherings.router,
            agenda.router,
            imports.router,
            occurrences.router,
            people.router,
            versions.router,
            polls.router,
            made_up.router,
            personal.router,
        ],
    )
    database = app.state.database
    forgets = forgetting(settings)
    kept_for = timedelta(days=settings.registrations_kept)
    keeper = Keeper(
        database,
        [
            expire_needs,
            partial(expire, term=kept_for),
            partial(polling.expire, term=kept_for),
            partial(filing.tidy, files=app.state.files),
        ],
    )
    return Service(
        name="scheduling",
        settings=settings,
        database=database,
        app=app,
        groups={**HANDLERS, **forgets.groups},
        projections={PEOPLE: TABLES},
        timers={
            service.FINISH: service.finish,
            reminders.REMIND: reminders.remind,
            RELEASE: release,
            polling.CLOSE: polling.close_in_time,
            **forgets.timers,
        },
        workers=[keeper.run],
        after_batch={forgets.group: keeper.untidy},
    )
