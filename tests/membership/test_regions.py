"""Regions of the partnership: their own names, made of NUTS regions; they may overlap."""

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from events.catalogue.membership import RegionState
from services.kit.identity import ANYONE
from services.membership.regions.rules import holds
from tests.membership.calling import Membership, member

ADMIN = member("0" * 8 + "-0000-0000-0000-" + "0" * 12, "admin")


def test_a_place_counts_in_every_region_that_contains_it(membership_on_each: Membership) -> None:
    hub = membership_on_each
    for name, codes in (
        ("Flanders", ["BE2", "BE23", "BE2"]),
        ("Rhine and Scheldt", ["NL3", "BE21", "BE23"]),
        ("East Netherlands", ["NL2"]),
    ):
        answer = hub.call("POST", "/regions", {"name": name, "nuts_codes": codes}, caller=ADMIN)
        assert answer.status_code == 201, answer.text
    listed = {
        place: [one["name"] for one in hub.call("GET", f"/regions?containing={place}").json()]
        for place in ("BE23", "BE24", "NL21", "NL213", "BE", "XX")
    }
    assert listed == {
        "BE23": ["Flanders", "Rhine and Scheldt"],
        "BE24": ["Flanders"],
        "NL21": ["East Netherlands"],
        "NL213": ["East Netherlands"],
        "BE": [],
        "XX": [],
    }
    assert not holds(["BE2"], None)
    everybody = hub.call("GET", "/regions", caller=ANYONE).json()
    assert [(one["name"], one["nuts_codes"]) for one in everybody] == [
        ("East Netherlands", ["NL2"]),
        ("Flanders", ["BE2"]),
        ("Rhine and Scheldt", ["BE21", "BE23", "NL3"]),
    ]


def test_a_region_is_told_changed_and_taken_away(membership_on_each: Membership) -> None:
    hub = membership_on_each
    made = hub.call("POST", "/regions", {"name": "Flanders", "nuts_codes": ["BE2"]}).json()
    path = f"/regions/{made['id']}"
    changed = hub.call("PATCH", path, {"nuts_codes": ["BE2", "BE1"]}).json()
    assert changed == {**made, "version": 2, "nuts_codes": ["BE1", "BE2"]}
    assert hub.call("PATCH", path, {"name": "Flanders"}).json()["version"] == 2
    states = [one for one in hub.told() if isinstance(one, RegionState)]
    assert [(one.version, one.audience, one.nuts_codes) for one in states] == [
        (2, "public", ("BE1", "BE2"))
    ]
    assert hub.call("GET", f"/regions/{made['slug']}", caller=ANYONE).json() == changed
    assert hub.call("DELETE", path).status_code == 204
    assert [one for one in hub.told() if isinstance(one, RegionState)] == []
    assert hub.call("GET", path).status_code == 404


def test_bad_regions_are_refused(membership: Membership) -> None:
    hub = membership
    assert hub.call("POST", "/regions", {"name": "A", "nuts_codes": ["BE2"]}).status_code == 201
    for body, field in (
        ({"name": "a!", "nuts_codes": ["NL2"]}, "name"),
        ({"name": "B", "nuts_codes": []}, "nuts_codes"),
        ({"name": "B", "nuts_codes": ["BE99"]}, "nuts_codes"),
        ({"name": "B", "nuts_codes": ["NL33"]}, "nuts_codes"),
        ({"name": "B\r\nBcc: x", "nuts_codes": ["NL2"]}, "name"),
        ({"name": "B", "nuts_codes": ["NL2"], "slug": "mine"}, "slug"),
    ):
        answer = hub.call("POST", "/regions", body)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == field
    body = {"name": "B", "nuts_codes": ["NL2"]}
    assert hub.call("POST", "/regions", body, caller=ANYONE).status_code == 401
    assert (
        hub.call("POST", "/regions", body, caller=member(ADMIN.contact_id or "")).status_code == 403
    )
    assert len(hub.call("GET", "/regions").json()) == 1


def test_two_regions_of_one_name_at_once_are_one(membership_on_each: Membership) -> None:
    call = ("POST", "/regions", {"name": "Flanders", "nuts_codes": ["BE2"]})
    answers = membership_on_each.together([call, call])
    assert sorted(answer.status_code for answer in answers) == [201, 422]


def test_places_of_an_older_list_are_carried_over(membership_on_each: Membership) -> None:
    from services.membership.migrations.versions import __path__ as folder

    source = next(iter(folder)) + "/0008_regions.py"
    step: dict[str, object] = {}
    with open(source, encoding="utf-8") as file:
        exec(compile(file.read(), source, "exec"), step)
    table = sa.table("organisations", sa.column("region_code", sa.String()))
    hub = membership_on_each
    rows = [
        {"name": f"Lamp {code}", "helix_side": "business", "region_code": code}
        for code in ("BE23", "NL35", "NL36", "EL")
    ]
    assert hub.call("POST", "/imports/organisations", {"rows": rows}).status_code == 200
    before = {"NL35": "NL31", "NL36": "US", "EL": "GR"}
    with hub.database.engine.begin() as connection:
        for new, old in before.items():
            code = table.c.region_code
            connection.execute(sa.update(table).where(code == new).values(region_code=old))
        context = MigrationContext.configure(connection)
        with Operations.context(context):
            step["_carry_over"](table)  # type: ignore[operator]
        found = connection.execute(sa.select(table.c.region_code)).scalars().all()
    assert sorted(code or "" for code in found) == ["", "BE23", "EL", "NL35"]
