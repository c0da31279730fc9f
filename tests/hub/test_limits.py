"""How often somebody may try: every form that anybody can send, by the address it comes from."""

import re
import time
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.requests import Request

from hub import app as gateway
from hub.clients import Clients
from hub.limits import KINDS, SAFE, WINDOW, Limits, client_of, networks
from hub.settings import Settings
from tests.hub.gateway import ADDRESS, Browser, WholeHub, text_of

FORM = {"origin": ADDRESS, "sec-fetch-site": "same-origin"}


class Room:
    """People behind one address, at a gateway that takes only so many forms from it."""

    def __init__(self, hub: WholeHub, most: int, **more: str) -> None:
        self.hub = hub
        settings = Settings(
            data_dir=hub.settings.data_dir,
            limit_mails=most,
            limit_secrets=most,
            limit_writes=most,
            **more,  # type: ignore[arg-type]
        )
        self.app = gateway.create(settings, hub.clients, [])

    def post(
        self, path: str, *, client: str = "192.0.2.1", form: dict[str, str] | None = None,
        **headers: str,
    ) -> httpx.Response:  # fmt: skip
        """A form from an address."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        transport = httpx.ASGITransport(self.app, client=(client, 4711))

        async def send() -> httpx.Response:
            async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as http:
                return await http.post(path, data=form or {}, headers={**FORM, **named})

        return self.hub.loop.run(send())


def forms_of(app: FastAPI) -> set[str]:
    """Addresses of all forms of the gateway."""
    return {
        str(route.path)
        for route in iter_route_contexts(app.router.routes)
        if (route.methods or set()) - SAFE
    }


def filled(path: str) -> str:
    """A route's address with something in its braces."""
    id = "01a210d4-14a0-7104-a047-6debcd2d3e07"
    path = re.sub(r"\{(id|\w+_id|reference)\}", id, path)
    path = re.sub(r"\{secret\}", "x" * 43, path)
    return re.sub(r"\{[^}]+\}", "x", path)


def every_form() -> list[str]:
    """All of them, as a gateway without services has them."""
    folder = Path("/nonexistent")
    clients = Clients.__new__(Clients)
    return sorted(forms_of(gateway.create(Settings(data_dir=folder), clients)))


@pytest.fixture(scope="module")
def full(hub: WholeHub) -> Room:
    """A room in which somebody has just sent one form of each kind, which is all it may."""
    room = Room(hub, 1)
    for path in ("/sign-in", "/confirm", "/posts/new"):
        assert room.post(path).status_code != 429
    return room


@pytest.mark.parametrize("path", every_form())
def test_every_form_that_anybody_can_send_is_counted(full: Room, path: str) -> None:
    """A new one is counted without a word; this finds it when it is not."""
    answer = full.post(filled(path))
    assert answer.status_code == 429, path
    assert 0 < int(answer.headers["retry-after"]) <= WINDOW + 1


def test_kinds_of_forms_are_of_forms_that_exist() -> None:
    assert set(KINDS) <= set(every_form())


def test_page_keeps_what_was_typed_and_says_what_to_do(full: Room) -> None:
    form = {"name": 'Anna "A" <b>', "email": "anna@example.org", "terms": "yes"}
    answer = full.post("/join", form=form)
    assert "Please wait 10 minutes, then press the button." in text_of(answer)
    assert '<form method="post" action="/join">' in answer.text
    kept = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', answer.text)
    assert ("name", "Anna &#34;A&#34; &lt;b&gt;") in kept
    assert ("email", "anna@example.org") in kept


def test_program_is_told_in_its_own_way(full: Room) -> None:
    answer = full.post("/join", accept="application/json")
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.json()["status"], "retry-after" in answer.headers) == (429, True)


