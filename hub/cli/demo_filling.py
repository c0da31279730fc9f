"""Fills a hub with the made-up community, as its people would do it themselves."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from events.catalogue.membership import MemberRegistered
from events.envelope import Context, in_context, new_id
from events.log import EventLog, Reader, subscriptions_of
from hub.cli.demo_people import (
    COORDINATOR,
    DOMAIN,
    GUESTS,
    ORGANISATIONS,
    PEOPLE,
    DemoOrganisation,
    Person,
)
from hub.cli.demo_things import DEMO_CASES, POSTS, DemoGathering, Written, gatherings
from hub.cli.importing import Bar, each, gatherings_of, make_organisation, patiently
from hub.clients import (
    HUB,
    Clients,
    ContactRead,
    DemoCaseRead,
    GatheringBrief,
    PostRead,
    RegistrationRead,
    RolesHeld,
)
from services.kit.errors import HubError
from services.kit.identity import Identity

PATIENCE = 60.0
"""Seconds within which the log must have told of everybody who joined."""


class Silence(HubError):
    """The log did not tell of those who joined."""

    status = 503


@dataclass
class Filling:
    """One run: what there is already stays, what is missing is made."""

    clients: Clients
    event_log: EventLog
    bar: Bar
    today: date
    people: Sequence[Person] = PEOPLE
    organisations: dict[str, str] = field(default_factory=dict)
    identities: dict[str, Identity] = field(default_factory=dict)

    async def community(self) -> None:
        """Make organisations, then members."""
        await each(ORGANISATIONS, self._organisation, self.bar("Organisations", len(ORGANISATIONS)))
        await self._members()

    async def doings(self) -> None:
        """Let the members write, propose, organise and register."""
        await self._things()
        await self._gatherings()

    @property
    def coordinator(self) -> Identity:
        """The member who brings in what others are not asked for."""
        return self.identities[COORDINATOR]

    async def _organisation(self, one: DemoOrganisation) -> None:
        order = {
            "name": one.name,
            "helix_side": one.side,
            "region_code": one.region,
            "country": "GR" if one.country == "EL" else one.country,
            "description": one.about,
            "expertise": one.expertise,
            "made_up": True,
        }
        made = await patiently(lambda: make_organisation(self.clients, order, HUB))
        self.organisations[one.name] = made.id

    async def _members(self) -> None:
        done = self.bar("Members", 2 * len(self.people))
        known = await self._contacts([person.email for person in self.people])
        joining: dict[str, Person] = {}
        reader = self.event_log.tail(subscriptions_of([MemberRegistered]))

        async def join(person: Person) -> None:
            contact = known.get(person.email)
            if contact is not None and contact.status == "member":
                self.identities[person.name] = _member(contact.id, person)
                done()  # nothing to confirm
                return
            # The fact that owes this person a link carries the same correlation id.
            context = Context(new_id())
            joining[context.correlationid] = person
            with in_context(context):
                await patiently(lambda: self.clients.membership.join(self._form(person)))

        async def confirm(link: tuple[Person, str]) -> None:
            person, link_id = link
            self.identities[person.name] = _member(await self._confirmed(link_id), person)

        try:
            await each(self.people, join, done)
            links = await asyncio.to_thread(_links, reader, set(joining))
        finally:
            reader.close()
        await each([(joining[id], link) for id, link in links.items()], confirm, done)
        with_roles = [person for person in self.people if person.roles]
        await each(with_roles, self._roles, self.bar("Roles", len(with_roles)))

    def _form(self, person: Person) -> Mapping[str, Any]:
        return {
            "name": person.name,
            "email": person.email,
            "helix_side": person.side,
            "region_code": person.region,
            "organisation_id": self.organisations.get(person.organisation or ""),
            "language": person.language,
            "time_zone": person.time_zone,
            "expertise_offered": person.offers,
            "expertise_sought": person.seeks,
            "consents": person.consents,
            "made_up": True,
        }

    async def _confirmed(self, link_id: str) -> str:
        membership = self.clients.membership
        minted = await patiently(
            lambda: membership.send(dict[str, str], "POST", f"/links/{link_id}/mint", HUB)
        )
        session = await patiently(lambda: membership.confirm(minted["secret"]))
        await patiently(lambda: membership.revoke_session(session.secret))
        return session.contact_id

    async def _roles(self, person: Person) -> None:
        path = f"/members/{self.identities[person.name].contact_id}/roles"
        order = {"roles": person.roles}
        await patiently(lambda: self.clients.membership.send(RolesHeld, "PUT", path, HUB, order))

    async def _things(self) -> None:
        posts = [post for post in POSTS if post.by in self.identities]
        there = {
            post.title
            for post in await self.clients.knowledge.get(
                list[PostRead], "/posts", self.coordinator, titles=_titles(posts), limit=200
            )
        }

        async def post(one: Written) -> None:
            if one.order["title"] not in there:
                author = self.identities[one.by]
                await patiently(lambda: self.clients.knowledge.create(one.order, author))

        await each(posts, post, self.bar("Posts", len(posts)))
        cases = [case for case in DEMO_CASES if case.by in self.identities]
        there |= {
            case.title
            for case in await self.clients.matchmaking.get(
                list[DemoCaseRead], "/demo-cases", self.coordinator, titles=_titles(cases)
            )
        }

        async def propose(one: Written) -> None:
            if one.order["title"] not in there:
                order = {**one.order}
                order["lead_organisation_id"] = self.organisations[order.pop("lead_organisation")]
                proposer = self.identities[one.by]
                await patiently(lambda: self.clients.matchmaking.create(order, proposer))

        await each(cases, propose, self.bar("Demo-cases", len(cases)))

    async def _gatherings(self) -> None:
        planned = [one for one in gatherings(self.today) if one.organiser in self.identities]
        organisers = {self.identities[one.organiser].contact_id for one in planned}
        before = {
            gathering.title: gathering
            for id in organisers
            for gathering in await gatherings_of(self.clients, self.coordinator, id, past=False)
        }
        coming: list[tuple[DemoGathering, GatheringBrief]] = []

        async def publish(one: DemoGathering) -> None:
            there = before.get(one.order["title"])
            if there is None:
                organiser = self.identities[one.organiser]
                there = await patiently(
                    lambda: self.clients.scheduling.create(one.order, organiser)
                )
            if there.status == "published":
                coming.append((one, there))

        await each(planned, publish, self.bar("Events", len(planned)))
        guests = await self._guests()
        wanted = [len(self._attending(one)) + len(guests[: one.guests]) for one, _ in coming]
        done = self.bar("Registrations", sum(wanted))
        for one, gathering in coming:
            again = gathering.title in before
            await self._register(one, gathering.id, guests[: one.guests], done, again=again)

    async def _register(
        self,
        one: DemoGathering,
        gathering_id: str,
        guests: Sequence[str],
        done: Callable[[], None],
        *,
        again: bool,
    ) -> None:
        """One person after the other, so that the waitlist is in their order.

        Whoever gave the seat up in an earlier run does not come back.
        """
        for number, person in enumerate(self._attending(one)):
            identity = self.identities[person.name]
            if not again or number != one.cancels:
                await self._seat(gathering_id, identity)
            done()
        for contact_id in guests:
            await self._seat(gathering_id, HUB, contact_id)
            done()
        if one.cancels is not None and not again:
            leaving = self.identities[self._attending(one)[one.cancels].name]
            seat = await self._seat(gathering_id, leaving)
            await patiently(lambda: self.clients.scheduling.cancel(seat.id, leaving))

    async def _seat(
        self, gathering_id: str, identity: Identity, contact_id: str | None = None
    ) -> RegistrationRead:
        """The person's registration, made when there is none."""
        register = self.clients.scheduling.register
        return await patiently(lambda: register(gathering_id, identity, contact_id=contact_id))

    def _attending(self, one: DemoGathering) -> list[Person]:
        return [person for person in self.people if person.name != one.organiser][: one.registered]

    async def _guests(self) -> list[str]:
        return [
            (
                await self.clients.membership.guest(
                    {
                        "name": name,
                        "email": f"{'.'.join(name.lower().split())}@{DOMAIN}",
                        "made_up": True,
                    }
                )
            ).contact_id
            for name in GUESTS
        ]

    async def _contacts(self, emails: Sequence[str]) -> dict[str, ContactRead]:
        found = await self.clients.membership.send(
            list[ContactRead], "POST", "/contacts/lookup", HUB, {"emails": emails}
        )
        return {contact.email or "": contact for contact in found}


def _links(reader: Reader, wanted: set[str]) -> dict[str, str]:
    """Ids of the links owed to those who joined, by correlation id; raises Silence."""
    links: dict[str, str] = {}
    deadline = time.monotonic() + PATIENCE
    while wanted - set(links):
        if time.monotonic() > deadline:
            raise Silence("Those who joined are not in the log: is its relay at work?")
        for record in reader.poll(0.05):
            if record.correlationid in wanted and record.type == MemberRegistered.TYPE:
                links[record.correlationid] = record.open(MemberRegistered).event.link_id
    return links


def _member(contact_id: str, person: Person) -> Identity:
    return Identity(contact_id, ("member", *person.roles))


def _titles(written: Sequence[Written]) -> list[str]:
    return [one.order["title"] for one in written]
