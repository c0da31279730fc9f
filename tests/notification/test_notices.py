"""The inbox and the mailbox over HTTP."""

from services.kit.identity import Identity
from tests.harness import HUB, a_member
from tests.notification.conftest import MakeWorld
from tests.notification.test_sender import post_of
from tests.notification.world import World, person

ANNA = person("Anna Citizen")
ME = Identity(ANNA.id, ("member",))


def unread(world: World) -> int:
    count: int = world.under_test.call("GET", "/notices/unread", as_=ME).json()["count"]
    return count


def test_inbox_counts_what_is_unread(world: World) -> None:
    world.say(ANNA, *post_of(ANNA, "First"))
    world.hear()
    world.say(*post_of(ANNA, "Second"))
    world.say(*post_of(ANNA, "Third"))
    world.hear()
    notices = world.notices(ANNA)
    assert notices[-1] == {
        "id": notices[-1]["id"],
        "kind": "post-published",
        "title": "Published: First",
        "body": "Your post is published and can be read now.",
        "path": "/posts/a-post-abc123",
        "made_at": notices[-1]["made_at"],
        "read": False,
    }
    assert unread(world) == 3
    read = world.under_test.call("POST", f"/notices/{notices[-1]['id']}/read", as_=ME)
    assert (read.status_code, read.json()["read"], unread(world)) == (200, True, 2)
    assert world.under_test.call("POST", "/notices/read-all", as_=ME).status_code == 204
    assert (unread(world), len(world.notices(ANNA))) == (0, 3)
    assert len(world.under_test.call("GET", "/notices?limit=2", as_=ME).json()) == 2


def test_inbox_is_its_owners_alone(world: World) -> None:
    world.say(ANNA, *post_of(ANNA))
    world.hear()
    (notice,) = world.notices(ANNA)
    other = a_member("admin")
    answer = world.under_test.call("POST", f"/notices/{notice['id']}/read", as_=other)
    assert answer.status_code == 404
    assert world.under_test.call("GET", "/notices", as_=other).json() == []
    assert world.under_test.call("GET", "/notices").status_code == 401
    assert unread(world) == 1


def test_mailbox_is_for_the_hub_and_for_development(make_world: MakeWorld) -> None:
    world = make_world()
    assert world.under_test.call("GET", "/mailbox", as_=HUB).json() == []
    assert world.under_test.call("GET", "/mailbox", as_=ME).status_code == 403
    world.service.app.state.settings = world.settings.model_copy(update={"development": False})
    assert world.under_test.call("GET", "/mailbox", as_=HUB).status_code == 404
