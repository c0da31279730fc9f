"""Batches of an import: all right rows are saved together, each once, and nobody sees them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from sqlmodel import select

from events.catalogue.membership import ContactState, MemberInvited, OrganisationRegistered
from services.kit.fields import Email
from services.kit.identity import ANYONE
from services.membership.contacts import service as contacts
from services.membership.contacts.models import Contact
from services.membership.imports.schemas import ImportedMember
from tests.membership.calling import ANNA, Membership, member, wait_for_a_lock

ROW = {
    "name": "Anna Peeters",
    "email": "anna@example.org",
    "helix_side": "healthcare",
    "region_code": "BE23",
}
SLOW = TypeAdapter(Email)
LOCAL = st.text("aZ09._+-@ é\u200b", max_size=12)
DOMAIN = st.text("aZ0-.", max_size=14) | st.sampled_from(
    ["example.org", "a.test", "b.invalid", "x.localhost", "xn--abc.org", "a" * 64 + ".org"]
)


def bring(hub: Membership, *rows: dict[str, Any], what: str = "members", **how: Any) -> Any:
    answer = hub.call("POST", f"/imports/{what}", {"rows": rows, **how})
    assert answer.status_code == 200, answer.text
    return answer.json()


def taken(check: Any) -> str | None:
    try:
        return str(check())
    except ValidationError:
        return None


@given(LOCAL, DOMAIN)
def test_plain_addresses_are_taken_as_all_are(local: str, domain: str) -> None:
    address = f"{local}@{domain}"
    ours = taken(lambda: ImportedMember.model_validate({**ROW, "email": address}).email)
    assert ours == taken(lambda: SLOW.validate_python(address))


def test_a_batch_says_what_became_of_each_row(membership_on_each: Membership) -> None:
    hub = membership_on_each
    wrong = {**ROW, "email": "x@example.org", "region_code": "NL33"}
    result = bring(hub, ROW, {**ROW, "name": "Again"}, wrong)
    assert result["outcomes"] == ["made", "again", "wrong"]
    assert [(one["row"], one["field"]) for one in result["problems"]] == [(2, "region_code")]
    assert bring(hub, ROW)["outcomes"] == ["same"]
    assert bring(hub, {**ROW, "name": "Anna P."})["outcomes"] == ["changed"]
    states = [one for one in hub.told() if isinstance(one, ContactState)]
    assert [(one.name, one.version, one.status) for one in states] == [("Anna P.", 2, "invited")]
    assert states[0].audience == f"contact:{states[0].id}"
    assert states[0].consents == ()


def test_a_dry_run_changes_nothing(membership_on_each: Membership) -> None:
    hub = membership_on_each
    rows = [{**ROW, "organisation": "UZ Gent"}]
    assert bring(hub, *rows, dry_run=True)["outcomes"] == ["made"]
    order = {"name": "Lamp", "helix_side": "business"}
    assert bring(hub, order, what="organisations", dry_run=True)["outcomes"] == ["made"]
    assert hub.told() == []
    assert bring(hub, *rows)["outcomes"] == ["made"]


def test_people_of_one_organisation_share_it(membership_on_each: Membership) -> None:
    hub = membership_on_each
    rows = [
        {**ROW, "email": f"p{n}@example.org", "organisation": name}
        for n, name in enumerate(("UZ Gent", "uz gent!", "Other"))
    ]
    assert bring(hub, *rows)["outcomes"] == ["made"] * 3
    firms = [one.organisation_id for one in hub.told() if isinstance(one, ContactState)]
    assert firms[0] == firms[1] != firms[2]
    assert len([one for one in hub.facts() if isinstance(one, OrganisationRegistered)]) == 2


def test_imported_people_can_be_found_by_nobody(membership: Membership) -> None:
    bring(membership, ROW)
    other = member(membership.join(email="bob@example.org"))
    (state,) = [one for one in membership.told() if getattr(one, "status", "") == "invited"]
    assert membership.call("GET", f"/contacts?ids={state.subject}", caller=other).json() == []
    assert membership.call("GET", f"/contacts?ids={state.subject}", caller=ANYONE).json() == []


def test_a_member_is_not_touched_by_a_file(membership: Membership) -> None:
    id = membership.join()
    before = membership.contact_state(id)
    row = {**ROW, "email": str(ANNA["email"]).upper(), "name": "Somebody else"}
    assert bring(membership, row)["outcomes"] == ["known"]
    assert membership.contact_state(id) == before


def test_an_organisation_that_others_changed_is_left_alone(membership: Membership) -> None:
    order = {"name": "Lamp", "helix_side": "business", "region_code": "BE23"}
    assert bring(membership, order, what="organisations")["outcomes"] == ["made"]
    (state,) = membership.organisation_states()
    admin = member(membership.join(email="root@example.org"), "moderator")
    path = f"/organisations/{state.id}"
    changed = membership.call("PATCH", path, {"description": "Ours."}, caller=admin)
    assert changed.status_code == 200, changed.text
    again = bring(membership, {**order, "region_code": "BE24"}, what="organisations")
    assert again["outcomes"] == ["known"]
    assert membership.organisation_states()[-1].region_code == "BE23"


@pytest.mark.parametrize("field", ["consents", "roles", "status", "visibility", "made_up"])
def test_a_file_gives_neither_consent_nor_roles(membership: Membership, field: str) -> None:
    result = bring(membership, {**ROW, field: ["terms"]})
    assert result["outcomes"] == ["wrong"]
    assert result["problems"][0]["field"] == field


def test_only_the_hub_itself_imports(membership: Membership) -> None:
    admin = member("0" * 8 + "-0000-0000-0000-" + "0" * 12, "admin")
    for caller, status in ((ANYONE, 401), (admin, 403)):
        answer = membership.call("POST", "/imports/members", {"rows": [ROW]}, caller=caller)
        assert answer.status_code == status
    assert membership.told() == []


def test_an_invitation_is_sent_once_however_often_it_is_run(
    membership_on_each: Membership,
) -> None:
    hub = membership_on_each
    assert bring(hub, ROW, invite=True, dry_run=True)["invited"] == 0
    assert bring(hub, ROW)["invited"] == 0
    assert bring(hub, ROW, invite=True)["invited"] == 1
    assert bring(hub, {**ROW, "name": "Anna P."}, invite=True)["invited"] == 0
    assert len([one for one in hub.facts() if isinstance(one, MemberInvited)]) == 1


def test_who_joins_while_a_batch_corrects_them_stays_as_they_say(
    postgres_url: str, tmp_path: Path
) -> None:
    """On PostgreSQL the batch waits for whoever is joining; on SQLite it begins after them."""
    hub = Membership(tmp_path, postgres_url)
    bring(hub, ROW)
    with ThreadPoolExecutor() as pool:
        with hub.database.unit_of_work() as session:
            anna = session.exec(select(Contact).with_for_update()).one()
            late = pool.submit(bring, hub, {**ROW, "name": "From the file"})
            wait_for_a_lock(hub)
            own = {"status": "member", "name": "Her own", "consents": ["terms"]}
            contacts.apply(session, anna, own, moment=datetime.now(UTC))
        assert late.result()["outcomes"] == ["known"]
    state = hub.contact_state(anna.id)
    assert (state.name, state.status) == ("Her own", "member")
    hub.database.close()