def test_others_and_members_are_not_held_up(hub: WholeHub, full: Room, anna: Browser) -> None:
    assert full.post("/sign-in", client="192.0.2.2").status_code == 422
    cookie = f"hub_session={anna.http.cookies['hub_session']}"
    assert full.post("/preferences", form={"theme": ""}, cookie=cookie).status_code == 303
    # What has mail sent, or tries secrets, counts for members too.
    assert full.post("/sign-in", cookie=cookie).status_code == 429


@pytest.mark.parametrize(
    "path",
    ["/me/address", "/organisations/{reference}/ask", "/people/invite", "/join/invited", "/stay",
     "/address", "/address/back", "/still-right"],
)  # fmt: skip
def test_what_leads_to_mail_or_tries_secrets_counts_for_members(
    full: Room, anna: Browser, path: str
) -> None:
    cookie = f"hub_session={anna.http.cookies['hub_session']}"
    assert full.post(filled(path), cookie=cookie).status_code == 429


def test_nonsense_in_the_cookie_does_not_help(full: Room) -> None:
    assert full.post("/preferences", cookie="hub_session=" + "x" * 43).status_code == 429


def test_neighbours_in_one_ipv6_network_count_as_one(hub: WholeHub) -> None:
    room = Room(hub, 1)
    assert room.post("/sign-in", client="2001:db8:0:1::1").status_code == 422
    assert room.post("/sign-in", client="2001:db8:0:1:ffff::2").status_code == 429
    assert room.post("/sign-in", client="2001:db8:0:2::1").status_code == 422


def test_window_moves_on(hub: WholeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room(hub, 2)
    began = time.time()
    assert [room.post("/sign-in").status_code for _ in range(3)] == [422, 422, 429]
    monkeypatch.setattr(time, "time", lambda: began + WINDOW + 1)
    assert room.post("/sign-in").status_code == 422


def test_only_named_proxies_say_who_asks(hub: WholeHub) -> None:
    room = Room(hub, 1, trusted_proxies="198.51.100.0/24")

    def asked(client: str, forwarded: str) -> int:
        return room.post("/sign-in", client=client, x_forwarded_for=forwarded).status_code

    # Whoever is no proxy of ours can write what they like.
    assert [asked("192.0.2.9", f"203.0.113.{n}") for n in range(2)] == [422, 429]
    assert [asked("198.51.100.7", f"203.0.113.{n}") for n in (1, 2, 1)] == [422, 422, 429]


def request_from(client: str, *forwarded: str) -> Request:
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    return Request({"type": "http", "client": (client, 1), "headers": headers})


@pytest.mark.parametrize(
    ("client", "forwarded", "counted"),
    [
        ("10.0.0.1", ["1.2.3.4"], "1.2.3.4"),
        ("10.0.0.1", ["6.6.6.6, 1.2.3.4"], "1.2.3.4"),
        ("10.0.0.1", ["6.6.6.6", "1.2.3.4, 10.0.0.2"], "1.2.3.4"),
        ("10.0.0.1", ["2001:db8::5"], "2001:db8::/64"),
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", ["nonsense"], "10.0.0.1"),
        ("10.0.0.1", ["1.2.3.4, nonsense"], "10.0.0.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("fd00::1", ["1.2.3.4"], "1.2.3.4"),
        ("9.9.9.9", ["1.2.3.4"], "9.9.9.9"),
        ("::ffff:9.9.9.9", ["1.2.3.4"], "9.9.9.9"),
    ],
)
def test_address_is_that_of_who_asks(client: str, forwarded: Sequence[str], counted: str) -> None:
    proxies = networks("10.0.0.0/8, fd00::/8,")
    assert client_of(request_from(client, *forwarded), proxies) == counted


def test_proxy_that_is_no_address_is_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="somewhere"):
        Limits(Settings(data_dir=tmp_path, trusted_proxies="somewhere"))


def test_limits_that_are_off_count_nothing(hub: WholeHub) -> None:
    room = Room(hub, 0)
    assert {room.post("/sign-in").status_code for _ in range(30)} == {422}
