"""Nothing is left of the demonstration when it is taken away."""

from sqlalchemy import select

from services.kit.forgetting import SAY_AGAIN
from services.kit.timers import TIMERS
from services.membership.accounts.service import FORGET_LINK, FORGET_SESSION
from services.membership.base import Base
from services.membership.expertise.claims import TELL
from services.membership.exports.service import FORGET_EXPORT
from tests.membership.calling import Membership, member

HARMLESS = {FORGET_LINK, FORGET_SESSION, FORGET_EXPORT, SAY_AGAIN, TELL}
"""Kinds of timers that are left to find nothing, or to say once more that something is gone."""
LEFT = {"directory_clock", "inbox", "outbox", "positions"}
"""Tables of what is no demonstration."""


def left(hub: Membership) -> dict[str, int]:
    """How many rows each table has, but for the log and terms of the hub."""
    counts: dict[str, int] = {}
    with hub.database.reading() as connection:
        for table in Base.metadata.sorted_tables:
            rows = list(connection.execute(table.select()).mappings())
            if table.name == "terms":
                rows = [row for row in rows if row["scheme"] == "free"]
            if table.name == "directory_entries":
                rows = [row for row in rows if any(row[part] for part in ("name", "words"))]
            if table.name == TIMERS.name:
                rows = [row for row in rows if row["kind"] not in HARMLESS]
            if rows and table.name not in LEFT:
                counts[table.name] = len(rows)
    return counts


def test_removal_leaves_no_row_of_the_demonstration(membership_on_each: Membership) -> None:
    hub = membership_on_each
    works = {"helix_side": "business", "name": "Demo Works", "made_up": True}
    order = {**works, "expertise": ["Words of Demo Works"]}
    works_id = hub.call("POST", "/organisations", order).json()["id"]
    listed = {"consents": ["terms", "directory"], "made_up": True}
    dora, max_ = [
        hub.join(
            name=name, email=f"{name.lower()}@example.org", organisation_id=works_id,
            expertise_offered=["Genomics", f"Words of {name}"], **listed,
        )
        for name in ("Dora", "Max")
    ]  # fmt: skip
    admin = member(dora, "admin")
    hub.call("PUT", f"/members/{dora}/roles", {"roles": ["member", "admin", "organiser"]})
    hub.call("POST", f"/organisations/{works_id}/asks", {"role": "owner"}, caller=member(max_))
    hub.call("POST", f"/organisations/{works_id}/verify", caller=admin)
    hub.call("PUT", f"/members/{max_}/expertise/hub:genomics/endorsement", caller=admin)
    closed = hub.call("POST", f"/accounts/{max_}/suspend", {"reason": "A demonstration."},
                      caller=admin)  # fmt: skip
    assert closed.status_code == 200
    hub.call("POST", "/directory/exports", {}, caller=admin)
    hub.sign_in("dora@example.org")
    hub.call("POST", f"/contacts/{dora}/exports")
    before = left(hub)
    assert before.items() >= {"contacts": 2, "role_grants": 2, "suspensions": 1}.items()

    answer = hub.call("POST", "/made-up/remove")

    assert answer.json() == {"counts": {"people": 2, "organisations": 1}}
    # That a list was taken away is known for good, and by whom no longer.
    assert left(hub) == {"directory_exports": 1}
    with hub.database.reading() as connection:
        table = Base.metadata.tables["directory_exports"]
        assert connection.execute(select(table.c.contact_id)).scalars().all() == [None]
